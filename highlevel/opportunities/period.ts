import type { Client } from '../http/client.ts';
import {
  advancedSearch,
  asFilters,
  type Filter,
  MOST_PER_ADVANCED_PAGE,
  mayBeRefused,
} from './advanced-search.ts';
import type { OpportunityRecord } from './record.ts';
import { type Cursor, MOST_PER_PAGE, searchPage } from './requests.ts';

export interface OpportunitiesWanted {
  /** All pipelines if absent. */
  pipelineId?: string;
  /** ms since the epoch */
  from: number;
  /** ms since the epoch, the first moment after the period. */
  before: number;
  /** When the step began, in ms since the epoch: it has 30 s in all on Zapier. [docs] */
  startedAt: number;
}

export interface OpportunitiesRead<T> {
  opportunities: T[];
  requests: number;
}

/** Time left for the rest of the step, of the 30 s that Zapier gives it. [docs] */
const BUDGET_MS = 25_000;

/** 50 requests, half of what a location has in 10 s. [docs] */
const MOST_LISTED = 5000;

/**
 * Every opportunity that is open, and every other one that was created or changed its status within the period: each once,
 * 500 in a request, so that no opportunity that says nothing about the period is read.
 *
 * All of them or an error. Where HighLevel refuses the advanced search, or answers it with nothing while there are
 * open opportunities (as it answers a filter that it does not understand [measured by others]), the whole account is listed
 * instead, if it is small enough; then opportunities outside the period are among the result.
 *
 * @param keep what to keep of a record; whole ones of a large account would fill the memory
 * @throws errors.Error where time runs out, the account is too large to be listed, or rows are missing
 */
export async function readOpportunitiesOfPeriod<T>(
  client: Client,
  wanted: OpportunitiesWanted,
  keep: (record: OpportunityRecord) => T,
): Promise<OpportunitiesRead<T>> {
  try {
    const found = await searched(client, wanted, keep);
    if (found.opportunities.length > 0) return found;
    const filters = { pipelineId: wanted.pipelineId, status: 'open' } as const;
    const glance = await searchPage(client, filters, 1, null);
    if (glance.records.length === 0) return { opportunities: [], requests: found.requests + 1 };
  } catch (error) {
    if (!mayBeRefused(error)) throw error;
  }
  return listed(client, wanted, keep);
}

function searched<T>(client: Client, wanted: OpportunitiesWanted, keep: (record: OpportunityRecord) => T) {
  const range = {
    gte: new Date(wanted.from).toISOString(),
    lt: new Date(wanted.before).toISOString(),
  };
  const filters: Filter[] = [
    ...asFilters({ pipelineId: wanted.pipelineId }),
    {
      group: 'OR',
      filters: [
        ...asFilters({ status: 'open' }),
        { field: 'date_added', operator: 'range', value: range },
        { field: 'last_status_change_date', operator: 'range', value: range },
      ],
    },
  ];
  const sort = { field: 'date_added', direction: 'desc' } as const;
  return readWhole<unknown[], T>(client, wanted, keep, Number.POSITIVE_INFINITY, (after) =>
    advancedSearch(client, { filters, sort, limit: MOST_PER_ADVANCED_PAGE, after }),
  );
}

function listed<T>(client: Client, wanted: OpportunitiesWanted, keep: (record: OpportunityRecord) => T) {
  return readWhole<Cursor, T>(client, wanted, keep, MOST_LISTED, async (place) => {
    const filters = { pipelineId: wanted.pipelineId };
    const page = await searchPage(client, filters, MOST_PER_PAGE, place);
    // A cursor can follow even the last page. [measured by others]
    return page.records.length < MOST_PER_PAGE ? { ...page, next: null } : page;
  });
}

interface Page<Place> {
  records: OpportunityRecord[];
  total: number | null;
  next: Place | null;
}

async function readWhole<Place, T>(
  client: Client,
  { startedAt }: OpportunitiesWanted,
  keep: (record: OpportunityRecord) => T,
  most: number,
  read: (place: Place | null) => Promise<Page<Place>>,
): Promise<OpportunitiesRead<T>> {
  const opportunities = new Map<string, T>();
  let requests = 0;
  let slowest = 0;
  // Opportunities come and go while this reads; fewer than there were at any time are too few.
  let fewest = Number.POSITIVE_INFINITY;
  let place: Place | null = null;
  do {
    const begun = Date.now();
    if (begun - startedAt + slowest > BUDGET_MS) throw outOfTime(client, opportunities.size, fewest);
    const page: Page<Place> = await read(place);
    slowest = Math.max(slowest, Date.now() - begun);
    requests += 1;
    fewest = Math.min(fewest, page.total ?? fewest);
    const known = opportunities.size;
    for (const record of page.records)
      if (!opportunities.has(record.id)) opportunities.set(record.id, keep(record));
    if (opportunities.size + (page.next ? 1 : 0) > most || (page.total ?? 0) > most)
      throw tooLarge(client, most);
    place = opportunities.size > known ? page.next : null;
  } while (place);
  if (Number.isFinite(fewest) && opportunities.size < fewest)
    throw incomplete(client, opportunities.size, fewest);
  return { opportunities: [...opportunities.values()], requests };
}

const count = (number: number) => number.toLocaleString('en-US');

function outOfTime(client: Client, read: number, total: number): Error {
  const all = Number.isFinite(total) ? ` of ${count(total)}` : '';
  return new client.errors.Error(
    `HighLevel answered too slowly to sum everything up: after ${BUDGET_MS / 1000} seconds, ${count(read)}${all} ` +
      'opportunities had been read. No summary was made, because it would leave opportunities out. Choose one pipeline or a ' +
      'shorter period, or replay the step later.',
    'out_of_time',
    504,
  );
}

function tooLarge(client: Client, most: number): Error {
  return new client.errors.Error(
    `HighLevel refused the search that this summary needs. Without it only ${count(most)} opportunities can be read, and ` +
      'there are more. No summary was made, because it would leave opportunities out. Choose one pipeline, or try again later.',
    'too_large',
    503,
  );
}

function incomplete(client: Client, read: number, total: number): Error {
  return new client.errors.Error(
    `HighLevel counted ${count(total)} opportunities and gave only ${count(read)}. No summary was made, because it would ` +
      'leave opportunities out. Replay the step.',
    'incomplete',
    503,
  );
}
