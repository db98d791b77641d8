import { getLocation } from '../connection/sub-account.ts';
import type { Client } from '../http/client.ts';
import { meets } from './criteria.ts';
import { findJustCreated, readIfThere } from './just-created.ts';
import { recallKnown, rememberKnown } from './known.ts';
import { readFirstWhole } from './read.ts';
import { isStatus, type OpportunityRecord } from './record.ts';

/**
 * The opportunity for which HighLevel would refuse another one of this contact in this pipeline, or null. The rule counts
 * opportunities of any status, and the pipeline, not the account. [measured by others]
 *
 * An opportunity made in the last seconds may be missing, because the search lags. [measured by others] Where the setting
 * cannot be read, a second opportunity counts as refused, as in a new account. [assumed]
 *
 * @throws errors.Error where a row of the search does not tell which opportunity it is
 */
export async function opportunityInTheWay(
  client: Client,
  { contactId, pipelineId }: { contactId: string; pipelineId: string },
): Promise<OpportunityRecord | null> {
  const { records, leftOut } = await readFirstWhole(client, { where: { contactId, pipelineId }, rows: 1 });
  const [existing] = records;
  if (!existing && leftOut === 0) return null;
  if (client.hasScope('locations.readonly') && (await allowsSeveral(client))) return null;
  if (!existing) throw whichIsMeant(client);
  return existing;
}

async function allowsSeveral(client: Client): Promise<boolean> {
  return (await getLocation(client)).settings?.allowDuplicateOpportunity === true;
}

function whichIsMeant({ errors }: Client): Error {
  return new errors.Error(
    'HighLevel gave an opportunity of this contact without its ID, or with values or dates that this integration cannot read, so ' +
      'it cannot tell which opportunity is meant. Nothing was changed. Replay the step later; if this goes on, change the ' +
      'opportunity with Update Opportunity, by its ID.',
    'unreadable',
    503,
  );
}

/** Where an account allows several, a contact has rarely more in one pipeline. */
const MOST_OF_A_CONTACT = 20;
const UNKNOWN = 'unknown';
/** Which of several is meant: one that is still open, rather than one that was won; one of an unknown status may be won. */
const ORDER = ['open', 'lost', 'abandoned', UNKNOWN, 'won'];

/**
 * The opportunity that a contact has in a pipeline, as it stands now: an open one first, a won one last, then the newest.
 * The one that was found last time is taken while it is open.
 *
 * @throws errors.Error where a row of the search does not tell which opportunity it is
 */
export async function existingOpportunity(
  client: Client,
  { contactId, pipelineId }: { contactId: string; pipelineId: string },
): Promise<OpportunityRecord | null> {
  const knownId = await recallKnown(client, { contactId, pipelineId });
  const known = knownId ? await readIfThere(client, knownId) : null;
  if (known && meets(known, { status: 'open', contactId, pipelineId })) return known;
  const { records, leftOut } = await readFirstWhole(client, {
    where: { contactId, pipelineId },
    rows: MOST_OF_A_CONTACT,
  });
  if (leftOut > 0 && (records.length > 0 || !(await refusesSecond(client)))) throw whichIsMeant(client);
  const told = await Promise.all(records.map((record) => withStatus(client, record)));
  const rank = ({ status }: OpportunityRecord) => ORDER.indexOf(isStatus(status) ? status : UNKNOWN);
  const [best] = told.filter((record) => record !== null).sort((a, b) => rank(a) - rank(b));
  // The search may show it as it was some seconds ago. [measured by others]
  if (!best) return findJustCreated(client, { contactId, pipelineId });
  if (best.id !== knownId) await rememberKnown(client, { contactId, pipelineId }, best.id);
  return readIfThere(client, best.id);
}

/** A row that tells no status that is known is read by its id; null where it is gone. */
async function withStatus(client: Client, record: OpportunityRecord): Promise<OpportunityRecord | null> {
  return isStatus(record.status) ? record : readIfThere(client, record.id);
}

/** Where HighLevel is known to refuse a second one, its refusal names the first. [measured by others] */
async function refusesSecond(client: Client): Promise<boolean> {
  if (!client.hasScope('locations.readonly')) return false;
  return !(await allowsSeveral(client).catch(() => true));
}
