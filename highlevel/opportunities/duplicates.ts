import type { Bundle, ZObject } from 'zapier-platform-core';
import { getLocation } from '../connection/sub-account.ts';
import { hasScope } from '../http/permissions.ts';
import type { OpportunityRecord } from './record.ts';
import { searchPage } from './requests.ts';

/**
 * The deal for which HighLevel would refuse another one of this contact in this pipeline, or null. The rule counts
 * deals of any status, and the pipeline, not the account. [measured by others]
 *
 * A deal made in the last seconds may be missing, because the search lags. [measured by others] Where the setting
 * cannot be read, a second deal counts as refused, as in a new account. [assumed]
 */
export async function dealInTheWay(
  z: ZObject,
  bundle: Bundle,
  { contactId, pipelineId }: { contactId: string; pipelineId: string },
): Promise<OpportunityRecord | null> {
  const { records } = await searchPage(z, bundle, { contactId, pipelineId }, 1, null);
  const existing = records.find(
    (record) => record.contactId === contactId && record.pipelineId === pipelineId,
  );
  if (!existing) return null;
  const allowed =
    hasScope(bundle, 'locations.readonly') &&
    (await getLocation(z, bundle)).settings?.allowDuplicateOpportunity === true;
  return allowed ? null : existing;
}
