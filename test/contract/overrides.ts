import type { Generation } from '../../tools/spec/vendor-docs.ts';
import type { Problem } from './specification.ts';

/** A difference from the specification that has a reason. */
export interface Override {
  generations: Generation[];
  /** As in `Problem`; each of them must need it. `*` is any operation. */
  operations: string[];
  /** As in `Problem`; each of them must need it. */
  at: string[];
  says: string;
  /** Why it is right all the same, with its mark. */
  because: string;
}

/** Sorts problems into those with a reason and those without, and remembers which reasons were needed. */
export function excuses(overrides: Override[]) {
  const reasons = overrides.flatMap(({ generations, operations, at, says, because }) =>
    generations.flatMap((generation) =>
      operations.flatMap((operation) =>
        at.map((place) => ({ generation, operation, at: place, says, because, needed: false })),
      ),
    ),
  );
  return {
    /** The problems that no override explains. */
    unexcused(problems: Problem[]): Problem[] {
      return problems.filter((problem) => {
        const reason = reasons.find(
          ({ generation, operation, at, says }) =>
            generation === problem.generation &&
            (operation === '*' || operation === problem.operation) &&
            at === problem.at &&
            says === problem.says,
        );
        if (reason) reason.needed = true;
        return !reason;
      });
    },
    /** The overrides that nothing needed so far. */
    unneeded(): Problem[] {
      return reasons.filter(({ needed }) => !needed);
    },
  };
}
