import { randomUUID } from 'node:crypto';
import { runCreate, runSearch } from './actions.ts';
import { type Fields, isFields } from './definition.ts';
import type { Cost, StepOutcome, TaskStatus } from './events.ts';
import { type Failure, ZapFailure } from './failure.ts';
import { holds } from './filter.ts';
import { hydrateReferenced } from './hydrate.ts';
import { mapInput, mapValue, type Outputs } from './mapping.ts';
import { runOther } from './other-app.ts';
import type { RunContext } from './run-context.ts';
import { runSearchOrCreate } from './search-or-create.ts';
import { runCode, runFormatter, useStorage } from './tools.ts';
import type { ActionStep, LoopingStep, PathsStep, Step, ToolStep } from './zap.ts';

/** One run of a Zap: the row that set it off, and what the steps made of it. */
export type Task = {
  id: string;
  trigger: Fields;
  status: TaskStatus;
  outputs: Outputs;
  failure?: Failure;
  /** How many of the Zap's steps are done; a replay begins with the next. */
  done: number;
};

/** What one step came to: what it was called with, and what it gave or why not. */
export type StepResult = Cost & { outcome: StepOutcome; input: Fields; output?: Fields; failure?: Failure };

/** How a list of steps ended. */
type End = { status: TaskStatus; failure?: Failure; done: number };

// The editor shows this field beside every search's output [measured by others].
const WAS_FOUND = '_zap_search_was_found_status';

/** A task that has not run: what flood protection holds back. */
export function heldTask(trigger: Fields): Task {
  return { id: randomUUID(), trigger, status: 'held', outputs: { trigger }, done: 0 };
}

/**
 * Runs the steps of a Zap for one row, in order, until one of them ends the task. Never throws for what the
 * app does. A HaltedError ends it as `halted`, which is no error and never turns a Zap off [docs]; a search
 * that finds nothing ends it as `stopped` unless the step says to continue; on a stale connection it is `held`
 * [docs], the very run that met the refusal included [assumed]. A task that has run before goes on with the step
 * that ended it, as a replay does [docs]; paths and loops begin anew [assumed].
 */
export async function runTask(context: RunContext, task: Task): Promise<Task> {
  const { host, zap } = context;
  const { status, failure, done } = await runSteps(
    context,
    task.id,
    zap.steps.slice(task.done),
    task.outputs,
  );
  task.done += done;
  task.status = status;
  task.failure = failure;
  host.emit({ type: 'task', zap: zap.name, task: task.id, status, failure });
  return task;
}

async function runSteps(context: RunContext, task: string, steps: Step[], outputs: Outputs): Promise<End> {
  for (const [done, step] of steps.entries()) {
    if (step.kind === 'paths') return { ...(await runPaths(context, task, step, outputs)), done };
    if (step.kind === 'looping') return { ...(await runLoop(context, task, step, outputs)), done };
    const result = await runStep(context, step, outputs);
    const { outcome, input, output, failure, requests, ms } = result;
    report(context, task, step, { key: keyOf(step), outcome, input, result: output, failure, requests, ms });
    const status = statusAfter(step, outcome);
    if (status !== 'success') return { status, failure, done };
    if (output) outputs[step.id] = output;
  }
  return { status: 'success', done: steps.length };
}

/** One path after the other; what goes wrong in one does not keep the next from running [assumed]. */
async function runPaths(context: RunContext, task: string, step: PathsStep, outputs: Outputs): Promise<End> {
  const ends: End[] = [];
  for (const path of step.paths) {
    const open = path.rules.every((rule) => holds(rule, outputs));
    const outcome = open ? 'passed' : 'filtered';
    report(context, task, step, { key: path.name, outcome, input: {}, requests: 0, ms: 0 });
    if (open) ends.push(await runSteps(context, task, path.steps, { ...outputs }));
  }
  return worst(ends);
}

/** One item after the other, and one that fails does not keep the next from running [assumed]. */
async function runLoop(context: RunContext, task: string, step: LoopingStep, outputs: Outputs): Promise<End> {
  const items = mapValue(step.items, outputs);
  const rows = (Array.isArray(items) ? items : []).filter(isFields);
  const ends: End[] = [];
  for (const [index, item] of rows.entries()) {
    const key = `${index + 1} of ${rows.length}`;
    report(context, task, step, { key, outcome: 'passed', input: item, requests: 0, ms: 0 });
    ends.push(await runSteps(context, task, step.steps, { ...outputs, [step.id]: item }));
  }
  return worst(ends);
}

const BY_GRAVITY: TaskStatus[] = ['error', 'held', 'halted', 'stopped', 'success', 'filtered'];

