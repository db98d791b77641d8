/**
 * The time that is left of a Zap's run. A step or a poll has 30 s in all on Zapier, and is ended then without a word
 * [docs], whatever HighLevel goes on to save.
 */
export interface RunClock {
  /** How long a read may wait for its answer, in ms; 0 where there is no time for one. */
  forRead(): number;
  /** How long a write may wait, in ms; 0 where it must not begin, because it might be saved after Zapier gave up. */
  forWrite(): number;
}

const RUN_MS = 30_000;
/** For what comes after the last answer, in the app and at Zapier. */
const RETURN_MS = 1500;
const MOST_MS = 20_000;
/** What a read needs to be worth beginning. */
const LEAST_READ_MS = 500;
/** A write has at least this long: more than any write was measured to take. [assumed] */
const LEAST_WRITE_MS = 8000;

/** Begins now: a run's first request is not long after its beginning. */
export function runClock(): RunClock {
  const begun = Date.now();
  const left = () => RUN_MS - RETURN_MS - (Date.now() - begun);
  const atLeast = (least: number) => (left() < least ? 0 : Math.min(left(), MOST_MS));
  return { forRead: () => atLeast(LEAST_READ_MS), forWrite: () => atLeast(LEAST_WRITE_MS) };
}

/** For what runs beside Zapier, where nobody counts the seconds of the whole. */
export const unhurried: RunClock = { forRead: () => MOST_MS, forWrite: () => MOST_MS };
