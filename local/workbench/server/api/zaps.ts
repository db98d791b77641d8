import { z } from 'zod';
import { allSteps, type Fields, mapInput, type Step, type Zap } from '../../../zap-runner/index.ts';
import type { Bench } from '../bench.ts';
import { appNode, demandAppNode, nodesBefore, outputsBefore } from '../editing.ts';
import { type InputField, outputValues } from '../fields.ts';
import { formOf, labelOf, listOperations, outputFieldsOf, partsOf } from '../operations.ts';
import { storyFile } from '../story-file.ts';
import { turnOff, turnOn } from '../switching.ts';
import { demandConnection, testNode } from '../testing.ts';
import { type BenchZap, TRIGGER } from '../zaps.ts';
import { procedure, router } from './trpc.ts';

const byId = z.object({ id: z.string() });
const byNode = byId.extend({ node: z.string() });
const kind = z.enum(['create', 'search', 'searchOrCreate']);

/** The Zaps on the workbench: built, filled in, tested, turned on. */
export const zaps = router({
  operations: procedure.query(({ ctx }) => listOperations(ctx.world().runner.definition)),

  list: procedure.query(({ ctx }) => {
    if (!ctx.ready()) return [];
    return ctx.zaps.all().map((entry) => ({
      ...summaryOf(ctx, entry),
      runs: ctx.runs.all(entry.id).length,
      lastRun: ctx.runs.all(entry.id)[0]?.at ?? null,
    }));
  }),

  examples: procedure.query(({ ctx }) =>
    ctx.world().examples.map(({ name, title, who, zaps: own }) => ({ name, title, who, zaps: own.length })),
  ),

  get: procedure.input(byId).query(({ ctx, input }) => {
    const entry = ctx.zaps.get(input.id);
    return {
      ...summaryOf(ctx, entry),
      timezone: entry.zap.timezone ?? 'UTC',
      nodes: nodesOf(ctx, entry),
      samples: entry.samples,
      labels: entry.labels,
      held: entry.live?.held.length ?? 0,
    };
  }),

  create: procedure.mutation(({ ctx }) => {
    const { id } = ctx.zaps.add({ name: 'Untitled Zap', trigger: { key: '' }, steps: [] });
    ctx.feed.tell('zaps');
    return { id };
  }),

  remove: procedure.input(byId).mutation(async ({ ctx, input }) => {
    await turnOff(ctx, ctx.zaps.get(input.id));
    ctx.zaps.remove(input.id);
    ctx.feed.tell('zaps');
  }),

  rename: procedure.input(byId.extend({ name: z.string() })).mutation(({ ctx, input }) => {
    change(ctx, input.id, (zap) => ({ ...zap, name: ctx.zaps.freeName(input.name, input.id) }));
  }),

  setTimezone: procedure.input(byId.extend({ timezone: z.string() })).mutation(({ ctx, input }) => {
    change(ctx, input.id, (zap) => ({ ...zap, timezone: input.timezone }));
  }),

  setTrigger: procedure.input(byId.extend({ key: z.string() })).mutation(({ ctx, input }) => {
    const entry = change(ctx, input.id, (zap) => ({ ...zap, trigger: { key: input.key, input: {} } }));
    delete entry.tests[TRIGGER];
  }),

  addStep: procedure
    .input(byId.extend({ kind, key: z.string(), before: z.string().nullable() }))
    .mutation(({ ctx, input }) => {
      const id = freeStepId(ctx.zaps.get(input.id).zap, input.key);
      const step: Step = { id, kind: input.kind, key: input.key, input: {} };
      change(ctx, input.id, (zap) => {
        const at = zap.steps.findIndex((one) => one.id === input.before);
        const place = at === -1 ? zap.steps.length : at;
        return { ...zap, steps: zap.steps.toSpliced(place, 0, step) };
      });
      return { node: id };
    }),

  removeStep: procedure.input(byNode).mutation(({ ctx, input }) => {
    change(ctx, input.id, (zap) => ({ ...zap, steps: zap.steps.filter(({ id }) => id !== input.node) }));
  }),

  /** Fills in one field; an empty value takes it out. `chosen` is what the person saw of a value from a list. */
  setField: procedure
    .input(
      byNode.extend({
        key: z.string(),
        value: z.unknown(),
        chosen: z.object({ value: z.string(), label: z.string() }).optional(),
      }),
    )
    .mutation(({ ctx, input: { id, node, key, value, chosen } }) => {
      const entry = change(ctx, id, (zap) => withField(zap, node, key, value));
      if (chosen) entry.labels[labelKey(node, key, chosen.value)] = chosen.label;
    }),

  /** The form of a node for what is filled in. */
  form: procedure.input(byNode.extend({ key: z.string() })).query(({ ctx, input }) => {
    const node = appNode(ctx.zaps.get(input.id).zap, input.node);
    return node ? formOf(ctx.world().runner, node, ctx.connection) : [];
  }),

  /** One page of a dropdown, from 0. */
  choices: procedure
    .input(byNode.extend({ key: z.string(), cursor: z.number().default(0) }))
    .query(async ({ ctx, input }) => {
      const { runner } = ctx.world();
      const entry = ctx.zaps.get(input.id);
      const node = demandAppNode(entry.zap, input.node);
      const field = await fieldOf(ctx, node, input.key);
      const [trigger = '', value = 'id', label = value] = field?.dynamic?.split('.') ?? [];
      const list = runner.definition.triggers?.[trigger]?.operation;
      if (!list) throw new Error(`"${field?.label ?? input.key}" has no dropdown.`);
      const wanted = [list.inputFields ?? []].flat().map((one) => (one as InputField).key);
      const own = mapInput(node.input, outputsBefore(entry, input.node));
      const listInput = Object.fromEntries(Object.entries(own).filter(([key]) => wanted.includes(key)));
      const rows = await runner.dropdown(trigger, listInput, demandConnection(ctx), { page: input.cursor });
      return {
        choices: rows.map((row) => ({ value: String(row[value]), label: String(row[label] ?? row[value]) })),
        next: list.canPaginate && rows.length > 0 ? input.cursor + 1 : null,
      };
    }),

  /** What the nodes before this one gave, to map from. */
  data: procedure.input(byNode).query(async ({ ctx, input }) => {
    const entry = ctx.zaps.get(input.id);
    const before = nodesBefore(entry.zap, input.node);
    return Promise.all(
      before.map(async (node) => ({
        node,
        title: titleOf(ctx, entry.zap, node),
        number: before.indexOf(node) + 1,
        tested: Boolean(entry.tests[node]?.output),
        values: await valuesOf(ctx, entry, node),
      })),
    );
  }),

  /** What a test of this node gave, each value by its label. */
  output: procedure
    .input(byNode)
    .query(({ ctx, input }) => valuesOf(ctx, ctx.zaps.get(input.id), input.node)),

  test: procedure
    .input(byNode)
    .mutation(({ ctx, input }) => testNode(ctx, ctx.zaps.get(input.id), input.node)),

  turnOn: procedure.input(byId).mutation(({ ctx, input }) => turnOn(ctx, ctx.zaps.get(input.id))),
  turnOff: procedure.input(byId).mutation(({ ctx, input }) => turnOff(ctx, ctx.zaps.get(input.id))),

  poll: procedure.input(byId).mutation(async ({ ctx, input }) => {
    const { live } = ctx.zaps.get(input.id);
    const tasks = live?.zap.trigger.kind === 'schedule' ? await live.tick() : await live?.poll();
    return { runs: tasks?.length ?? 0 };
  }),

  /** Runs what flood protection or a stale connection held back. */
  release: procedure.input(byId).mutation(async ({ ctx, input }) => {
    await ctx.zaps.get(input.id).live?.release();
    ctx.feed.tell('zaps');
  }),

  /** Sends the Zap what another app would send it. */
  send: procedure.input(byId.extend({ sample: z.number() })).mutation(async ({ ctx, input }) => {
    const { live, samples } = ctx.zaps.get(input.id);
    const sample = samples[input.sample];
    if (!live || !sample)
      throw new Error('Turn the Zap on first: what is sent to a Zap that is off is lost.');
    await live.deliver(sample.payload);
  }),

  /** The Zap as a file of zaps/stories/. */
  file: procedure.input(byId).mutation(({ ctx, input }) => {
    const { zap } = ctx.zaps.get(input.id);
    const costs = ctx.runs
      .all(input.id)
      .map(({ steps }) => steps.reduce((sum, step) => sum + step.requests, 0));
    return storyFile(zap, ctx.world().fieldNames, Math.max(0, ...costs));
  }),

  /** Opens the Zaps of an example. Gives the first. */
  open: procedure.input(z.object({ name: z.string() })).mutation(({ ctx, input }) => {
    const example = ctx.world().examples.find(({ name }) => name === input.name);
    if (!example) throw new Error(`There is no example "${input.name}".`);
    const [first] = example.zaps.map(({ zap }) => {
      const known = ctx.zaps.byName(zap.name);
      return known ?? ctx.zaps.add(zap, { samples: example.samples });
    });
    ctx.feed.tell('zaps');
    return { id: first?.id ?? '' };
  }),
});

