import type { Client } from '../http/client.ts';
import { type AdvancedQuery, advancedSearch } from './advanced-search.ts';
import type { OpportunityRecord } from './record.ts';
import { type Cursor, MOST_PER_PAGE, type SearchFilters, searchPage } from './requests.ts';

export interface Reading {
  /** Rows of the first page: 1 to 100, or to 500 of the advanced search. 100 if absent. */
  pageSize?: number;
  /** Rows of each further page; as the first if absent. */
  nextPageSize?: number;
  mostPages: number;
  /** Whether to read on after a full page. */
  readOn: (page: OpportunityRecord[]) => boolean;
}

/** A step or a poll has 30 s in all on Zapier [docs]: what was read until then is worth more than a timeout. */
export const NO_NEW_PAGE_AFTER_MS = 15_000;

/** Reads opportunities newest created first, page after page with the same filters. */
export function readNewest(
  client: Client,
  filters: SearchFilters,
  reading: Reading,
): Promise<OpportunityRecord[]> {
  return readPages<Cursor>(reading, (limit, cursor) => searchPage(client, filters, limit, cursor));
}

/** Reads opportunities of the advanced search in its order, page after page with the same filters. */
export function readSorted(
  client: Client,
  search: Pick<AdvancedQuery, 'query' | 'filters' | 'sort'>,
  reading: Reading,
): Promise<OpportunityRecord[]> {
  return readPages<unknown[]>(reading, (limit, after) => advancedSearch(client, { ...search, limit, after }));
}

/**
 * Reads one page after another.
 *
 * It stops on a short page (a cursor can follow even the last one [measured by others]), on a cursor that it has
 * had before, and where `readOn` says so. A row that slid onto the next page while reading is taken once.
 */
async function readPages<C>(
  { pageSize = MOST_PER_PAGE, nextPageSize = pageSize, mostPages, readOn }: Reading,
  readPage: (limit: number, cursor: C | null) => Promise<{ records: OpportunityRecord[]; next: C | null }>,
): Promise<OpportunityRecord[]> {
  const found = new Map<string, OpportunityRecord>();
  const seen = new Set<string>();
  const begun = Date.now();
  let cursor: C | null = null;
  for (let page = 0; page < mostPages && Date.now() - begun < NO_NEW_PAGE_AFTER_MS; page++) {
    const limit = page === 0 ? pageSize : nextPageSize;
    const { records, next } = await readPage(limit, cursor);
    for (const record of records) if (!found.has(record.id)) found.set(record.id, record);
    if (records.length < limit || !next || !readOn(records)) break;
    const place = JSON.stringify(next);
    if (seen.has(place)) break;
    seen.add(place);
    cursor = next;
  }
  return [...found.values()];
}
