import { type OtherApps, startOtherApps } from '../../../local/other-apps/server.ts';
import type { Step, Zap } from '../../../local/zap-runner/index.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
let apps: OtherApps;
beforeEach(async () => {
  apps = await startOtherApps();
  bench = await startBench({ otherApps: apps.url });
});
afterEach(async () => {
  await bench.close();
  await apps.close();
});

const zapOf = (steps: Step[]): Zap => ({
  name: 'tools',
  trigger: { kind: 'other', app: 'Forms', event: 'New Entry' },
  steps,
});

async function run(steps: Step[], row: object = { id: '7', name: 'Ann' }) {
  const live = await bench.runner.turnOn(zapOf(steps), bench.connection);
  expect(await live.deliver(row)).toBe(200);
  const [task] = live.tasks;
  if (!task) throw new Error('no task ran');
  return { task, live };
}

const outcomes = () => bench.of('step').map(({ step, key, outcome }) => `${step} ${key} ${outcome}`);

describe('Storage and Formatter', () => {
  it('hand people out in turn', async () => {
    const live = await bench.runner.turnOn(
      zapOf([
        { id: 'count', kind: 'storage', action: 'increment_value', storeKey: 'turn' },
        {
          id: 'turn',
          kind: 'formatter',
          transform: 'spreadsheet_formula',
          formula: 'MOD({{count.value}}, 2)+1',
        },
        {
          id: 'who',
          kind: 'formatter',
          transform: 'lookup_table',
          input: '{{turn.output}}',
          table: { 1: 'Ann', 2: 'Bo' },
        },
      ]),
      bench.connection,
    );
    for (const id of ['1', '2', '3']) await live.deliver({ id });
    expect(live.tasks.map(({ outputs }) => outputs.who?.output)).toEqual(['Bo', 'Ann', 'Bo']);
  });

  it('set some children of a value and leave the others', async () => {
    const { task } = await run([
      {
        id: 'one',
        kind: 'storage',
        action: 'set_child_values',
        storeKey: 'd{{trigger.id}}',
        values: { a: 1 },
      },
      {
        id: 'two',
        kind: 'storage',
        action: 'set_child_values',
        storeKey: 'd7',
        values: { b: '{{trigger.no}}', c: 2 },
      },
      { id: 'read', kind: 'storage', action: 'get_value', storeKey: 'd7' },
      { id: 'none', kind: 'storage', action: 'get_value', storeKey: 'd8' },
    ]);
    expect(task.outputs.read).toEqual({ value: { a: 1, c: 2 } });
    expect(task.outputs.none).toEqual({ value: null });
  });

  it('fall back where the table has nothing, and refuse a formula they do not know', async () => {
    const { task } = await run([
      { id: 'who', kind: 'formatter', transform: 'lookup_table', input: 'x', table: {}, fallback: 'Cy' },
      { id: 'bad', kind: 'formatter', transform: 'spreadsheet_formula', formula: 'SUM(1, 2)' },
    ]);
    expect(task.outputs.who).toEqual({ output: 'Cy' });
    expect(task.failure?.message).toBe('The formula "SUM(1, 2)" is not emulated.');
  });
});

describe('Code', () => {
  it('gets text alone and stands by itself', async () => {
    const { task } = await run(
      [
        {
          id: 'add',
          kind: 'code',
          input: { a: '{{trigger.n}}', b: '{{trigger.none}}' },
          code: (inputData) => ({ sum: `${typeof inputData.a} ${Number(inputData.a) + 1}${inputData.b}` }),
        },
        { id: 'reach', kind: 'code', input: {}, code: () => ({ out: String(bench) }) },
      ],
      { id: '1', n: 2 },
    );
    expect(task.outputs.add).toEqual({ sum: 'string 3' });
    expect(task.status).toBe('error');
    expect(task.failure?.message).toMatch(/bench/);
  });
});

