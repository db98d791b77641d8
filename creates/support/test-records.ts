/** What an earlier step in Test Mode would have made, for the steps after it. */

import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import type { HighLevel } from '../../highlevel/connect.ts';
import type { ContactRecord } from '../../highlevel/contacts/record.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** Whether an id is of a record that was never made, in a step that writes nothing either. */
export function isTestId(id: string, test: boolean): boolean {
  return test && id === TEST_ID;
}

export function testOpportunity({ locationId }: HighLevel): OpportunityRecord {
  return { id: TEST_ID, name: null, status: 'open', contactId: TEST_ID, locationId: locationId() };
}

/** The contact as it is; of one that was never made nothing is known but the id. */
export async function readOrTestContact(
  { contacts }: HighLevel,
  id: string,
  test: boolean,
): Promise<ContactRecord> {
  return isTestId(id, test) ? { id } : contacts.get(id);
}

/** An opportunity or a contact as it is shown; one that was never made has no page that a link could lead to. */
export function withoutTestLink<T extends { id: string; url: string | null }>(shown: T): T {
  return shown.id === TEST_ID ? { ...shown, url: null } : shown;
}
