import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { queryText } from '../http/query-text.ts';
import { type OpportunityRecord, opportunityRecord, type Status } from './record.ts';

/** Parameters are camelCase in v3. [spec] */
const SEARCH: Endpoint = {
  method: 'GET',
  path: '/opportunities/search',
  scope: 'opportunities.readonly',
  doing: 'search the opportunities',
  repeatable: true,
};

const GET: Endpoint = {
  method: 'GET',
  path: '/opportunities/{id}',
  scope: 'opportunities.readonly',
  doing: 'read the opportunity',
  repeatable: true,
};

/** What GET /opportunities/search can filter by. [spec] */
export interface SearchFilters {
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
export interface Cursor {
  startAfter: number | string;
  startAfterId: string;
}

export interface SearchPage {
  records: OpportunityRecord[];
  /** Where the next page starts; null when HighLevel names no place. */
  next: Cursor | null;
  total: number | null;
}

const searchAnswer = s.looseObject({
  opportunities: s.array(opportunityRecord),
  meta: s.nullish(
    s.looseObject({
      total: s.nullish(s.number()),
      startAfter: s.nullish(s.union([s.number(), s.string()])),
      startAfterId: s.nullish(s.string()),
    }),
  ),
});

export const MOST_PER_PAGE = 100;

/**
 * One page of opportunities, the newest created first.
 * A page can be named by its number too, from 1: that slips when opportunities are added meanwhile, and needs no memory. [spec]
 * `order=added_desc` is in the specification's example and in others' production code. [spec; measured by others]
 *
 * @param limit 1 to 100 rows [spec]
 */
export async function searchPage(
  client: Client,
  filters: SearchFilters,
  limit: number,
  place: Cursor | { page: number } | null,
): Promise<SearchPage> {
  const query = {
    locationId: client.locationId(),
    ...filters,
    q: filters.q && queryText(filters.q),
    order: 'added_desc',
    limit,
    ...(place ?? {}),
  };
  const { opportunities, meta } = await client.call(SEARCH, searchAnswer, { query });
  const next =
    meta?.startAfter != null && meta.startAfterId
      ? { startAfter: meta.startAfter, startAfterId: meta.startAfterId }
      : null;
  return { records: opportunities, next, total: meta?.total ?? null };
}

/** How reads and writes of one opportunity answer. [spec] */
export const oneOpportunity = s.looseObject({ opportunity: opportunityRecord });

/** One opportunity, as it stands now: unlike the search, this read has no lag. [measured by others] */
export async function getOpportunity(client: Client, id: string): Promise<OpportunityRecord> {
  return (await client.call(GET, oneOpportunity, { path: { id } })).opportunity;
}