describe('Paths', () => {
  const path = (name: string, value: string): { name: string; rules: []; steps: Step[] } => ({
    name,
    rules: [],
    steps: [{ id: name, kind: 'formatter', transform: 'lookup_table', input: value, table: {} }],
  });

  it('run each that is open, and no other', async () => {
    const rules = (value: string) => [{ field: '{{trigger.name}}', op: 'equals' as const, value }];
    const { task } = await run([
      {
        id: 'which',
        kind: 'paths',
        paths: [
          { ...path('no', ''), rules: rules('Bo') },
          { ...path('yes', ''), rules: rules('Ann') },
          path('always', ''),
        ],
      },
    ]);
    expect(task.status).toBe('success');
    expect(outcomes()).toEqual([
      'which no filtered',
      'which yes passed',
      'yes lookup_table done',
      'which always passed',
      'always lookup_table done',
    ]);
  });

  it('end well where none opens, and an error in one does not keep the next from running', async () => {
    const fails: Step = {
      id: 'fails',
      kind: 'other',
      app: 'Sheet',
      action: 'Update Row',
      does: 'update',
      things: 'rows',
      input: { id: '9' },
    };
    const { task } = await run([
      { id: 'which', kind: 'paths', paths: [{ name: 'first', rules: [], steps: [fails] }, path('next', '')] },
    ]);
    expect(task.status).toBe('error');
    expect(task.failure?.message).toBe('Sheet has nothing with the ID 9 among its rows.');
    expect(outcomes().at(-1)).toBe('next lookup_table done');
    const shut = [{ field: '{{trigger.none}}', op: 'exists' as const }];
    const other = await run([
      { id: 'none', kind: 'paths', paths: [{ name: 'shut', rules: shut, steps: [] }] },
    ]);
    expect(other.task.status).toBe('success');
  });

  it('end a Zap', async () => {
    const paths: Step = { id: 'which', kind: 'paths', paths: [] };
    await expect(run([paths, { id: 'after', kind: 'filter', field: 'x', op: 'exists' }])).rejects.toThrow(
      'nothing can stand after the paths "which"',
    );
  });
});

describe('Looping', () => {
  it('runs the rest for each item, and goes on where one fails', async () => {
    apps.refuse('Chat', { status: 503, message: 'Chat is away.', method: 'POST' });
    const say: Step = {
      id: 'say',
      kind: 'other',
      app: 'Chat',
      action: 'Send Message',
      does: 'create',
      things: 'messages',
      input: { text: '{{each.name}} for {{trigger.id}}' },
    };
    const { task } = await run([{ id: 'each', kind: 'looping', items: '{{trigger.people}}', steps: [say] }], {
      id: '1',
      people: [{ name: 'Ann' }, { name: 'Bo' }],
    });
    expect(task.status).toBe('error');
    expect(task.failure?.message).toBe('Chat is away.');
    expect(apps.records('Chat', 'messages').map(({ text }) => text)).toEqual(['Bo for 1']);
  });
});

describe('a step of another app', () => {
  const step = (does: 'find' | 'find_or_create' | 'list', rest: object): Step =>
    ({
      id: 'found',
      kind: 'other',
      app: 'Books',
      action: 'Find Customer',
      does,
      things: 'customers',
      ...rest,
    }) as Step;

  it('finds, or creates, by the fields that it goes by', async () => {
    const plan = { input: { email: 'a@b.example', name: '{{trigger.name}}' }, by: ['email'] };
    const first = await run([step('find_or_create', plan)]);
    const second = await run([step('find_or_create', plan)], { name: 'Other' });
    expect(first.task.outputs.found).toMatchObject({ name: 'Ann', _zap_search_was_found_status: false });
    expect(second.task.outputs.found).toMatchObject({ name: 'Ann', _zap_search_was_found_status: true });
    expect(apps.records('Books', 'customers')).toHaveLength(1);
    expect(apps.calls().map(({ method, action }) => `${method} ${action}`)).toEqual([
      'GET Find Customer',
      'POST Find Customer',
      'GET Find Customer',
    ]);
  });

  it('stops the Zap where nothing is found, unless told to go on', async () => {
    const none = { input: { email: 'nobody' } };
    expect((await run([step('find', none)])).task.status).toBe('stopped');
    expect((await run([step('find', { ...none, ifNothingFound: 'continue' })])).task.status).toBe('success');
  });

  it('lists at most so many', async () => {
    for (const name of ['a', 'b', 'c']) apps.add('Books', 'customers', { name, open: 'yes' });
    const { task } = await run([step('list', { input: { open: 'yes', limit: 2 } })]);
    expect(task.outputs.found?.customers).toMatchObject([{ name: 'a' }, { name: 'b' }]);
  });

  it('cannot be taken where nothing stands for other apps', async () => {
    const bare = await startBench();
    const live = await bare.runner.turnOn(zapOf([step('find', { input: {} })]), bare.connection);
    await live.deliver({ id: '1' });
    expect(live.tasks[0]?.failure?.message).toBe('Nothing stands for Books in this runner.');
    await bare.close();
  });
});

