/** How much of HighLevel's allowance is left, as its answers say. [recorded] */
export interface Budget {
  /** Requests left in the running window of `windowMs`. */
  remaining: number;
  max: number;
  windowMs: number;
  dailyRemaining: number;
  dailyMax: number;
  /** ms until the daily allowance is full again; that the header counts ms is inferred from its size. [assumed] */
  dailyResetMs: number;
}

interface Headers {
  get(name: string): string | null;
}

/** The allowance that an answer reports, or null where it reports none. */
export function readBudget(headers: Headers): Budget | null {
  const number = (name: string) => {
    const value = headers.get(name);
    return value === null || value === '' ? Number.NaN : Number(value);
  };
  const remaining = number('x-ratelimit-remaining');
  if (Number.isNaN(remaining)) return null;
  return {
    remaining,
    max: number('x-ratelimit-max') || 100,
    windowMs: number('x-ratelimit-interval-milliseconds') || 10_000,
    dailyRemaining: orElse(number('x-ratelimit-daily-remaining'), Number.POSITIVE_INFINITY),
    dailyMax: number('x-ratelimit-limit-daily') || 200_000,
    dailyResetMs: orElse(number('x-ratelimit-daily-reset'), 0),
  };
}

/**
 * How long to wait after a 429, in seconds: Retry-After if HighLevel sends one (whether it does is not known), the
 * rest of the day if that allowance is used up, else one window.
 */
export function retryDelaySeconds(headers: Headers, random: () => number = Math.random): number {
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  const budget = readBudget(headers);
  const seconds =
    retryAfter > 0
      ? retryAfter
      : budget && budget.dailyRemaining <= 0 && budget.dailyResetMs > 0
        ? budget.dailyResetMs / 1000
        : (budget?.windowMs ?? 10_000) / 1000;
  return spread(seconds, random);
}

const MOST_SPREAD_SECONDS = 300;

/** A delay in whole seconds, up to a third longer at random: Zaps held back together should not come back together. */
export function spread(seconds: number, random: () => number = Math.random): number {
  return Math.ceil(seconds + Math.min(seconds / 3, MOST_SPREAD_SECONDS) * random());
}

/** A delay as a person says it: in seconds below two minutes, else in hours and minutes, rounded up. */
export function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  const parts = [count(Math.floor(minutes / 60), 'hour'), count(minutes % 60, 'minute')];
  return parts.filter((part) => part !== null).join(' and ');
}

function count(number: number, unit: string): string | null {
  return number === 0 ? null : `${number} ${unit}${number === 1 ? '' : 's'}`;
}

function orElse(value: number, fallback: number): number {
  return Number.isNaN(value) ? fallback : value;
}
