/** How pages of either search follow each other. */

import type { Client } from '../http/client.ts';
import { unlessGone } from '../http/problem.ts';
import { momentMs } from '../http/time.ts';
import { advancedSearch, MOST_PER_ADVANCED_PAGE, wantsPage } from './advanced-search.ts';
import { advancedFilters, type Criteria, countedBy, listFilters, meets } from './criteria.ts';
import { listSearch, MOST_PER_LIST_PAGE } from './list-search.ts';
import { type Page, SORT_FIELDS, type SortedReading } from './reading.ts';
import type { OpportunityRecord } from './record.ts';
import { getOpportunity } from './requests.ts';
import type { SearchRows } from './search-rows.ts';

/** One page as HighLevel gave it. */
export interface Found extends SearchRows {
  total: number | null;
  /** Whether it has as many rows as were asked for. */
  full: boolean;
  /** Where the next page starts; null where this one was the last. */
  next: unknown;
}

/** One of the searches, with its filters, ready to be read. */
export interface Search {
  kind: 'list' | 'advanced';
  first(): Promise<Found>;
  at(place: unknown): Promise<Found>;
}

/** Counts the requests of all that a reading does. */
interface Made {
  requests: number;
}

/** GET /opportunities/search, with those filters of the criteria that it has. */
export function byList(
  client: Client,
  { where, firstPage = MOST_PER_LIST_PAGE }: SortedReading,
  made: Made,
): Search {
  const filters = listFilters(where);
  const ask = (limit: number, place: Parameters<typeof listSearch>[3]) => {
    made.requests += 1;
    return listSearch(client, filters, limit, place);
  };
  return {
    kind: 'list',
    first: () => ask(Math.min(firstPage, MOST_PER_LIST_PAGE), null),
    at: (place) => ask(MOST_PER_LIST_PAGE, place as Parameters<typeof ask>[1]),
  };
}

/** POST /opportunities/search, with those filters of the criteria that it has. */
export function byAdvancedSearch(
  client: Client,
  { where, sort, firstPage = MOST_PER_ADVANCED_PAGE }: SortedReading,
  made: Made,
): Search {
  const filters = advancedFilters(where);
  const field = SORT_FIELDS[sort === 'any' ? 'createdAt' : sort];
  const ask = (limit: number, place: Parameters<typeof advancedSearch>[1]['place']) => {
    made.requests += 1;
    return advancedSearch(client, { filters, sort: { field, direction: 'desc' }, limit, place });
  };
  const limit = Math.min(firstPage, MOST_PER_ADVANCED_PAGE);
  return {
    kind: 'advanced',
    first: () =>
      ask(limit, null).catch((error) => {
        if (!wantsPage(error)) throw error;
        // The specification counts pages from 0 and the vendor's example from 1 [conflict]: so no row is skipped.
        return ask(MOST_PER_ADVANCED_PAGE, { page: 0 }).catch((again) => {
          if (!wantsPage(again)) throw again;
          return ask(MOST_PER_ADVANCED_PAGE, { page: 1 });
        });
      }),
    at: (place) => ask(MOST_PER_ADVANCED_PAGE, place as Parameters<typeof ask>[1]),
  };
}

/** Rows whose custom fields are not told are read by id, so many in a run at most: each is a request. */
const MOST_READ_BY_ID = 20;

/**
 * Page after page from the first one on, for as long as the caller asks for more and time is left.
 *
 * Rows were seen to come without the values of custom fields. [measured by others: two notes] Until a row has one, they
 * count as not told rather than as empty.
 */
