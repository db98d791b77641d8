/**
 * Runs Zaps of an app the way Zapier does, on this machine: what others may use of the runner. Start with
 * `createRunner`; README.md says what is emulated, how each part of it is known, and what is not.
 */

/** One call into the app, and how it failed. */
export type { Meta, Reply } from './app/call.ts';
/** What the built app says of itself. */
export type {
  ActionDefinition,
  AppDefinition,
  FieldDefinition,
  Fields,
  OperationDefinition,
  OperationKind,
  SearchOrCreateDefinition,
} from './app/definition.ts';
export { type Failure, type FailureKind, ZapFailure } from './app/failure.ts';
/** A connected account. */
export type { ConnectOptions } from './connection/connect.ts';
export type { AuthData, Connection } from './connection/connection.ts';
/** Everything that a runner does, as it does it. */
export type { Cost, OnEvent, RunnerEvent, StepOutcome, StepResult, TaskStatus } from './events.ts';
/** Values of earlier steps, and a reference such as `{{trigger.id}}` filled in from them. */
export { mapInput, type Outputs } from './inputs/mapping.ts';
/** One app, loaded: connects, tests, runs single steps, fills dropdowns, turns Zaps on. */
export {
  type CallOptions,
  createRunner,
  type Runner,
  type RunnerOptions,
} from './runner.ts';
/** One run of a Zap; `steps` has what went into and came out of each step. */
export type { Task } from './steps/task.ts';
/** A hook that failed. */
export type { LostHook } from './triggers/hooks.ts';
/** What the editor shows of a trigger before the Zap is on. */
export type { DropdownOptions, EditorTest } from './zap/editor.ts';
/** A Zap that is on: polls, hooks, its runs, replay. */
export type { LiveZap } from './zap/live.ts';
/** A Zap as data, its trigger and its steps. */
export {
  type ActionStep,
  allSteps,
  type Condition,
  checkZap,
  type Path,
  type Step,
  type Trigger,
  type Zap,
} from './zap/zap.ts';
