import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { queryText } from '../http/query-text.ts';
import { numeral, shown, textOrNumber } from '../http/shapes.ts';
import type { Status } from './record.ts';
import { mayGoOn, nullAsNone, type SearchRows, searchRows } from './search-rows.ts';

/** Parameters are camelCase in v3. [spec] */
const SEARCH: Endpoint = {
  method: 'GET',
  path: '/opportunities/search',
  scope: 'opportunities.readonly',
  doing: 'search the opportunities',
  repeatable: true,
};

/** What GET /opportunities/search can filter by. [spec] */
export interface ListFilters {
  /** Text in the opportunity or its contact; HighLevel takes 75 characters at most. [spec] */
  q?: string;
  pipelineId?: string;
  pipelineStageId?: string;
  contactId?: string;
  assignedTo?: string;
  status?: Status;
  /** The last day of creation, as mm-dd-yyyy: in any other form it does not filter. [spec; measured by others] */
  endDate?: string;
}

/** Both halves are needed: with `startAfter` alone HighLevel repeats the first page. [issue PipedreamHQ/pipedream#21941] */
interface Cursor {
  startAfter: number | string;
  startAfterId: string;
}

/** Behind a row, or at a page's number, from 1. */
type Place = Cursor | { page: number };

export interface ListPage extends SearchRows {
  /** Whether it has as many rows as were asked for. */
  full: boolean;
  /** Where the next page starts; null where this one was the last. */
  next: Place | null;
  total: number | null;
}

const searchAnswer = s.lazy(() =>
  s.pipe(
    nullAsNone,
    s.looseObject({
      opportunities: searchRows,
      meta: shown(
        s.nullish(
          s.looseObject({
            total: shown(s.nullish(numeral)),
            startAfter: shown(s.nullish(s.union([s.number(), s.string()]))),
            startAfterId: shown(textOrNumber),
          }),
        ),
      ),
    }),
  ),
);

export const MOST_PER_LIST_PAGE = 100;

/**
 * One page of opportunities, the newest created first.
 * A page can be named by its number too, from 1: that slips when opportunities are added meanwhile, and needs no memory. [spec]
 * `order=added_desc` is in the specification's example and in others' production code. [spec; measured by others]
 *
 * @param limit 1 to 100 rows [spec]
 */
export async function listSearch(
  client: Client,
  filters: ListFilters,
  limit: number,
  place: Place | null,
): Promise<ListPage> {
  const query = {
    locationId: client.locationId(),
    ...filters,
    q: filters.q && queryText(filters.q),
    order: 'added_desc',
    limit,
    ...(place ?? {}),
  };
  const { opportunities, meta } = await client.call(SEARCH, searchAnswer, { query });
  const full = opportunities.records.length + opportunities.leftOut.length >= limit;
  // A full page without a cursor is not the end: its last row makes one [recorded], or else pages are counted.
  const next =
    meta?.startAfter != null && meta.startAfterId
      ? { startAfter: meta.startAfter, startAfterId: meta.startAfterId }
      : (opportunities.lastCreated ?? numberAfter(place, limit));
  const total = meta?.total ?? null;
  // A cursor can follow even the last page. [measured by others]
  return { ...opportunities, full, next: full || mayGoOn(opportunities, total) ? next : null, total };
}

/** The number of the page after one; a first page that was shorter than the others is begun once more. */
function numberAfter(place: Place | null, limit: number): Place {
  if (place && 'page' in place) return { page: place.page + 1 };
  return { page: limit < MOST_PER_LIST_PAGE ? 1 : 2 };
}
