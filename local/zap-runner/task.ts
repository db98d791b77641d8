import { randomUUID } from 'node:crypto';
import { runCreate, runSearch } from './actions.ts';
import { type Fields, isFields } from './definition.ts';
import type { Cost, StepOutcome, TaskStatus } from './events.ts';
import { type Failure, ZapFailure } from './failure.ts';
import { passesFilter } from './filter.ts';
import { hydrateReferenced } from './hydrate.ts';
import { mapInput, type Outputs } from './mapping.ts';
import type { RunContext } from './run-context.ts';
import { runSearchOrCreate } from './search-or-create.ts';
import type { Step } from './zap.ts';

/** One run of a Zap: the row that set it off, and what the steps made of it. */
export type Task = {
  id: string;
  trigger: Fields;
  status: TaskStatus;
  outputs: Outputs;
  failure?: Failure;
};

type StepResult = Cost & { outcome: StepOutcome; input: Fields; output?: Fields; failure?: Failure };

// The editor shows this field beside every search's output [measured by others: public outputs of Zaps].
const WAS_FOUND = '_zap_search_was_found_status';

/** A task that has not run: what flood protection holds back. */
export function heldTask(trigger: Fields): Task {
  return { id: randomUUID(), trigger, status: 'held', outputs: { trigger } };
}

/**
 * Runs the steps of a Zap for one row, in order, until one of them ends the task. Never throws for what the
 * app does. A HaltedError ends it as `halted`, which is no error and never turns a Zap off [docs]; a search
 * that finds nothing ends it as `stopped` unless the step says to continue; on a stale connection it is `held`
 * [docs], the very run that met the refusal included [assumed].
 */
export async function runTask(context: RunContext, task: Task): Promise<Task> {
  const { host, zap } = context;
  task.outputs = { trigger: task.trigger };
  task.status = 'success';
  task.failure = undefined;
  for (const step of zap.steps) {
    const result = await runStep(context, step, task.outputs);
    const { outcome, input, output, failure, requests, ms } = result;
    const key = step.kind === 'filter' ? step.op : step.key;
    const head = { type: 'step', zap: zap.name, task: task.id, step: step.id, kind: step.kind, key } as const;
    host.emit({ ...head, outcome, input, result: output, failure, requests, ms });
    task.failure = failure;
    task.status = statusAfter(step, outcome);
    if (task.status !== 'success') break;
    if (output) task.outputs[step.id] = output;
  }
  host.emit({ type: 'task', zap: zap.name, task: task.id, status: task.status, failure: task.failure });
  return task;
}

function statusAfter(step: Step, outcome: StepOutcome): TaskStatus {
  if (outcome === 'not_found')
    return step.kind === 'search' && step.ifNothingFound === 'continue' ? 'success' : 'stopped';
  if (outcome === 'filtered' || outcome === 'halted' || outcome === 'held' || outcome === 'error')
    return outcome;
  return 'success';
}

async function runStep(context: RunContext, step: Step, before: Outputs): Promise<StepResult> {
  const free = { requests: 0, ms: 0 };
  let mapped: Fields = {};
  try {
    const raw: Fields =
      step.kind === 'filter' ? { field: step.field, value: step.value } : (step.input ?? {});
    const outputs = await hydrateReferenced(raw, before, context.hydrate);
    mapped = mapInput(raw, outputs);
    if (step.kind === 'filter') {
      return { outcome: passesFilter(step, outputs) ? 'passed' : 'filtered', input: mapped, ...free };
    }
    if (context.connection.stale) {
      const message = 'The connection has to be made anew.';
      return { outcome: 'held', input: mapped, failure: { kind: 'stale_connection', message }, ...free };
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

async function runAction(
  context: RunContext,
  step: Exclude<Step, { kind: 'filter' }>,
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
