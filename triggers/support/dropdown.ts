import type { Bundle, ZObject } from 'zapier-platform-core';
import { problemOf } from '../../highlevel/http/problem.ts';
import { listing } from './polling.ts';

/** HighLevel's window of ten seconds, and a third of it on top. The second try still fits into the 30 s of a call. [docs] */
const LONGEST_WAIT_SECONDS = 14;

/**
 * The perform of a list behind a dropdown. A person waits for it who can do nothing about a usage limit, so it waits for
 * the window to end, once; and where HighLevel has no page of that number any more, the list has ended.
 */
export function dropdown<B extends Bundle, T>(
  perform: (z: ZObject, bundle: B) => Promise<T[]>,
): (z: ZObject, bundle: B) => Promise<T[]> {
  return listing(async (z: ZObject, bundle: B) => {
    try {
      return await perform(z, bundle);
    } catch (error) {
      const problem = problemOf(error);
      if (problem?.kind === 'invalid' && (bundle.meta?.page ?? 0) > 0) return [];
      const seconds = problem?.waitSeconds ?? 0;
      if (seconds <= 0 || seconds > LONGEST_WAIT_SECONDS) throw error;
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      return perform(z, bundle);
    }
  });
}