export async function* pages(
  client: Client,
  { where, sort, until = Number.POSITIVE_INFINITY }: SortedReading,
  search: Search,
  first: Found,
  made: Made,
): AsyncGenerator<Page> {
  const seen = new Set<string>();
  const places = new Set<string>();
  const sorted = search.kind === 'advanced' || sort === 'any' || sort === 'createdAt';
  const counted = countedBy(search.kind, where);
  const decide = decider(client, where, search.kind, made);
  const odd = new Set<string>();
  let nothings = 0;
  let allDecided = true;
  let barren = 0;
  let tellsFields = false;
  for (let page = first; ; page = await search.at(page.next)) {
    // A page can repeat a row of the one before, and one of its own.
    const fresh = page.records.filter(({ id }) => !seen.has(id) && seen.add(id));
    const freshOdd = page.leftOut.filter((row) => row !== null && !odd.has(row) && odd.add(row));
    const empty = page.leftOut.filter((row) => row === null).length;
    nothings += empty;
    const leftOut = odd.size + nothings;
    if (page.leftOut.length > 0)
      client.log(
        `${page.leftOut.length} rows of a search had no id or were not as expected, and were left out`,
      );
    tellsFields ||= page.tellsFields;
    const told = tellsFields ? fresh : fresh.map(untold);
    const { records, undecided } = await decide(told);
    allDecided &&= !undecided;
    const looked = seen.size + leftOut;
    // A row with nothing in it cannot be told from the same one on the next page.
    // A full page can be followed by more whatever the total says, which may count that page alone or stop counting.
    const reached = page.total !== null && looked - nothings >= page.total && !page.full;
    // A page may repeat the one before, where pages are counted from another number; the next one is new then.
    barren = fresh.length + freshOdd.length + empty === 0 ? barren + 1 : 0;
    const place = JSON.stringify(page.next);
    const isPast = sort === 'createdAt' && isBefore(page.records.at(-1), where.created?.from);
    const ends =
      page.next === null ||
      isPast ||
      reached ||
      places.has(place) ||
      barren > (search.kind === 'advanced' && isNumbered(page.next) ? 1 : 0);
    const isLast = ends && allDecided && (isPast || page.total === null || looked >= page.total);
    places.add(place);
    yield {
      records: sort === 'any' || sort === 'createdAt' ? records : records.filter((record) => record[sort]),
      sorted,
      tellsFields,
      isLast,
      looked,
      leftOut,
      requests: made.requests,
      total: page.total,
      matching: counted && (page.total ?? 0) >= looked ? page.total : null,
      search: search.kind,
    };
    if (ends || Date.now() >= until) return;
  }
}

/** Whether it was created earlier than all that is asked for, as are those behind it in the order of creation. */
function isBefore(record: OpportunityRecord | undefined, from = Number.NEGATIVE_INFINITY): boolean {
  return momentMs(record?.createdAt) < from;
}

function untold({ customFields: _, ...record }: OpportunityRecord): OpportunityRecord {
  return record as OpportunityRecord;
}

function isNumbered(place: unknown): boolean {
  return typeof place === 'object' && place !== null && 'page' in place;
}

/**
 * Tells which rows meet the criteria. Where a row does not say what it has in its custom fields, a filter that HighLevel
 * itself applied is believed; else, and where it does not say why it was lost, the opportunity is read by its id.
 */
function decider(client: Client, where: Criteria, kind: Search['kind'], made: Made) {
  const { customField } = where;
  const believed = customField !== undefined && countedBy(kind, { customField });
  let reads = 0;
  return async (rows: OpportunityRecord[]) => {
    const records: OpportunityRecord[] = [];
    let undecided = false;
    for (const row of rows) {
      const verdict = meets(row, where, believed);
      if (verdict) records.push(row);
      if (verdict !== null) continue;
      reads += 1;
      if (reads > MOST_READ_BY_ID) {
        undecided = true;
        continue;
      }
      const whole = await readWhole(client, row, made);
      if (!whole) continue;
      const decided = meets({ ...whole, customFields: whole.customFields ?? [] }, where);
      if (decided) records.push(whole);
      undecided ||= decided === null;
    }
    return { records, undecided };
  };
}

/**
 * The row with the custom fields that the read by id has, where empty ones are left out [recorded], and with the lost
 * reason where only that read tells it [conflict]; null for one that is gone.
 */
async function readWhole(
  client: Client,
  row: OpportunityRecord,
  made: Made,
): Promise<OpportunityRecord | null> {
  made.requests += 1;
  const record = await unlessGone(getOpportunity(client, row.id));
  if (!record) return null;
  const { lostReasonId = record.lostReasonId } = row;
  return { ...row, customFields: record.customFields, lostReasonId };
}
