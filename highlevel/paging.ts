import type { Bundle, ZObject } from 'zapier-platform-core';
import { type Cursor, MOST_PER_PAGE, type SearchFilters, searchPage } from './opportunities.ts';
import type { OpportunityRecord } from './opportunity.ts';

export interface Reading {
  /** Rows a page, 1 to 100. */
  pageSize?: number;
  mostPages: number;
  /** Whether to read on after a full page. */
  readOn: (page: OpportunityRecord[]) => boolean;
}

/**
 * Reads opportunities newest created first, page after page with the same filters.
 *
 * It stops on a short page (a cursor can follow even the last one [measured by others]), on a cursor that it has
 * had before, and where `readOn` says so. A row that slid onto the next page while reading is taken once.
 */
export async function readNewest(
  z: ZObject,
  bundle: Bundle,
  filters: SearchFilters,
  { pageSize = MOST_PER_PAGE, mostPages, readOn }: Reading,
): Promise<OpportunityRecord[]> {
  const found = new Map<string, OpportunityRecord>();
  const seen = new Set<string>();
  let cursor: Cursor | null = null;
  for (let page = 0; page < mostPages; page++) {
    const { records, next } = await searchPage(z, bundle, filters, pageSize, cursor);
    for (const record of records) if (!found.has(record.id)) found.set(record.id, record);
    if (records.length < pageSize || !next || !readOn(records)) break;
    const place = JSON.stringify(next);
    if (seen.has(place)) break;
    seen.add(place);
    cursor = next;
  }
  return [...found.values()];
}
