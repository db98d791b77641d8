import { getLocation } from '../connection/sub-account.ts';
import type { Client } from '../http/client.ts';
import { readFirst } from './read.ts';
import type { OpportunityRecord } from './record.ts';

/**
 * The opportunity for which HighLevel would refuse another one of this contact in this pipeline, or null. The rule counts
 * opportunities of any status, and the pipeline, not the account. [measured by others]
 *
 * An opportunity made in the last seconds may be missing, because the search lags. [measured by others] Where the setting
 * cannot be read, a second opportunity counts as refused, as in a new account. [assumed]
 */
export async function opportunityInTheWay(
  client: Client,
  { contactId, pipelineId }: { contactId: string; pipelineId: string },
): Promise<OpportunityRecord | null> {
  const records = await readFirst(client, { where: { contactId, pipelineId }, rows: 1 });
  const existing = records.find(
    (record) => record.contactId === contactId && record.pipelineId === pipelineId,
  );
  if (!existing) return null;
  const allowed =
    client.hasScope('locations.readonly') &&
    (await getLocation(client)).settings?.allowDuplicateOpportunity === true;
  return allowed ? null : existing;
}
