import { expect } from '@jest/globals';
import * as mini from 'zod/v4/mini';

export * from 'zod/v4/mini';

/**
 * `lazy` for `npm run mutate`: builds a shape anew for each test.
 *
 * A shape that is built once counts as reached by the first test alone that reads with it. A mutant in it would be run
 * against that test, and not against those that look at what it changes.
 */
export function lazy(build) {
  const schema = mini.lazy(build);
  let built;
  let builtFor;
  Object.defineProperty(schema._zod, 'innerType', {
    get() {
      const { currentTestName } = expect.getState();
      if (!built || builtFor !== currentTestName) {
        builtFor = currentTestName;
        built = build();
      }
      return built;
    },
  });
  return schema;
}
