import type { Client } from '../http/client.ts';
import { asFilters, mayBeRefused, type Sort } from './advanced-search.ts';
import { type Reading, readNewest, readSorted } from './paging.ts';
import type { OpportunityRecord } from './record.ts';
import type { SearchFilters } from './requests.ts';

/** The moments of an opportunity's life that HighLevel keeps and can sort by. [docs: the vendor's page on the search] */
const FIELDS = {
  lastStageChangeAt: 'last_stage_change_date',
  lastStatusChangeAt: 'last_status_change_date',
  updatedAt: 'date_updated',
} as const satisfies Partial<Record<keyof OpportunityRecord, Sort['field']>>;

export type Moment = keyof typeof FIELDS;

/** On creation these moments were recorded as equal to the creation or 1 ms later. [recorded] */
const CREATION_DRIFT_MS = 2000;

/** Whether a moment is a change of an opportunity that was there already, and not its creation. */
export function happenedAfterCreation(record: OpportunityRecord, moment: Moment): boolean {
  const happened = Date.parse(record[moment] ?? '');
  // Where HighLevel names no creation there is nothing to take the change for.
  return happened - Date.parse(record.createdAt || '1970-01-01') > CREATION_DRIFT_MS;
}

export interface MomentQuery {
  moment: Moment;
  filters: SearchFilters;
  /** Only opportunities whose moment is earlier than this; any time if absent. */
  before?: Date;
  /** How to read the opportunities by their moment. */
  reading: Reading;
  /** How to read the newest opportunities, should HighLevel refuse the search by moments. */
  fallback: Reading;
}

/** While HighLevel refuses, each poll would cost a request in vain; once it no longer does, that shows within the hour. */
const REMEMBER_REFUSAL_SECONDS = 60 * 60;
const REFUSED = 'advanced_search_refused';

/**
 * Opportunities by the time of a moment, the latest first; one without that moment is left out.
 *
 * Only the advanced search can do this, and it is outside the specification: where HighLevel refuses it, the newest
 * opportunities by creation take its place, read by the search that the specification has. A filter that it no longer
 * understands is answered with no rows instead of an error [measured by others], so an answer without rows is
 * believed only once the other search finds nothing either.
 */
export async function readByMoment(client: Client, query: MomentQuery): Promise<OpportunityRecord[]> {
  if (await client.recall<boolean>(REFUSED)) return readNewestInstead(client, query, query.fallback);
  const found = await search(client, query);
  if (found && found.length > 0) return found;
  const glance = found ? { mostPages: 1, readOn: () => false } : query.fallback;
  // Where the token has expired this ends as the search did, and core refreshes it.
  const instead = await readNewestInstead(client, query, glance);
  if (found && instead.length === 0) return [];
  await client.remember(REFUSED, true, REMEMBER_REFUSAL_SECONDS);
  return found ? readNewestInstead(client, query, query.fallback) : instead;
}

/** Null where HighLevel may refuse the search as such. */
async function search(client: Client, query: MomentQuery): Promise<OpportunityRecord[] | null> {
  const field = FIELDS[query.moment];
  const filters = asFilters(query.filters);
  if (query.before) filters.push({ field, operator: 'range', value: { lt: query.before.toISOString() } });
  const sort: Sort = { field, direction: 'desc' };
  try {
    const records = await readSorted(client, { filters, sort }, query.reading);
    return latestFirst(records, query.moment) ? kept(records, query) : null;
  } catch (error) {
    if (mayBeRefused(error)) return null;
    throw error;
  }
}

/** A sort that HighLevel no longer knows would be left out without a word, and hide each change of an older opportunity. */
function latestFirst(records: OpportunityRecord[], moment: Moment): boolean {
  const times = records
    .map((record) => Date.parse(record[moment] ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.every((time, index) => index === 0 || time <= (times[index - 1] ?? time));
}

async function readNewestInstead(
  client: Client,
  query: MomentQuery,
  reading: Reading,
): Promise<OpportunityRecord[]> {
  // An opportunity is older than any moment of its own, so that younger ones need not be read; a day more, as zones differ.
  const endDate = query.before && monthDayYear(new Date(query.before.getTime() + 24 * 60 * 60 * 1000));
  return kept(await readNewest(client, { ...query.filters, endDate }, reading), query);
}

function kept(records: OpportunityRecord[], { moment, before }: MomentQuery): OpportunityRecord[] {
  const limit = before?.getTime() ?? Number.POSITIVE_INFINITY;
  return records.filter((record) => Date.parse(record[moment] ?? '') < limit);
}

function monthDayYear(date: Date): string {
  const [year, month, day] = date.toISOString().slice(0, 10).split('-');
  return `${month}-${day}-${year}`;
}