function worst(ends: End[]): End {
  const [first] = [...ends].sort((a, b) => BY_GRAVITY.indexOf(a.status) - BY_GRAVITY.indexOf(b.status));
  return first ?? { status: 'filtered', done: 0 };
}

type Told = Cost & {
  key: string;
  outcome: StepOutcome;
  input: Fields;
  result?: Fields;
  failure?: Failure;
};

function report({ host, zap }: RunContext, task: string, { id, kind }: Step, told: Told): void {
  host.emit({ type: 'step', zap: zap.name, task, step: id, kind, ...told });
}

function keyOf(step: ActionStep | ToolStep): string {
  switch (step.kind) {
    case 'filter':
      return step.op;
    case 'formatter':
      return step.transform;
    case 'storage':
      return step.action;
    case 'code':
      return 'run_javascript';
    case 'other':
      return `${step.app}: ${step.action}`;
    default:
      return step.key;
  }
}

function statusAfter(step: ActionStep | ToolStep, outcome: StepOutcome): TaskStatus {
  if (outcome === 'not_found')
    return 'ifNothingFound' in step && step.ifNothingFound === 'continue' ? 'success' : 'stopped';
  if (outcome === 'filtered' || outcome === 'halted' || outcome === 'held' || outcome === 'error')
    return outcome;
  return 'success';
}

/** Runs one step with what came before it. Never throws for what the app does. */
export async function runStep(
  context: RunContext,
  step: ActionStep | ToolStep,
  before: Outputs,
): Promise<StepResult> {
  let mapped: Fields = {};
  try {
    const raw = rawInput(step);
    const outputs = await hydrateReferenced(raw, before, context.hydrate);
    mapped = mapInput(raw, outputs);
    if (step.kind !== 'create' && step.kind !== 'search' && step.kind !== 'searchOrCreate') {
      return { input: mapped, requests: 0, ms: 0, ...(await runTool(context, step, mapped, outputs)) };
    }
    if (context.connection.stale) {
      const failure = { kind: 'stale_connection', message: 'The connection has to be made anew.' } as const;
      return { outcome: 'held', input: mapped, failure, requests: 0, ms: 0 };
    }
    return await runAction(context, step, { raw, mapped });
  } catch (error) {
    if (!(error instanceof ZapFailure)) throw error;
    const { failure, requests, ms } = error;
    const held = failure.kind === 'refresh_failed' && context.connection.stale;
    const outcome = held ? 'held' : failure.kind === 'halted' ? 'halted' : 'error';
    return { outcome, input: mapped, failure, requests, ms };
  }
}

/** The part of a step that references stand in. */
function rawInput(step: ActionStep | ToolStep): Fields {
  switch (step.kind) {
    case 'filter':
      return { field: step.field, value: step.value };
    case 'formatter':
      return step.transform === 'lookup_table' ? { input: step.input } : { formula: step.formula };
    case 'storage':
      return step.action === 'set_child_values'
        ? { storeKey: step.storeKey, values: step.values }
        : { storeKey: step.storeKey };
    default:
      return step.input ?? {};
  }
}

async function runTool(
  { host }: RunContext,
  step: ToolStep,
  mapped: Fields,
  outputs: Outputs,
): Promise<{ outcome: StepOutcome; output?: Fields }> {
  switch (step.kind) {
    case 'filter':
      return { outcome: holds(step, outputs) ? 'passed' : 'filtered' };
    case 'formatter':
      return { outcome: 'done', output: runFormatter(step, mapped) };
    case 'storage':
      return { outcome: 'done', output: useStorage(step, mapped, host.store) };
    case 'code':
      return { outcome: 'done', output: runCode(step, mapped) };
    case 'other': {
      const { outcome, output } = await runOther(host.otherApps, step, mapped);
      const found = outcome !== 'not_found' && outcome !== 'created';
      return step.does === 'find' || step.does === 'find_or_create'
        ? { outcome, output: { ...output, [WAS_FOUND]: found } }
        : { outcome, output };
    }
  }
}

async function runAction(
  context: RunContext,
  step: ActionStep,
  input: { raw: Fields; mapped: Fields },
): Promise<StepResult> {
  if (step.kind === 'create') return { outcome: 'done', ...(await runCreate(context, step.key, input)) };
  if (step.kind === 'searchOrCreate') {
    const done = await runSearchOrCreate(context, step.key, input);
    return { ...done, output: { ...done.output, [WAS_FOUND]: done.outcome !== 'created' } };
  }
  const { rows, ...rest } = await runSearch(context, step.key, input);
  const [first] = rows;
  return isFields(first)
    ? { outcome: 'found', output: { ...first, [WAS_FOUND]: true }, ...rest }
    : { outcome: 'not_found', output: { [WAS_FOUND]: false }, ...rest };
}
