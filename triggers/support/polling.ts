import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { yieldToWrites } from '../../highlevel/http/budget.ts';
import { problemOf, withProblem } from '../../highlevel/http/problem.ts';
import type { Reading } from '../../highlevel/opportunities/paging.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** How the triggers poll. */

type Perform<B extends Bundle, T> = (z: ZObject, bundle: B) => Promise<T>;
type Meta = { isLoadingSample?: boolean; isPopulatingDedupe?: boolean } | undefined;

/**
 * The perform of a trigger that starts Zaps: it shows its troubles, and it keeps still while the sub-account's
 * allowance is nearly used up. Where a person waits for it, for a sample or for the Zap to be turned on, it goes ahead.
 */
export function polling<B extends Bundle, T>(perform: Perform<B, T>): Perform<B, T> {
  return listing(async (z, bundle) => {
    const meta: Meta = bundle.meta;
    if (!meta?.isLoadingSample && !meta?.isPopulatingDedupe) await yieldToWrites(connect(z, bundle));
    return perform(z, bundle);
  });
}

/**
 * The perform of a list behind a dropdown, or of an instant trigger: it shows its troubles. "Halted" is for actions, where it spares a person an
 * alarm about one record; a trigger that quietly halts for ever is one that nobody knows to mend, so there it becomes
 * an ordinary error.
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

/** Polls of paid plans are minutes apart; within the hour a burst is noticed whole. */
const HOUR_MS = 60 * 60 * 1000;
const MOST_PAGES = 10;
const SAMPLE_ROWS = 10;
const LIVE_ROWS = 100;
/** What a Zap has seen when it is turned on: far more than a poll reads, as rows slide up when others leave. */
const REMEMBERED_ROWS = 1000;
/** How many of the newest opportunities stand in for the latest changed ones, where HighLevel refuses those. */
export const FALLBACK_ROWS = 500;

/**
 * A live poll reads one page, and on while whole pages are fresh, so that an import of a thousand opportunities between two
 * polls loses none. Filling the dedupe table reads all it may, because a row that it misses would fire as new.
 *
 * @param timeOf the time that the rows are sorted by, the latest first
 * @param freshSince ms since the epoch; the last hour if absent
 * @param largestPage how many rows HighLevel gives at once: 100, or 500 of the advanced search
 */
export function howToRead(
  meta: Meta,
  {
    timeOf,
    freshSince = Date.now() - HOUR_MS,
    largestPage = LIVE_ROWS,
  }: {
    timeOf: (record: OpportunityRecord) => string | null | undefined;
    freshSince?: number;
    largestPage?: number;
  },
): Reading {
  if (meta?.isLoadingSample) return { pageSize: SAMPLE_ROWS, mostPages: 1, readOn: () => false };
  if (meta?.isPopulatingDedupe) {
    return { pageSize: largestPage, mostPages: REMEMBERED_ROWS / largestPage, readOn: () => true };
  }
  return {
    pageSize: LIVE_ROWS,
    nextPageSize: largestPage,
    mostPages: MOST_PAGES,
    readOn: (page) => page.every((record) => Date.parse(timeOf(record) ?? '') > freshSince),
  };
}

/** The newest opportunities say nothing of when they changed, so a fixed number of them is read, more for the dedupe table. */
export function howToFallBack(meta: Meta): Reading {
  const rows = meta?.isPopulatingDedupe ? REMEMBERED_ROWS : FALLBACK_ROWS;
  return { mostPages: meta?.isLoadingSample ? 1 : rows / LIVE_ROWS, readOn: () => true };
}
