/** How the triggers poll. */

import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect, type HighLevel } from '../../highlevel/connect.ts';
import { yieldToWrites } from '../../highlevel/http/budget.ts';
import { problemOf, withProblem } from '../../highlevel/http/problem.ts';
import { momentMs } from '../../highlevel/http/time.ts';
import type { Criteria } from '../../highlevel/opportunities/criteria.ts';
import { type Moment, NO_NEW_PAGE_AFTER_MS } from '../../highlevel/opportunities/reading.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import { withoutFields } from '../../highlevel/opportunities/untold-fields.ts';
import { forgetFailures, msWithoutPoll, notingFailure } from './missed-polls.ts';

type Perform<B extends Bundle, T> = (z: ZObject, bundle: B) => Promise<T>;
type Meta = { isLoadingSample?: boolean; isPopulatingDedupe?: boolean } | undefined;

/** Whether what a poll gives starts the Zap: it is neither for a sample nor to fill the dedupe table. */
export function isLive(meta: Meta): boolean {
  return !meta?.isLoadingSample && !meta?.isPopulatingDedupe;
}

/**
 * The perform of a trigger that starts Zaps: it shows its troubles, and it keeps still while the sub-account's
 * allowance is nearly used up. Where a person waits for it, for a sample or for the Zap to be turned on, it goes ahead.
 */
export function polling<B extends Bundle, T>(perform: Perform<B, T>): Perform<B, T> {
  return listing(async (z, bundle) => {
    const meta: Meta = bundle.meta;
    const highlevel = connect(z, bundle);
    if (meta?.isPopulatingDedupe) await forgetFailures(highlevel, bundle);
    if (!isLive(meta)) return perform(z, bundle);
    return notingFailure(highlevel, bundle, async () => {
      await yieldToWrites(highlevel);
      return perform(z, bundle);
    });
  });
}

/**
 * The perform of a list or of an instant trigger: it shows its troubles. "Halted" is for actions, where it spares a
 * person an alarm about one record; a trigger that quietly halts for ever is one that nobody knows to mend, so there it
 * becomes an ordinary error.
 */
export function listing<B extends Bundle, T>(perform: Perform<B, T>): Perform<B, T> {
  return async (z, bundle) => {
    try {
      return await perform(z, bundle);
    } catch (error) {
      if (!(error instanceof z.errors.HaltedError)) throw error;
      const plain = new z.errors.Error(error.message, 'trigger_failed', 400);
      const problem = problemOf(error);
      throw problem ? withProblem(plain, problem) : plain;
    }
  };
}

/** Polls are minutes apart; within the hour a burst is noticed whole. */
const HOUR_MS = 60 * 60 * 1000;
/** Of the search in the specification, with 100 rows each, 3,000 opportunities; the time ends it where HighLevel is slow. */
const MOST_PAGES = 30;
const SAMPLE_ROWS = 10;
const LIVE_ROWS = 100;
/** What a Zap has seen when it is turned on: far more than a poll reads, as rows slide up when others leave. */
const REMEMBERED_ROWS = 1000;
/**
 * What happened longer ago starts no Zap: an old opportunity that is given to another owner or moved to another pipeline
 * comes to match a filter, and Zapier has never seen it. A Zap can be held for a week and still go on. [docs]
 */
const OLD_MS = 7 * 24 * HOUR_MS;

/** Whether a moment is so long past that it starts no Zap; one that is not told is not, and one that cannot be read is. Samples and the first filling take all. */
export function isLongPast(meta: Meta, moment: string | number | null | undefined): boolean {
  if (!isLive(meta)) return false;
  if (moment === null || moment === undefined || moment === '') return false;
  return !(Date.now() - Date.parse(String(moment)) <= OLD_MS);
}

/** How many of the newest opportunities stand in for the latest changed ones, where HighLevel refuses those. */
export const FALLBACK_ROWS = 500;

/**
 * The opportunities that a poll looks at, the latest moment first.
 *
 * A live poll reads one page, and on while whole pages are fresh, so that an import of 3,000 opportunities between two
 * polls loses none; after polls that failed, what happened since then is fresh as well. Filling the dedupe table reads
 * further, because a row that it misses would fire as new. Where HighLevel refuses to sort by the moment, the newest say
 * nothing of when they changed, and a fixed number is read.
 *
 * @param freshSince ms since the epoch; the last hour if absent
 * @param remembered how many rows fill the dedupe table, and more only while whole pages are fresh
 */
export async function readRows(...reading: Parameters<typeof readLatest>): Promise<OpportunityRecord[]> {
  return (await readLatest(...reading)).rows;
}

/**
 * As `readRows`, for what looks at one more order.
 *
 * @param until after this no page is begun, in ms since the epoch
 * @returns with the rows whether another order can show more
 */
export async function readLatest(
  highlevel: HighLevel,
  meta: Meta,
  where: Criteria,
  sort: Moment,
  {
    freshSince = Date.now() - HOUR_MS,
    remembered = REMEMBERED_ROWS,
    until = Date.now() + NO_NEW_PAGE_AFTER_MS,
  } = {},
): Promise<{ rows: OpportunityRecord[]; isPart: boolean }> {
  const { isLoadingSample: sample = false, isPopulatingDedupe: filling = false } = meta ?? {};
  let rows: OpportunityRecord[] = [];
  let since = freshSince;
  let isPart = false;
  let tellsFields = false;
  const firstPage = sample ? SAMPLE_ROWS : filling ? remembered : LIVE_ROWS;
  let pages = 0;
  for await (const page of highlevel.opportunities.read({
    where,
    sort,
    likely: LIVE_ROWS,
    firstPage,
    until,
  })) {
    // Where this page tells custom fields, those before it had none to tell.
    if (page.tellsFields && !tellsFields) rows = rows.map(withoutFields);
    tellsFields = page.tellsFields;
    rows.push(...page.records);
    pages += 1;
    isPart = page.sorted && !page.isLast;
    if (sample) break;
    if (page.looked < (filling ? remembered : page.sorted ? 0 : FALLBACK_ROWS)) continue;
    const areAllAfter = (ms: number) => page.records.every((row) => momentMs(row[sort]) > ms);
    const mayBeMissed = isPart && !filling && since === freshSince && areAllAfter(freshSince - OLD_MS);
    if (mayBeMissed && !areAllAfter(freshSince)) since -= await msWithoutPoll(highlevel);
    if (pages >= MOST_PAGES || !page.sorted || !areAllAfter(since)) break;
  }
  return { rows, isPart };
}
