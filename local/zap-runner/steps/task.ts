import { randomUUID } from 'node:crypto';
import { type Fields, isFields } from '../app/definition.ts';
import type { Failure } from '../app/failure.ts';
import type { StepOutcome, StepResult, TaskStatus } from '../events.ts';
import { mapValue, type Outputs } from '../inputs/mapping.ts';
import type { RunContext } from '../zap/context.ts';
import type { ActionStep, LoopingStep, PathsStep, Step, ToolStep } from '../zap/zap.ts';
import { holds } from './filter.ts';
import { runStep } from './step.ts';

/** One run of a Zap: the row that set it off, and what the steps made of it. */
export type Task = {
  id: string;
  trigger: Fields;
  status: TaskStatus;
  outputs: Outputs;
  failure?: Failure;
  /** Every step that was run, in order; one that is replayed stands here once for each time. */
  steps: StepResult[];
  /** Where each list of steps stands: the Zap's own, and those of paths and loop items, by their place. */
  progress: Map<string, Progress>;
};

/** How far a list of steps came, and with which outputs. */
type Progress = { done: number; outputs: Outputs; end?: End };

/** How a list of steps ended. */
type End = { status: TaskStatus; failure?: Failure };

/** Statuses that a replay takes up again [docs]. */
const UNFINISHED = new Set<TaskStatus>(['error', 'halted', 'held']);

/** A task that has not run: what flood protection holds back. */
export function heldTask(trigger: Fields): Task {
  return {
    id: randomUUID(),
    trigger,
    status: 'held',
    outputs: { trigger },
    steps: [],
    progress: new Map(),
  };
}

/**
 * Runs the steps of a Zap for one row, in order, until one of them ends the task. Never throws for what the
 * app does. A HaltedError ends it as `halted`, which is no error and never turns a Zap off [docs]; a search
 * that finds nothing ends it as `stopped` unless the step says to continue; on a stale connection it is `held`
 * [docs], the very run that met the refusal included [assumed]. A task that has run before goes on with the step
 * that ended it, as a replay does, and steps that succeeded are not run again [docs]; so with each path and each
 * item of a loop [assumed].
 */
export async function runTask(context: RunContext, task: Task): Promise<Task> {
  const { host, zap } = context;
  const { status, failure } = await runSteps({ context, task, place: '' }, zap.steps, task.outputs);
  task.status = status;
  task.failure = failure;
  host.emit({ type: 'task', zap: zap.name, task: task.id, status, failure });
  return task;
}

/** Where in a task steps are run; `place` names the path and the item that they belong to. */
type At = { context: RunContext; task: Task; place: string };

async function runSteps(at: At, steps: Step[], outputs: Outputs): Promise<End> {
  const { task, place } = at;
  const progress = task.progress.get(place) ?? { done: 0, outputs };
  task.progress.set(place, progress);
  if (progress.end && !UNFINISHED.has(progress.end.status)) return progress.end;
  progress.end = await runRest(at, steps, progress);
  return progress.end;
}

async function runRest(at: At, steps: Step[], progress: Progress): Promise<End> {
  const { outputs } = progress;
  for (const step of steps.slice(progress.done)) {
    if (step.kind === 'paths') return runPaths(at, step, outputs);
    if (step.kind === 'looping') return runLoop(at, step, outputs);
    const handler = 'onError' in step ? step.onError : undefined;
    const place = `${at.place}/${step.id}/error`;
    if (handler && at.task.progress.has(place)) return runSteps({ ...at, place }, handler, outputs);
    const run = await runStep(at.context, step, outputs);
    report(at, run);
    const status = statusAfter(step, run.outcome);
    if (handler && (status === 'error' || status === 'halted')) {
      const seen = { ...outputs, [step.id]: { error_message: run.failure?.message ?? '' } };
      return runSteps({ ...at, place }, handler, seen);
    }
    if (status !== 'success') return { status, failure: run.failure };
    progress.done += 1;
    if (run.output) outputs[step.id] = run.output;
  }
  return { status: 'success' };
}

/**
 * One path after the other; what goes wrong in one does not keep the next from running [assumed]. Where none opens the
 * step succeeds [docs help 20505304170637].
 */
async function runPaths(at: At, step: PathsStep, outputs: Outputs): Promise<End> {
  const ends: End[] = [];
  for (const path of step.paths) {
    const place = `${at.place}/${step.id}/${path.name}`;
    const begun = at.task.progress.has(place);
    const open = begun || path.rules.every((rule) => holds(rule, outputs));
    if (!begun) report(at, passage(step, path.name, open ? 'passed' : 'filtered'));
    if (open) ends.push(await runSteps({ ...at, place }, path.steps, { ...outputs }));
  }
  return worst(ends);
}

/** One item after the other, and one that fails does not keep the next from running [assumed]. */
async function runLoop(at: At, step: LoopingStep, outputs: Outputs): Promise<End> {
  const items = mapValue(step.items, outputs);
  const rows = (Array.isArray(items) ? items : []).filter(isFields);
  const ends: End[] = [];
  for (const [index, item] of rows.entries()) {
    const place = `${at.place}/${step.id}/${index}`;
    const begun = at.task.progress.has(place);
    if (!begun) report(at, passage(step, `${index + 1} of ${rows.length}`, 'passed', item));
    ends.push(await runSteps({ ...at, place }, step.steps, { ...outputs, [step.id]: item }));
  }
  return worst(ends);
}

/** The entry of one path or one item, which runs no operation itself. */
function passage(
  { id, kind }: PathsStep | LoopingStep,
  key: string,
  outcome: StepOutcome,
  input: Fields = {},
): StepResult {
  return { step: id, kind, key, outcome, input, requests: 0, ms: 0 };
}

const BY_GRAVITY: TaskStatus[] = ['error', 'held', 'halted', 'stopped', 'success', 'filtered'];

function worst(ends: End[]): End {
  const [first] = [...ends].sort((a, b) => BY_GRAVITY.indexOf(a.status) - BY_GRAVITY.indexOf(b.status));
  return first ?? { status: 'success' };
}

function report({ context: { host, zap }, task }: At, run: StepResult): void {
  task.steps.push(run);
  host.emit({ type: 'step', zap: zap.name, task: task.id, ...run });
}

function statusAfter(step: ActionStep | ToolStep, outcome: StepOutcome): TaskStatus {
  if (outcome === 'not_found')
    return 'ifNothingFound' in step && step.ifNothingFound === 'continue' ? 'success' : 'stopped';
  if (outcome === 'filtered' || outcome === 'halted' || outcome === 'held' || outcome === 'error')
    return outcome;
  return 'success';
}
