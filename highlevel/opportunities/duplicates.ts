import { getLocation } from '../connection/sub-account.ts';
import type { Client } from '../http/client.ts';
import { findJustCreated, readIfThere } from './just-created.ts';
import { recallKnown, rememberKnown } from './known.ts';
import { readFirst, readFirstWhole } from './read.ts';
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

/** Where an account allows several, a contact has rarely more in one pipeline. */
const MOST_OF_A_CONTACT = 20;
/** Which of several is meant: one that is still open, rather than one that was won. */
const ORDER = ['open', 'lost', 'abandoned', 'won'];

/**
 * The opportunity that a contact has in a pipeline, as it stands now: an open one first, a won one last, then the newest.
 * The one that was found last time is taken while it is open.
 */
export async function existingOpportunity(
  client: Client,
  { contactId, pipelineId }: { contactId: string; pipelineId: string },
): Promise<OpportunityRecord | null> {
  const knownId = await recallKnown(client, { contactId, pipelineId });
  const known = knownId ? await readIfThere(client, knownId) : null;
  if (known?.status === 'open' && known.contactId === contactId && known.pipelineId === pipelineId) {
    return known;
  }
  const records = await readFirstWhole(client, { where: { contactId, pipelineId }, rows: MOST_OF_A_CONTACT });
  const rank = ({ status }: OpportunityRecord) => ORDER.indexOf(status ?? 'open');
  const [best] = records
    .filter((record) => record.contactId === contactId && record.pipelineId === pipelineId)
    .sort((a, b) => rank(a) - rank(b));
  // The search may show it as it was some seconds ago. [measured by others]
  if (!best) return findJustCreated(client, { contactId, pipelineId });
  if (best.id !== knownId) await rememberKnown(client, { contactId, pipelineId }, best.id);
  return readIfThere(client, best.id);
}