/** @throws Error in words for a person where the Zap is on, as what runs must be what is shown */
function change(ctx: Bench, id: string, edit: (zap: Zap) => Zap): BenchZap {
  const entry = ctx.zaps.get(id);
  if (entry.live) throw new Error('The Zap is on. Turn it off to change it.');
  entry.zap = edit(entry.zap);
  ctx.feed.tell('zaps');
  return entry;
}

function withField(zap: Zap, node: string, key: string, value: unknown): Zap {
  const edit = (input: Fields = {}): Fields => {
    const { [key]: _before, ...rest } = input;
    const empty = value === '' || value === null || value === undefined;
    return empty || (Array.isArray(value) && value.length === 0) ? rest : { ...input, [key]: value };
  };
  if (node === TRIGGER) {
    const { trigger } = zap;
    if (trigger.kind === 'other' || trigger.kind === 'schedule') return zap;
    return { ...zap, trigger: { ...trigger, input: edit(trigger.input) } };
  }
  const walk = (step: Step): Step => {
    if (step.kind === 'paths') {
      return { ...step, paths: step.paths.map((path) => ({ ...path, steps: path.steps.map(walk) })) };
    }
    if (step.kind === 'looping') return { ...step, steps: step.steps.map(walk) };
    return step.id === node && 'input' in step
      ? ({ ...step, input: edit(step.input as Fields) } as Step)
      : step;
  };
  return { ...zap, steps: zap.steps.map(walk) };
}

