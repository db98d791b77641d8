import { type Fields, isFields } from '../app/definition.ts';
import { ZapFailure } from '../app/failure.ts';
import type { Cost, StepOutcome, StepResult } from '../events.ts';
import { hydrateReferenced } from '../inputs/hydrate.ts';
import { mapInput, type Outputs } from '../inputs/mapping.ts';
import type { RunContext } from '../zap/context.ts';
import type { ActionStep, ToolStep } from '../zap/zap.ts';
import { runCreate, runSearch } from './actions.ts';
import { holds } from './filter.ts';
import { runOther } from './other-app.ts';
import { runSearchOrCreate } from './search-or-create.ts';
import { runCode, runFormatter, useStorage } from './tools.ts';

// The editor shows this field beside every search's output [measured by others].
const WAS_FOUND = '_zap_search_was_found_status';

/**
 * Runs one step that is no path and no loop. What the app throws is in the result, and is not thrown.
 * @param before the outputs that its references are filled in from.
 */
export async function runStep(
  context: RunContext,
  step: ActionStep | ToolStep,
  before: Outputs,
): Promise<StepResult> {
  const result = await tryStep(context, step, before);
  return { step: step.id, kind: step.kind, key: keyOf(step), ...result };
}

type Outcome = Cost & Pick<StepResult, 'outcome' | 'input' | 'output' | 'failure'>;

async function tryStep(context: RunContext, step: ActionStep | ToolStep, before: Outputs): Promise<Outcome> {
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
): Promise<Outcome> {
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
