import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { problemOf } from '../http/problem.ts';
import { type OpportunityRecord, opportunityRecord } from './record.ts';
import type { SearchFilters } from './requests.ts';

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
type FilterField =
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
  gt?: string | number;
  gte?: string | number;
  lt?: string | number;
  lte?: string | number;
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

export interface AdvancedQuery {
  /** Text in the opportunity or its contact, 75 characters at most. [docs] */
  query?: string;
  filters?: Filter[];
  sort?: Sort;
  /** 1 to 500 rows. [docs] */
  limit: number;
  /** The `sort` of the last row before this page; null for the first page. [docs] */
  after?: unknown[] | null;
}

export interface AdvancedPage {
  records: OpportunityRecord[];
  /** How many match in all. */
  total: number | null;
  /** What to pass as `after` for the next page; null when this is the last. */
  next: unknown[] | null;
}

export const MOST_PER_ADVANCED_PAGE = 500;

const answer = s.looseObject({ opportunities: s.array(opportunityRecord), total: s.nullish(s.number()) });

/**
 * One page of the advanced search. HighLevel answers 201 for it. [recorded]
 *
 * Paging is by `searchAfter`, which reaches beyond 10,000 rows where page numbers end, and does not slip when rows
 * move while reading. No `page` is sent, not even for the first one: the specification counts pages from 0 and the
 * vendor's example from 1 [conflict], so that a number could skip the newest rows without a word. It is optional. [docs]
 */
export async function advancedSearch(client: Client, search: AdvancedQuery): Promise<AdvancedPage> {
  const body = {
    locationId: client.locationId(),
    query: search.query ?? '',
    limit: search.limit,
    ...(search.after ? { searchAfter: search.after } : {}),
    ...(search.filters?.length ? { filters: search.filters } : {}),
    ...(search.sort ? { sort: [search.sort] } : {}),
    additionalDetails: { notes: false, tasks: false, calendarEvents: false, unReadConversations: false },
  };
  const { opportunities, total } = await client.call(SEARCH, answer, { body });
  const full = opportunities.length === search.limit;
  return {
    records: opportunities,
    total: total ?? null,
    next: full ? (opportunities.at(-1)?.sort ?? null) : null,
  };
}

/**
 * The plain filters in this search's words. Each value is bare, as in the examples of the vendor's page. [docs]
 * Text and days are not among them: they are no filters here.
 */
export function asFilters({
  pipelineId,
  pipelineStageId,
  contactId,
  assignedTo,
  status,
}: SearchFilters): Filter[] {
  const wanted: [FilterField, string | undefined][] = [
    ['pipeline_id', pipelineId],
    ['pipeline_stage_id', pipelineStageId],
    ['contact_id', contactId],
    ['assigned_to', assignedTo],
    ['status', status],
  ];
  return wanted.flatMap(([field, value]) => (value ? [{ field, operator: 'eq', value }] : []));
}

/**
 * Whether an error may mean that HighLevel refuses this search as such, and not this token: `401 This route is not yet
 * supported by the IAM Service` was seen in July 2025 [issue #74], and 422 would mean that the undocumented filters
 * changed. Core hides what a 401 says, so only another request can tell an expired token from a refusal: if that one
 * is answered, it was a refusal. [source: core, throw-for-stale-auth]
 */
export function mayBeRefused(error: unknown): boolean {
  return (error instanceof Error && error.name === 'RefreshAuthError') || problemOf(error)?.status === 422;
}
