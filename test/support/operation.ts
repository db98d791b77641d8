/**
 * What an operation's own test file says for every other check of it: the inputs that it is run with, which serve the
 * checks against the vendor's specification, against the definition, in an empty account and of permissions; and how a
 * person tries it live.
 */
import { describe, expect } from '@jest/globals';
import type { Fault, Sandbox } from '../../local/sandbox/index.ts';

/** One run of an operation. */
export interface Run {
  /** `perform` if absent. */
  method?: 'perform' | 'performList';
  inputData?: Record<string, unknown>;
  meta?: Record<string, unknown>;
  /** More of the bundle: a hook's body, for example. */
  bundle?: Record<string, unknown>;
  /** What HighLevel does meanwhile. */
  fault?: Fault;
}

/** Called with the sandbox that the runs are for, in which it may add records of its own. */
export type RunsOf = (sandbox: Sandbox) => {
  /** Together they set every input field that the operation has. */
  all: Run[];
  /** As little as it takes; a search finds nothing by the first of them in an empty account. */
  least: Run[];
};

interface OperationInputs {
  runs: RunsOf;
  /** What a person does to try it with real accounts, and when it is right; for docs/live-zaps.md. A hidden list has none. */
  live?: readonly [todo: string, right: string];
  /** What a person fills in to see it answer in a freshly seeded sandbox; as the first of `least` if absent. */
  example?: (sandbox: Sandbox) => Record<string, unknown>;
}

/** By the operation's key. A test file exports one under the name `inputs`. */
export type Inputs = Record<string, OperationInputs>;

/**
 * jest's `describe` in the test file that is being run; elsewhere one that does nothing, so that another test can
 * import the file for its inputs.
 *
 * @param filename the test file's `import.meta.filename`
 */
export function describeOf(filename: string): typeof describe {
  if (expect.getState().testPath === filename) return describe;
  const nothing = () => () => {};
  return Object.assign(() => {}, {
    each: nothing,
    only: nothing,
    skip: nothing,
  }) as unknown as typeof describe;
}