test('a schedule strikes when told', async () => {
  const zap: Zap = { name: 'daily', trigger: { kind: 'schedule', every: 'day', at: '06:00' }, steps: [] };
  const live = await bench.runner.turnOn(zap, bench.connection);
  expect(await live.tick()).toMatchObject([
    { status: 'success', trigger: { id: '2026-01-02T03:04:05.000Z' } },
  ]);
  await expect(live.poll()).rejects.toThrow('is not polled');
  await live.turnOff();
  await expect(live.tick()).rejects.toThrow('is off');
});

test('a replay goes on with the step that failed, and does none before it again', async () => {
  apps.refuse('Chat', { status: 500, message: 'Away.' });
  const { task, live } = await run([
    { id: 'count', kind: 'storage', action: 'increment_value', storeKey: 'k' },
    {
      id: 'say',
      kind: 'other',
      app: 'Chat',
      action: 'Send',
      does: 'create',
      things: 'messages',
      input: { n: '{{count.value}}' },
    },
  ]);
  expect(task.status).toBe('error');
  await live.replay(task);
  expect(task.status).toBe('success');
  expect(apps.records('Chat', 'messages')).toMatchObject([{ n: 1 }]);
  expect(outcomes().filter((line) => line.startsWith('count'))).toHaveLength(1);
});

test('filters compare numbers, and what is not contained', async () => {
  const { task } = await run(
    [
      { id: 'more', kind: 'filter', field: '{{trigger.n}}', op: 'greater_than', value: '4' },
      { id: 'less', kind: 'filter', field: '{{trigger.n}}', op: 'less_than', value: 12 },
      { id: 'without', kind: 'filter', field: '{{trigger.t}}', op: 'not_contains', value: 'mark' },
      { id: 'none', kind: 'filter', field: '{{trigger.gone}}', op: 'greater_than', value: -1 },
    ],
    { n: '10', t: 'plain' },
  );
  expect(task.status).toBe('filtered');
  expect(outcomes()).toEqual([
    'more greater_than passed',
    'less less_than passed',
    'without not_contains passed',
    'none greater_than filtered',
  ]);
});

test('the stand-in tells of what a person does there, and of what a Zap does', async () => {
  const live = await bench.runner.turnOn(zapOf([]), bench.connection);
  apps.subscribe('CRM', 'items', 'changed', live.targetUrl ?? '');
  const { id } = apps.add('CRM', 'items', { name: 'One' });
  apps.repeat(1);
  apps.edit('CRM', 'items', id, { name: 'Two' });
  const change: Step = {
    id: 'change',
    kind: 'other',
    app: 'CRM',
    action: 'Update',
    does: 'update',
    things: 'items',
    input: { id, name: 'Three' },
  };
  await run([change]);
  await apps.idle();
  await live.idle();
  expect(live.tasks.map(({ trigger }) => trigger.name).sort()).toEqual(['Three', 'Two', 'Two']);
});
