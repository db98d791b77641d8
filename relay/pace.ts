import { setTimeout as pause } from 'node:timers/promises';

/**
 * Spaces what is done again and again: it begins at once after a rest, and else no sooner than so long after the last
 * time. What comes meanwhile is done in one go, which costs hardly more than one alone.
 *
 * @param leastMs from one beginning to the next, in ms
 * @returns a function that resolves when it may begin
 */
export function createPace(leastMs: number): () => Promise<void> {
  let begunAt = Number.NEGATIVE_INFINITY;
  return async () => {
    const wait = begunAt + leastMs - performance.now();
    if (wait > 0) await pause(wait);
    begunAt = performance.now();
  };
}
