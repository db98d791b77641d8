const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When a delivery that failed is tried again. */
export interface Schedule {
  /** How long to wait after the first, the second, … failure, in ms; after as many more it is dead. */
  waits: readonly number[];
  /** By how much a wait may be longer or shorter, as a part of it. */
  jitter: number;
  /** After so long it is dead even if its target only ever asked to wait, in ms. */
  giveUpMs: number;
  /** The least and the most that a target's Retry-After counts for, in ms. */
  leastPauseMs: number;
  mostPauseMs: number;
  /**
   * How long a target that only fails is left alone, in ms, doubling from the first to the last: so it takes little of
   * the concurrency that others need, while its deliveries wait for their own times.
   */
  firstRestMs: number;
  lastRestMs: number;
}

/** Quick for a hiccup, then patient: nine tries within a day. */
export const DAY_SCHEDULE: Schedule = {
  waits: [5 * SECOND, 30 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 8 * HOUR, 8 * HOUR],
  jitter: 0.2,
  giveUpMs: 24 * HOUR,
  leastPauseMs: SECOND,
  mostPauseMs: HOUR,
  firstRestMs: SECOND,
  lastRestMs: MINUTE,
};

/**
 * How long to wait before the next try.
 *
 * @param tries how many there were, the failed one included
 * @param ageMs since the delivery was made
 * @returns ms, or null where there is no next
 */
export function nextWait(schedule: Schedule, tries: number, ageMs: number): number | null {
  const wait = schedule.waits[tries - 1];
  if (wait === undefined || ageMs >= schedule.giveUpMs) return null;
  return wait * (1 + schedule.jitter * (2 * Math.random() - 1));
}

/**
 * How long a target wants to be left alone.
 *
 * @param header its Retry-After: seconds, or an HTTP date [RFC 9110]
 * @returns ms within the schedule's bounds; null without a header that can be read
 */
export function askedPause(schedule: Schedule, header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * SECOND : Date.parse(text) - now;
  if (Number.isNaN(ms)) return null;
  return Math.min(Math.max(ms, schedule.leastPauseMs), schedule.mostPauseMs);
}
