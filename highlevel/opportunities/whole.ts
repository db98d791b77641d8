/**
 * A read by id leaves empty keys out [recorded], and some have seen it leave out the custom fields and the lost reason of
 * every opportunity, while the rows of the search have them; others the other way round. [conflict] So what the read
 * does not tell is looked for in the search, by one request more.
 */

import { opportunityFields } from '../account/custom-fields.ts';
import { orNone } from '../account/lookup.ts';
import { afterAPart } from '../http/attempts.ts';
import type { Client } from '../http/client.ts';
import { problemOf, unlessGone } from '../http/problem.ts';
import { momentMs } from '../http/time.ts';
import { readFirst } from './read.ts';
import type { OpportunityRecord } from './record.ts';
import { getOpportunity } from './requests.ts';

const TELLS = 'read_by_id_tells_fields';
/** Should the read by id leave them out from now on, that is noticed within the day. */
const REMEMBER_SECONDS = 24 * 60 * 60;

/**
 * One opportunity as it stands now, with its custom fields and its lost reason where HighLevel tells them anywhere.
 *
 * @throws HaltedError with kind `not_found` for one that is gone
 */
export async function getWhole(client: Client, id: string): Promise<OpportunityRecord> {
  const record = await withFields(client, await getOpportunity(client, id));
  const lacks = (await lacksFields(client, record)) || lacksReason(record);
  if (!lacks) return record;
  const row = await rowOf(client, record);
  // The search runs behind: what it shows of an earlier state could be an earlier value. [measured by others]
  if (!row || momentMs(row.updatedAt) !== momentMs(record.updatedAt)) return record;
  // Where neither tells any custom field it has none: nobody has seen both leave them out.
  const { customFields = row.customFields ?? [], lostReasonId = row.lostReasonId } = record;
  return { ...record, customFields, lostReasonId };
}

/**
 * As `getWhole`, after a write: where it cannot be read, what is known of it, and no error, because it was saved.
 *
 * @throws HaltedError with kind `not_found` for one that is gone, which may be answered as if it had been changed
 */
export async function getAfterWrite(client: Client, known: OpportunityRecord): Promise<OpportunityRecord> {
  try {
    return await getWhole(client, known.id);
  } catch (error) {
    const kind = problemOf(error)?.kind;
    if (!kind || kind === 'not_found') throw afterAPart(error);
    client.log('the opportunity was changed, and could not be read again');
    return known;
  }
}

/** As `getWhole`, or null where it is gone. */
export async function getWholeIfThere(client: Client, id: string): Promise<OpportunityRecord | null> {
  return unlessGone(getWhole(client, id));
}

/** Where the read by id was seen to tell custom fields, one that tells none has none, and costs no search. */
async function withFields(client: Client, record: OpportunityRecord): Promise<OpportunityRecord> {
  const { customFields } = record;
  if (customFields?.length === 0) return record;
  const tells = (await client.recall<boolean>(TELLS)) === true;
  if (customFields === undefined) return tells ? { ...record, customFields: [] } : record;
  if (!tells) await client.remember(TELLS, true, REMEMBER_SECONDS);
  return record;
}

/** Only a lost opportunity has a reason. [measured by others] */
function lacksReason({ status, lostReasonId }: OpportunityRecord): boolean {
  return status === 'lost' && lostReasonId === undefined;
}

/** A sub-account without custom fields has nothing to tell of them. */
async function lacksFields(client: Client, { customFields }: OpportunityRecord): Promise<boolean> {
  if (customFields !== undefined || !client.hasScope('locations/customFields.readonly')) return false;
  return (await orNone(opportunityFields.all(client))).length > 0;
}

/** Its row of the search; null where that has none, or cannot be had: what it would add is not worth an error. */
async function rowOf(
  client: Client,
  { id, contactId, pipelineId }: OpportunityRecord,
): Promise<OpportunityRecord | null> {
  const where = { id, contactId: contactId ?? undefined, pipelineId: pipelineId ?? undefined };
  const [row] = await readFirst(client, { where, rows: 1 }).catch(() => []);
  return row ?? null;
}
