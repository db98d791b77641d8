/**
 * The one reader of opportunities: page after page, by whichever of HighLevel's two searches can do what is asked.
 *
 * POST /opportunities/search filters and sorts by nearly everything and is outside the specification; GET
 * /opportunities/search is in it, filters by little, and knows the order of creation alone. Where HighLevel refuses the
 * POST, or answers it with nothing although there is something, the GET takes its place.
 */

import type { Client } from '../http/client.ts';
import { momentMs } from '../http/time.ts';
import { isEndpointRefused, mayBeRefused } from './advanced-search.ts';
import { asked, type Criteria, suitsList } from './criteria.ts';
import { MOST_PER_LIST_PAGE } from './list-search.ts';
import { byAdvancedSearch, byList, type Found, pages, type Search } from './pages.ts';
import type { Page, Reading, SortedReading } from './reading.ts';
import type { OpportunityRecord } from './record.ts';

/** While HighLevel refuses, each poll would cost a request in vain; once it no longer does, that shows within the hour. */
const REMEMBER_SECONDS = 60 * 60;
const REFUSED = 'advanced_search_refused';
const UNORDERED = 'list_search_unordered';

/** What a refusal is not about where nothing else is asked: every search takes these. */
const PLAIN = ['pipelineId', 'stageId', 'contactId', 'ownerId', 'status'];

/**
 * Opportunities that meet the criteria, page after page, for as long as the caller asks for more.
 *
 * @throws the errors of `call`; errors.Error where HighLevel lists the oldest first and nothing else can be had
 */
export async function* read(client: Client, reading: Reading): AsyncGenerator<Page> {
  const { where, sort = 'createdAt', likely = Number.POSITIVE_INFINITY } = reading;
  const wanted = { ...reading, sort };
  const made = { requests: 0 };
  const list = byList(client, wanted, made);
  if (sort === 'createdAt' && likely <= MOST_PER_LIST_PAGE && suitsList(where)) {
    const first = (await client.recall(UNORDERED)) ? null : await list.first();
    if (first && isNewestFirst(first)) {
      return yield* pages(client, wanted, list, inOrder(client, wanted, first), made);
    }
    if (first) await client.remember(UNORDERED, true, REMEMBER_SECONDS);
  }
  const refused = refusalKey(where);
  if (!(await isRemembered(client, refused))) {
    const advanced = byAdvancedSearch(client, wanted, made);
    const { first, key } = await firstOrRefusal(advanced, wanted, refused);
    if (first && (hasRows(first) || !(await listHasSome(client, wanted, made)))) {
      return yield* pages(client, wanted, advanced, first, made);
    }
    // Where the token has expired this ends as the search did, and core refreshes it: nothing is remembered then.
    const instead = await list.first();
    await client.remember(key, true, REMEMBER_SECONDS);
    return yield* pages(client, wanted, list, inOrder(client, wanted, instead), made);
  }
  yield* pages(client, wanted, list, inOrder(client, wanted, await list.first()), made);
}

/** The first rows of what `read` gives: for a sample, or to see whether there is any. */
export async function readFirst(
  client: Client,
  { rows, ...reading }: Pick<Reading, 'where' | 'sort'> & { rows: number },
): Promise<OpportunityRecord[]> {
  return (await firstPage(client, rows, reading)).records;
}

/**
 * As `readFirst`, for a step that writes by what is there: a row without its id, or one that cannot be read, may be the
 * very one.
 *
 * @returns with the rows how many were left out
 */
export async function readFirstWhole(
  client: Client,
  { rows, where }: Pick<Reading, 'where'> & { rows: number },
): Promise<{ records: OpportunityRecord[]; leftOut: number }> {
  return firstPage(client, rows, { where });
}

async function firstPage(client: Client, rows: number, reading: Reading): Promise<Page> {
  const page = await firstOf(read(client, { ...reading, likely: rows, firstPage: rows }));
  // HighLevel may give more than it was asked for.
  return { ...page, records: page.records.slice(0, rows) };
}

/** There always is one, though it may have no rows. */
async function firstOf(found: AsyncGenerator<Page>): Promise<Page> {
  return (await found.next()).value as Page;
}

/** The first page of the search, or null where HighLevel refuses it, and what to remember that by. */
async function firstOrRefusal(
  advanced: Search,
  { sort }: SortedReading,
  key: string,
): Promise<{ first: Found | null; key: string }> {
  try {
    const first = await advanced.first();
    // A sort that HighLevel no longer knows would be left out without a word, and hide each change of an older row.
    return isLatestFirst(first.records, sort) ? { first, key } : { first: null, key: REFUSED };
  } catch (error) {
    if (!mayBeRefused(error)) throw error;
    return { first: null, key: isEndpointRefused(error) ? REFUSED : key };
  }
}

/** A refusal of what is asked by everyone is one of the search; of anything rarer it may be that alone. */
function refusalKey(where: Criteria): string {
  const rare = asked(where).filter((criterion) => !PLAIN.includes(criterion));
  return rare.length === 0 ? REFUSED : `${REFUSED}:${rare.sort().join()}`;
}

async function isRemembered(client: Client, key: string): Promise<boolean> {
  const whole = await client.recall<boolean>(REFUSED);
  return whole === true || (key !== REFUSED && (await client.recall<boolean>(key)) === true);
}

/**
 * Whether a page of the other search has what this one says there is not: a filter that HighLevel does not understand
 * is answered with no rows instead of an error. [measured by others]
 */
async function listHasSome(
  client: Client,
  wanted: SortedReading,
  made: { requests: number },
): Promise<boolean> {
  const where = wanted.where.openOr ? { ...wanted.where, status: 'open' as const } : wanted.where;
  const glance = byList(client, { ...wanted, where }, made);
  const page = await firstOf(pages(client, { ...wanted, where }, glance, await glance.first(), made));
  return page.records.length > 0;
}

function hasRows({ records, leftOut }: Found): boolean {
  return records.length + leftOut.length > 0;
}

/** Rows that fit on one page are put in order here. */
function inOrder(client: Client, { sort }: SortedReading, first: Found): Found {
  if (sort === 'any' || isLatestFirst(first.records, 'createdAt')) return first;
  if (first.next === null) return { ...first, records: newestFirst(first.records) };
  throw new client.errors.Error(
    'HighLevel lists the oldest opportunities first, and refuses the search that would give the newest: new and changed ' +
      'opportunities cannot be seen. Choose a pipeline in this step, or try again later.',
    'unordered',
    503,
  );
}

function isNewestFirst({ records, next }: Found): boolean {
  return next === null || isLatestFirst(records, 'createdAt');
}

function newestFirst(records: OpportunityRecord[]): OpportunityRecord[] {
  const born = ({ createdAt }: OpportunityRecord) => momentMs(createdAt) || 0;
  return [...records].sort((a, b) => born(b) - born(a));
}

function isLatestFirst(records: OpportunityRecord[], sort: SortedReading['sort']): boolean {
  if (sort === 'any') return true;
  const times = records.map((record) => momentMs(record[sort])).filter((time) => !Number.isNaN(time));
  return times.every((time, index) => time <= (times[index - 1] ?? time));
}
