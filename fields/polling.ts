import type { Bundle, ZObject } from 'zapier-platform-core';
import { problemOf, withProblem } from '../highlevel/problem.ts';

/**
 * A poll that shows its troubles. "Halted" is for actions, where it spares a person an alarm about one record; a
 * trigger that quietly halts for ever is one that nobody knows to mend, so there it becomes an ordinary error.
 */
export function polling<B extends Bundle, T>(
  perform: (z: ZObject, bundle: B) => Promise<T>,
): (z: ZObject, bundle: B) => Promise<T> {
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
