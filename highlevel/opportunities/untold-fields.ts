/**
 * Rows of a search that tell no custom field. Some have seen the search leave them out of every row [conflict], and then
 * only a read by id tells them; mostly, none of these opportunities has a value.
 */

import type { Client } from '../http/client.ts';
import { unlessGone } from '../http/problem.ts';
import { momentMs } from '../http/time.ts';
import type { OpportunityRecord } from './record.ts';
import { getOpportunity } from './requests.ts';

const LEAVES_OUT = 'search_leaves_out_fields';
/** Should the search tell them from now on, that shows in its rows at once. */
const REMEMBER_SECONDS = 24 * 60 * 60;
const LATELY_MS = 60 * 60 * 1000;
/** Of those edited lately so many are read by id: a first value is in one of them. Each is a request. */
const MOST_READ = 5;

/** Whether not one of the rows tells a custom field. */
export function tellNoFields(rows: OpportunityRecord[]): boolean {
  return rows.length > 0 && rows.every(({ customFields }) => customFields === undefined);
}

/** The row, having no value in any custom field. */
export function withoutFields(row: OpportunityRecord): OpportunityRecord {
  return { ...row, customFields: [] };
}

/**
 * The rows with no custom fields where none of them tells any and the read by id has none either; else as they came.
 *
 * @param rows the latest edited or created first
 * @param all whether those too that were not edited lately, of which a few reads say little
 */
export async function settleFields(
  client: Client,
  rows: OpportunityRecord[],
  all: boolean,
): Promise<OpportunityRecord[]> {
  if (!tellNoFields(rows) || (await client.recall<boolean>(LEAVES_OUT))) return rows;
  const isLate = new Set<string>();
  const latest = rows.filter((row, at) => at === 0 || isEditedLately(row));
  for (const row of latest.slice(0, MOST_READ)) {
    const record = await unlessGone(getOpportunity(client, row.id));
    if (!record?.customFields?.length) continue;
    if (momentMs(record.updatedAt) === momentMs(row.updatedAt)) {
      await client.remember(LEAVES_OUT, true, REMEMBER_SECONDS);
      return rows;
    }
    // The search shows an earlier state of this one. [measured by others]
    isLate.add(row.id);
  }
  const settled = new Set(all ? rows : latest);
  return rows.map((row) => (settled.has(row) && !isLate.has(row.id) ? withoutFields(row) : row));
}

function isEditedLately({ updatedAt }: OpportunityRecord): boolean {
  return Date.now() - momentMs(updatedAt) < LATELY_MS;
}
