import type { Fields } from '../app/definition.ts';

/**
 * A Zap as data. Inputs hold text, or references to earlier outputs: `{{trigger.field}}`,
 * `{{step_id.nested.field}}`, `{{step_id.items[].name}}` (see mapping.ts).
 */
export type Zap = {
  name: string;
  trigger: Trigger;
  steps: Step[];
  /** IANA zone of the Zap; what dates without an offset are read in. Default: the account's. */
  timezone?: string;
};

export type Trigger = AppTrigger | OtherTrigger | ScheduleTrigger;

/** A trigger of the app that the runner runs. */
export type AppTrigger = { kind?: 'app'; key: string; input?: Fields };

/**
 * A trigger of another app: its rows come to the Zap's own URL. Whether that app would be polled or send hooks makes
 * no difference to the steps, and is not emulated; nor is its dedupe.
 */
type OtherTrigger = { kind: 'other'; app: string; event: string };

/** Schedule by Zapier. Here time does not set it off but `tick`. */
type ScheduleTrigger = { kind: 'schedule'; every: 'hour' | 'day' | 'week'; at?: string };

export type Step = ActionStep | ToolStep | PathsStep | LoopingStep;

/** Steps of the app that the runner runs. */
export type ActionStep = CreateStep | SearchStep | SearchOrCreateStep;

/** Steps that call no operation of the app: Zapier's own tools, as far as they are used, and other apps. */
export type ToolStep = FilterStep | FormatterStep | StorageStep | CodeStep | OtherStep;

/** What a person calls a step; nothing goes by it. */
type Base = { id: string; title?: string };

/**
 * The error handler of a step: steps that run in place of the rest where it errors or halts, and not where it is held
 * [docs help 22495436062605]. They see the message as `{{step_id.error_message}}` [assumed: the key].
 */
type Handled = { onError?: Step[] };

type CreateStep = Base & Handled & { kind: 'create'; key: string; input?: Fields };

type SearchStep = Base &
  Handled & {
    kind: 'search';
    key: string;
    input?: Fields;
    /** The editor's question whether a search that finds nothing counts as a success; `stop` is its default [docs]. */
    ifNothingFound?: 'continue' | 'stop';
  };

/** The fields of the search, of the create and of the update stand side by side in one input [assumed]. */
type SearchOrCreateStep = Base & Handled & { kind: 'searchOrCreate'; key: string; input?: Fields };

export type Condition = {
  /** A reference, such as `{{trigger.status}}`. */
  field: string;
  op:
    | 'equals'
    | 'not_equals'
    | 'exists'
    | 'not_exists'
    | 'contains'
    | 'not_contains'
    | 'greater_than'
    | 'less_than';
  value?: unknown;
};

/** Lets the Zap go on only where the condition holds, as Filter by Zapier does. */
type FilterStep = Base & { kind: 'filter' } & Condition;

/** Formatter by Zapier: a lookup table, or a spreadsheet-style formula (`MOD(x, y)`, `+`, `-` alone). */
export type FormatterStep = Base & { kind: 'formatter' } & (
    | { transform: 'lookup_table'; input: string; table: Record<string, string>; fallback?: string }
    | { transform: 'spreadsheet_formula'; formula: string }
  );

/** Storage by Zapier; all Zaps of a runner share one store. */
export type StorageStep = Base & { kind: 'storage' } & (
    | { action: 'get_value'; storeKey: string }
    | { action: 'set_child_values'; storeKey: string; values: Fields | string }
    | { action: 'increment_value'; storeKey: string }
  );

/**
 * Code by Zapier, in JavaScript. The function gets what the step's input maps, all as text, and uses nothing that is
 * not in it, so that its body can be pasted into Zapier.
 */
export type CodeStep = Base &
  Handled & {
    kind: 'code';
    input: Fields;
    code: (inputData: Record<string, string>) => Fields;
  };

/** An action or a search of another app, done by whatever stands for it (see other-app.ts). */
export type OtherStep = Base &
  Handled & {
    kind: 'other';
    app: string;
    /** What the action is called in that app. */
    action: string;
    /** What it comes to there. `update` and `delete` go by `input.id`; `find` and `list` by all of the input. */
    does: 'create' | 'update' | 'delete' | 'find' | 'find_or_create' | 'list';
    /** Which of that app's records, in the plural. */
    things: string;
    input?: Fields;
    /** For `find_or_create`: the inputs that it is found by. */
    by?: string[];
    ifNothingFound?: 'continue' | 'stop';
  };

/** Paths by Zapier: each path whose rules all hold is run, in order; a Zap ends with it. */
export type PathsStep = Base & { kind: 'paths'; paths: Path[] };

export type Path = { name: string; rules: Condition[]; steps: Step[] };

/** Looping by Zapier, over line items: the rest of the Zap, once for each of them; `{{step_id.…}}` is the item. */
export type LoopingStep = Base & { kind: 'looping'; items: string; steps: Step[] };

/**
 * Checks what the editor would not let a person build.
 * @throws Error when two steps share an id, or a step is called `trigger`, or an id could not be referred to, or
 * something stands after paths or a loop.
 */
export function checkZap(zap: Zap): void {
  const seen = new Set(['trigger']);
  const fail = (what: string) => new Error(`Zap "${zap.name}": ${what}`);
  for (const { id } of allSteps(zap.steps)) {
    if (!/^[A-Za-z_][\w-]*$/.test(id)) throw fail(`"${id}" cannot be a step's id.`);
    if (seen.has(id)) throw fail(`the id "${id}" is taken.`);
    seen.add(id);
  }
  for (const steps of allLists(zap.steps)) {
    const end = steps.slice(0, -1).find(({ kind }) => kind === 'paths' || kind === 'looping');
    if (end) throw fail(`nothing can stand after the ${end.kind} "${end.id}".`);
  }
}

/** Every step, those within paths and loops too, in the order of reading. */
export function allSteps(steps: Step[]): Step[] {
  return allLists(steps).flat();
}

/** The trigger, where it is one of the app's own. @throws Error where it is not. */
export function appTrigger({ name, trigger }: Zap): AppTrigger {
  if (trigger.kind === 'other' || trigger.kind === 'schedule')
    throw new Error(`"${name}" is not set off by the app.`);
  return trigger;
}

function allLists(steps: Step[]): Step[][] {
  const inner = steps.flatMap((step) => {
    if (step.kind === 'paths') return step.paths.flatMap((path) => allLists(path.steps));
    if (step.kind === 'looping') return allLists(step.steps);
    return 'onError' in step && step.onError ? allLists(step.onError) : [];
  });
  return [steps, ...inner];
}
