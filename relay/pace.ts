import { setTimeout as pause } from 'node:timers/promises';

/** Of the relay's steps, in ms: to wait so long costs an event little, and a step for few rows costs much. */
const PACE_MS = 10;

/**
 * Spaces what is done again and again: it begins at once after a rest, and else no sooner than so long after the last
 * time. What comes meanwhile is done in one go, which costs hardly more than one alone.
 *
 * @param leastMs from one beginning to the next, in ms
 * @returns a function that resolves when it may begin
 */
export function createPace(leastMs = PACE_MS): () => Promise<void> {
  let begunAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const wait = begunAt + leastMs - performance.now();
    if (wait > 0) await pause(wait);
    begunAt = performance.now();
  };
}
