import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { call, type Endpoint } from './client.ts';
import { locationId } from './connection.ts';
import { type OpportunityRecord, opportunityRecord, type Status } from './opportunity.ts';

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

/** Without the trailing slash it is not found. [measured by others] There is no idempotency key. [measured by others] */
const CREATE: Endpoint = {
  method: 'POST',
  path: '/opportunities/',
  scope: 'opportunities.write',
  doing: 'create the opportunity',
  repeatable: false,
};

/** What GET /opportunities/search can filter by. [spec] */
export interface SearchFilters {
  /** Text in the deal or its contact; HighLevel takes 75 characters at most. [spec] */
  q?: string;
  pipelineId?: string;
  pipelineStageId?: string;
  contactId?: string;
  assignedTo?: string;
  status?: Status;
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
const LONGEST_QUERY = 75;

/**
 * One page of opportunities, the newest created first.
 * `order=added_desc` is in the specification's example and in others' production code. [spec; measured by others]
 *
 * @param limit 1 to 100 rows [spec]
 */
export async function searchPage(
  z: ZObject,
  bundle: Bundle,
  filters: SearchFilters,
  limit: number,
  cursor: Cursor | null,
): Promise<SearchPage> {
  const query = {
    locationId: locationId(z, bundle),
    ...filters,
    q: filters.q?.slice(0, LONGEST_QUERY),
    order: 'added_desc',
    limit,
    ...(cursor ?? {}),
  };
  const { opportunities, meta } = await call(z, bundle, SEARCH, searchAnswer, { query });
  const next =
    meta?.startAfter != null && meta.startAfterId
      ? { startAfter: meta.startAfter, startAfterId: meta.startAfterId }
      : null;
  return { records: opportunities, next, total: meta?.total ?? null };
}

const oneAnswer = s.looseObject({ opportunity: opportunityRecord });

/** One opportunity, as it stands now: unlike the search, this read has no lag. [measured by others] */
export async function getOpportunity(z: ZObject, bundle: Bundle, id: string): Promise<OpportunityRecord> {
  return (await call(z, bundle, GET, oneAnswer, { path: { id } })).opportunity;
}

/** What an opportunity can be created with. [spec: CreateDtoV3; `source` is disputed, see below] */
export interface NewOpportunity {
  contactId: string;
  pipelineId: string;
  name: string;
  status: Status;
  pipelineStageId?: string;
  monetaryValue?: number;
  assignedTo?: string;
  /** Not in the specification; some production code sends it, others say it is refused. [conflict] */
  source?: string;
  /** YYYY-MM-DD */
  forecastExpectedCloseDate?: string;
  /** Percent, 0 to 100. */
  forecastProbability?: number;
}

/**
 * Creates an opportunity. Never repeated: there is no way to tell HighLevel that it is the same one.
 *
 * @throws HaltedError with kind `duplicate` and `existingId` where the account allows one deal per contact and pipeline
 */
export async function createOpportunity(
  z: ZObject,
  bundle: Bundle,
  opportunity: NewOpportunity,
): Promise<OpportunityRecord> {
  const body = { ...opportunity, locationId: locationId(z, bundle) };
  return (await call(z, bundle, CREATE, oneAnswer, { body })).opportunity;
}
