import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import type { HighLevel } from '../../highlevel/connect.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** What an earlier step in Test Mode would have made, for the steps after it. */

/** Whether an id is of a record that was never made, in a step that writes nothing either. */
export function isTestId(id: string, test: boolean): boolean {
  return test && id === TEST_ID;
}

export function testOpportunity({ locationId }: HighLevel): OpportunityRecord {
  return { id: TEST_ID, name: null, status: 'open', contactId: TEST_ID, locationId: locationId() };
}

/** An opportunity as it is shown; one that was never made has no page that a link could lead to. */
export function withoutTestLink<T extends { id: string; url: string | null }>(opportunity: T): T {
  return opportunity.id === TEST_ID ? { ...opportunity, url: null } : opportunity;
}
