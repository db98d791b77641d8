import {
  type Fields,
  findOperation,
  hasDynamicFields,
  type OperationDefinition,
  staticFields,
} from '../app/definition.ts';
import type { Host } from '../app/host.ts';
import type { Connection } from '../connection/connection.ts';
import type { StepResult } from '../events.ts';
import { hydrateAll } from '../inputs/hydrate.ts';
import type { Outputs } from '../inputs/mapping.ts';
import { runStep } from '../steps/step.ts';
import { heldTask, runTask, type Task } from '../steps/task.ts';
import { callTrigger, rowsOf } from '../triggers/polling.ts';
import { checkFits } from './check.ts';
import { createRunContext, type RunContext } from './context.ts';
import { allSteps, appTrigger, type Zap } from './zap.ts';

// The editor offers three rows to choose from [docs].
const SAMPLES = 3;

export type EditorTest = {
  /** Up to three rows, hydrated; the trigger's static sample where the app gave none. */
  samples: Fields[];
  /** Whether the samples are the static one. */
  isStatic: boolean;
  /** The steps, run with the first sample; undefined unless asked for. */
  task?: Task;
};

/**
 * Tests a Zap as its author does in the editor: the trigger with isLoadingSample (a hook trigger through its
 * performList), pointers resolved at once [docs], and where `steps` is set the steps with the first sample.
 * Steps see no isLoadingSample [assumed: a test of an action is a real run].
 * @throws ZapFailure where the trigger fails. @throws Error for a trigger that is not the app's.
 */
export async function testZap(
  host: Host,
  zap: Zap,
  connection: Connection,
  options: { steps?: boolean } = {},
): Promise<EditorTest> {
  checkFits(host, zap);
  const context = createRunContext(host, zap, connection, 'editor');
  const operation = findOperation(host.definition, 'trigger', appTrigger(zap).key);
  const isHook = operation.type === 'hook';
  const listed = isHook && !operation.performList ? undefined : isHook ? 'performList' : 'perform';
  const reply = listed ? await callTrigger(context, listed, { isLoadingSample: true }) : undefined;
  const rows = rowsOf(reply?.results).slice(0, SAMPLES);
  const hydrated = (await hydrateAll(rows, context.hydrate)) as Fields[];
  const isStatic = hydrated.length === 0;
  const samples = isStatic && operation.sample ? [await staticSample(context, operation)] : hydrated;
  host.emit({
    type: 'sample',
    zap: zap.name,
    rows: hydrated.length,
    requests: reply?.requests ?? 0,
    ms: reply?.ms ?? 0,
  });
  const [first] = samples;
  const task = options.steps && first ? await runTask(context, heldTask(first)) : undefined;
  return { samples, isStatic, task };
}

/** The operation's own sample with those of its output fields. [source: zapier-platform-schema, PlainOutputFieldSchema] */
async function staticSample(
  context: RunContext,
  { sample, outputFields }: OperationDefinition,
): Promise<Fields> {
  const fields = hasDynamicFields(outputFields)
    ? rowsOf((await callTrigger(context, 'outputFields', {})).results)
    : staticFields(outputFields);
  const samples = fields.flatMap((field) =>
    'sample' in field ? [[String(field.key), field.sample] as const] : [],
  );
  return { ...sample, ...Object.fromEntries(samples) };
}

/**
 * Tests one step as its author does in the editor, with what the steps before it gave: it is run for real.
 * What the app does not do is told in the result.
 * @param outputs by step id; the trigger's row stands under `trigger`.
 * @throws Error for a step that the Zap does not have, and for paths and loops, which are no single step.
 */
export async function testStep(
  host: Host,
  zap: Zap,
  id: string,
  outputs: Outputs,
  connection: Connection,
): Promise<StepResult> {
  checkFits(host, zap);
  const step = allSteps(zap.steps).find((one) => one.id === id);
  if (!step) throw new Error(`Zap "${zap.name}" has no step "${id}".`);
  if (step.kind === 'paths' || step.kind === 'looping')
    throw new Error(`"${id}" holds other steps; test those.`);
  return runStep(createRunContext(host, zap, connection, 'editor'), step, outputs);
}

export type DropdownOptions = {
  /** From 0 [docs]. */
  page?: number;
  /** What the person typed into the dropdown. */
  search?: string;
};

/**
 * Fills a dropdown from a trigger, with isFillingDynamicDropdown and the page [docs]. Whether and how Zapier
 * tells the app what a person types into the dropdown is not established, so the app is not told: the rows of
 * this page are narrowed to those with a text that contains it, as the editor's list does on screen [assumed].
 * @throws ZapFailure
 */
export async function fillDropdown(
  host: Host,
  key: string,
  input: Fields,
  connection: Connection,
  { page = 0, search = '' }: DropdownOptions = {},
): Promise<Fields[]> {
  const zap: Zap = { name: 'dropdown', trigger: { key, input }, steps: [] };
  const context = createRunContext(host, zap, connection, `dropdown ${key}`);
  const reply = await callTrigger(context, 'perform', { isFillingDynamicDropdown: true, page });
  const rows = rowsOf(reply.results);
  host.emit({
    type: 'dropdown',
    trigger: key,
    rows: rows.length,
    page,
    requests: reply.requests,
    ms: reply.ms,
  });
  const wanted = search.toLowerCase();
  const contains = (value: unknown) => typeof value === 'string' && value.toLowerCase().includes(wanted);
  return wanted === '' ? rows : rows.filter((row) => Object.values(row).some(contains));
}
