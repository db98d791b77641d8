import type { SandboxSettings } from '../state/context.ts';

interface Budget {
  windowStart: number;
  used: number;
  day: number;
  usedToday: number;
}

const DAY_MS = 86_400_000;

/** One call's standing with the limits: the six recorded headers, and whether it goes through. */
interface Standing {
  headers: Record<string, string>;
  allowed: boolean;
}

export interface RateLimiter {
  /** Counts a call of (app, location or company) and returns what is left. */
  count(key: string): Standing;
  /** The same headers for a call that nobody can be charged for. */
  idle(): Standing;
  /** Forgets what was counted. */
  reset(): void;
}

/**
 * 100 calls in 10 s and 200,000 a day for each app in each location [docs]. That the 10 s start with the first call,
 * that a day ends at midnight UTC and that `x-ratelimit-daily-reset` counts ms until then are [assumed].
 *
 * @param now the sandbox's clock, in ms.
 * @param settings read on every call, so that tests can turn the limits.
 */
export function rateLimiter(now: () => number, settings: SandboxSettings): RateLimiter {
  const budgets = new Map<string, Budget>();

  function headers(used: number, usedToday: number): Record<string, string> {
    const { max, intervalMs, daily } = settings.rateLimit;
    return {
      'x-ratelimit-max': String(max),
      'x-ratelimit-remaining': String(Math.max(0, max - used)),
      'x-ratelimit-interval-milliseconds': String(intervalMs),
      'x-ratelimit-limit-daily': String(daily),
      'x-ratelimit-daily-remaining': String(Math.max(0, daily - usedToday)),
      'x-ratelimit-daily-reset': String(DAY_MS - (now() % DAY_MS)),
    };
  }

  return {
    count(key) {
      const { max, intervalMs, daily } = settings.rateLimit;
      const at = now();
      const day = Math.floor(at / DAY_MS);
      const budget = budgets.get(key) ?? { windowStart: at, used: 0, day, usedToday: 0 };
      budgets.set(key, budget);
      if (at - budget.windowStart >= intervalMs || at < budget.windowStart) {
        budget.windowStart = at;
        budget.used = 0;
      }
      if (budget.day !== day) {
        budget.day = day;
        budget.usedToday = 0;
      }
      const allowed = budget.used < max && budget.usedToday < daily;
      // A refused call is not charged; whether HighLevel charges it is unknown [assumed].
      if (allowed) {
        budget.used += 1;
        budget.usedToday += 1;
      }
      return { headers: headers(budget.used, budget.usedToday), allowed };
    },
    idle: () => ({ headers: headers(0, 0), allowed: true }),
    reset: () => budgets.clear(),
  };
}