function labelKey(node: string, field: string, value: string): string {
  return JSON.stringify([node, field, value]);
}

function freeStepId(zap: Zap, key: string): string {
  const taken = new Set(allSteps(zap.steps).map(({ id }) => id));
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? key : `${key}_${number}`;
    if (!taken.has(id)) return id;
  }
}

async function fieldOf(
  ctx: Bench,
  node: { kind: 'trigger' | 'create' | 'search' | 'searchOrCreate'; key: string; input: Fields },
  key: string,
) {
  const { runner } = ctx.world();
  for (const part of partsOf(runner.definition, node)) {
    const fields = (await runner.fields(
      part.kind,
      part.key,
      node.input,
      ctx.connection ?? undefined,
    )) as InputField[];
    const found = fields.find((field) => field.key === key);
    if (found) return found;
  }
  return undefined;
}

async function valuesOf(ctx: Bench, entry: BenchZap, node: string) {
  const output = entry.tests[node]?.output;
  if (!output) return [];
  const own = appNode(entry.zap, node);
  const fields = own ? await outputFieldsOf(ctx.world().runner, own, ctx.connection) : [];
  return outputValues(node, output, fields);
}

function summaryOf(ctx: Bench, { id, zap, live, problem }: BenchZap) {
  return {
    id,
    name: zap.name,
    on: live !== null,
    polled: live !== null && !live.targetUrl,
    problem: problem?.message ?? null,
    steps: [TRIGGER, ...allSteps(zap.steps).map((step) => step.id)].map((node) => titleOf(ctx, zap, node)),
  };
}

/** What Zapier calls its own tools. */
const TOOLS: Partial<Record<Step['kind'], string>> = {
  filter: 'Filter by Zapier',
  formatter: 'Formatter by Zapier',
  storage: 'Storage by Zapier',
  code: 'Code by Zapier',
  paths: 'Paths by Zapier',
  looping: 'Looping by Zapier',
};

/** What a node is called on the screen. */
function titleOf(ctx: Bench, zap: Zap, node: string): string {
  const app = ctx.world().runner.definition;
  const own = appNode(zap, node);
  if (own) return labelOf(app, own.kind, own.key);
  if (node === TRIGGER) {
    const { trigger } = zap;
    if (trigger.kind === 'other') return `${trigger.app}: ${trigger.event}`;
    if (trigger.kind === 'schedule') return `Every ${trigger.every}${trigger.at ? `, ${trigger.at}` : ''}`;
    return 'Choose a trigger';
  }
  const step = allSteps(zap.steps).find(({ id }) => id === node);
  if (!step) return node;
  if (step.title) return step.title;
  return step.kind === 'other' ? `${step.app}: ${step.action}` : (TOOLS[step.kind] ?? step.kind);
}

/** The nodes as the editor draws them, those within paths and loops further in. */
function nodesOf(ctx: Bench, { zap, tests }: BenchZap) {
  const nodes: ReturnType<typeof nodeOf>[] = [nodeOf(TRIGGER, null, 0)];
  const walk = (steps: Step[], depth: number) => {
    for (const step of steps) {
      nodes.push(nodeOf(step.id, step, depth));
      if (step.kind === 'paths') for (const path of step.paths) walk(path.steps, depth + 1);
      if (step.kind === 'looping') walk(step.steps, depth + 1);
    }
  };
  walk(zap.steps, 0);
  return nodes;

  function nodeOf(id: string, step: Step | null, depth: number) {
    const own = appNode(zap, id);
    return {
      id,
      depth,
      title: titleOf(ctx, zap, id),
      app: own !== null || (id === TRIGGER && !zap.trigger.kind),
      kind: step?.kind ?? ('trigger' as const),
      key: own?.key ?? '',
      input: own?.input ?? {},
      /** For steps that the app does not have: what is set in them, as data. */
      settings: own ? null : settingsOf(step ?? zap.trigger),
      test: tests[id] ?? null,
    };
  }
}

function settingsOf(node: Step | Zap['trigger']): Record<string, string> {
  const { id: _id, kind: _kind, ...rest } = node as Record<string, unknown>;
  const shown = Object.entries(rest).filter(([key]) => key !== 'steps' && key !== 'title');
  return Object.fromEntries(
    shown.map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value),
    ]),
  );
}
