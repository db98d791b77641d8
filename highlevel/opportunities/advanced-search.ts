import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { type Problem, problemOf } from '../http/problem.ts';
import { numeral, shown } from '../http/shapes.ts';
import { mayGoOn, nullAsNone, type SearchRows, searchRows } from './search-rows.ts';

/**
 * The one search that filters and sorts by the time of a change. Its filters and sorts are not in the OpenAPI (the
 * vendor calls them too complex to express, issue #256); they follow the vendor's page on it. [docs]
 */
const SEARCH: Endpoint = {
  method: 'POST',
  path: '/opportunities/search',
  scope: 'opportunities.readonly',
  doing: 'search the opportunities',
  repeatable: true,
};

/** Fields of the table in the vendor's page; custom fields are `custom_fields.{id}`. [docs] */
export type FilterField =
  | 'id'
  | 'name'
  | 'monetary_value'
  | 'pipeline_id'
  | 'pipeline_stage_id'
  | 'status'
  | 'lost_reason_id'
  | 'source'
  | 'assigned_to'
  | 'followers'
  | 'contact_id'
  | 'contact_name'
  | 'company_name'
  | 'email'
  | 'phone'
  | 'date_added'
  | 'date_updated'
  | 'last_status_change_date'
  | 'last_stage_change_date'
  | `custom_fields.${string}`;

export interface Range {
  gt?: string | number | undefined;
  gte?: string | number | undefined;
  lt?: string | number | undefined;
  lte?: string | number | undefined;
}

/**
 * A value of the wrong shape is answered with no rows, not with an error [measured by others], so each operator's
 * shape is fixed here: `source` takes an array with the exact text, `name contains` a bare text, a range an object.
 */
export type Filter =
  | { field: FilterField; operator: 'eq' | 'not_eq'; value: string | number | string[] }
  | { field: FilterField; operator: 'contains' | 'not_contains'; value: string }
  | { field: FilterField; operator: 'range'; value: Range }
  | { field: FilterField; operator: 'exists' | 'not_exists' }
  | { group: 'AND' | 'OR'; filters: Filter[] };

export interface Sort {
  field:
    | 'date_added'
    | 'date_updated'
    | 'name'
    | 'monetary_value'
    | 'last_status_change_date'
    | 'last_stage_change_date';
  direction: 'asc' | 'desc';
}

interface AdvancedQuery {
  filters: Filter[];
  sort: Sort;
  /** 1 to 500 rows. [docs] */
  limit: number;
  place: Place | null;
}

/** Where a page starts: behind the `sort` of the last row before it [docs], or at a number. */
type Place = { searchAfter: unknown[] } | { page: number };

export interface AdvancedPage extends SearchRows {
  /** How many match in all. */
  total: number | null;
  /** Whether it has as many rows as were asked for. */
  full: boolean;
  /** Where the next page starts; null where this one was the last. */
  next: Place | null;
}

export const MOST_PER_ADVANCED_PAGE = 500;

const answer = s.lazy(() =>
  s.pipe(nullAsNone, s.looseObject({ opportunities: searchRows, total: shown(s.nullish(numeral)) })),
);

/**
 * One page of the advanced search. HighLevel answers 201 for it. [recorded]
 *
 * Paging is by `searchAfter`, which reaches beyond 10,000 rows where page numbers end, and does not slip when rows
 * move while reading. No `page` is sent unless the place is one: the specification counts pages from 0 and the vendor's
 * example from 1 [conflict], so that a number could skip the newest rows without a word. It is optional. [docs]
 */
export async function advancedSearch(
  client: Client,
  { filters, sort, limit, place }: AdvancedQuery,
): Promise<AdvancedPage> {
  const body = {
    locationId: client.locationId(),
    query: '',
    limit,
    ...place,
    ...(filters.length > 0 ? { filters } : {}),
    sort: [sort],
    additionalDetails: { notes: false, tasks: false, calendarEvents: false, unReadConversations: false },
  };
  const { opportunities, total = null } = await client.call(SEARCH, answer, { body });
  const full = opportunities.records.length + opportunities.leftOut.length >= limit;
  const next = full || mayGoOn(opportunities, total) ? nextPlace(place, opportunities.lastSort) : null;
  return { ...opportunities, total, full, next };
}

/** A full page that tells no place is not the end: by number 1 the next is the second page, or the first once more. [conflict] */
function nextPlace(place: Place | null, searchAfter: unknown[] | null): Place {
  if (place && 'page' in place) return { page: place.page + 1 };
  return searchAfter ? { searchAfter } : { page: 1 };
}

/**
 * Whether an error may mean that HighLevel refuses this search as such, or what it was asked, and not this token: 401
 * "This route is not yet supported by the IAM Service" was seen in July 2025 [issue #74], 400 and 422 are how filters
 * are refused [measured by others], and 403, 404 and 410 are how an endpoint is. Core hides what a sign-in's 401 says, so
 * only another request can tell an expired token from a refusal: if that one is answered, it was a refusal.
 * [source: core, throw-for-stale-auth]
 */
export function mayBeRefused(error: unknown): boolean {
  const { status } = refusal(error);
  return [400, 401, 403, 404, 410, 422].includes(status) || isExpiredToken(error);
}

/** Whether the refusal asks for a page number, which the specification marks as required. [spec] */
export function wantsPage(error: unknown): boolean {
  const { status, messages } = refusal(error);
  return [400, 422].includes(status) && messages.some((message) => /\bpage\b/.test(message));
}

/** Whether the endpoint itself is refused, whatever is asked of it. */
export function isEndpointRefused(error: unknown): boolean {
  const { status, messages } = refusal(error);
  return (
    isExpiredToken(error) ||
    [401, 403, 404, 410].includes(status) ||
    messages.some((message) => /endpoint has been removed/i.test(message))
  );
}

function refusal(error: unknown): Pick<Problem, 'status' | 'messages'> {
  return problemOf(error) ?? { status: 0, messages: [] };
}

function isExpiredToken(error: unknown): boolean {
  return error instanceof Error && error.name === 'RefreshAuthError';
}
