import type { Cache } from './cache.ts';
import type { Errors } from './error-kinds.ts';
import { type Budget, inWords, readBudget, spread } from './rate-limit.ts';
import type { Answer } from './transport.ts';

/**
 * All Zaps of a sub-account share one allowance: 100 requests in ten seconds and 200,000 a day. [docs] A poll can
 * wait, a person's write should not, so polls leave the last part of it alone.
 */
const WINDOW_RESERVE = 1 / 10;
const DAY_RESERVE = 1 / 20;

/** Where HighLevel does not say when the day ends, polls look again after this long. */
const UNKNOWN_RESET_MS = 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

const YIELD_UNTIL = 'polls_yield_until';

/**
 * Remembers, for this connection, until when polls should keep still.
 *
 * On Zapier a write to the cache is a request of its own, so plenty is not remembered: only an answer that reports
 * the reserve is written down, which no healthy sub-account ever pays for. It outlives neither the window nor the day,
 * and there is nothing to take back.
 */
export async function noteBudget(cache: Cache, headers: Answer['headers']): Promise<void> {
  const budget = readBudget(headers);
  const ms = budget ? msInReserve(budget) : 0;
  if (ms > 0) await cache.remember(YIELD_UNTIL, Date.now() + ms, Math.ceil(ms / 1000));
}

/** How long the allowance stays in its reserve at most; 0 where it is not. When the window began is not told. */
function msInReserve(budget: Budget): number {
  const window = budget.remaining < budget.max * WINDOW_RESERVE ? budget.windowMs : 0;
  const day =
    budget.dailyRemaining < budget.dailyMax * DAY_RESERVE
      ? Math.min(budget.dailyResetMs || UNKNOWN_RESET_MS, DAY_MS)
      : 0;
  return Math.max(window, day);
}

/**
 * Ends a poll before its first request while the allowance is in its reserve.
 *
 * @throws ThrottledError with the seconds until it is full again
 */
export async function yieldToWrites({
  recall,
  errors,
}: {
  recall: Cache['recall'];
  errors: Errors;
}): Promise<void> {
  const until = await recall<number>(YIELD_UNTIL);
  const seconds = until ? (until - Date.now()) / 1000 : 0;
  if (seconds <= 0) return;
  const delay = spread(seconds);
  throw new errors.ThrottledError(
    'HighLevel’s allowance of requests for this sub-account is nearly used up, and the rest is kept for actions. ' +
      `This trigger looks again in ${inWords(delay)}; what changes meanwhile is not lost.`,
    delay,
  );
}
