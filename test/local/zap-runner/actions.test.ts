import type { Step } from '../../../local/zap-runner/index.ts';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await startBench({ timeoutMs: 3000 });
});
afterEach(() => bench.close());

/** Runs steps once for a row, through a hook so that the row can be anything. */
async function run(steps: Step[], row: object = { id: '7', name: 'Ann' }) {
  const zap = { name: 'steps', trigger: { key: 'item_changed_instant' }, steps };
  const live = await bench.runner.turnOn(zap, bench.connection);
  await live.deliver(row);
  const [task] = live.tasks;
  if (!task) throw new Error('no task ran');
  return task;
}

test('a create gets its input mapped and typed, its defaults, and its result from performGet', async () => {
  const input = { name: 'For {{trigger.name}}', value: '12.5', tags: 'a, b', custom: '{{trigger.id}}' };
  const task = await run([{ id: 'made', kind: 'create', key: 'create_item', input }]);
  expect(task.status).toBe('success');
  expect(task.outputs.made).toMatchObject({
    name: 'For Ann',
    value: 12.5,
    tags: ['a', 'b'],
    source: 'zap',
    custom: '7',
  });
  expect(bench.of('step')[0]).toMatchObject({ outcome: 'done', requests: 2 });
});

test('one step is tested with what came before it, and the app is told nothing else', async () => {
  const { runner, connection } = bench;
  const input = { name: 'For {{trigger.name}}', value: '3' };
  const zap = {
    name: 'steps',
    trigger: { key: 'item_changed_instant' },
    steps: [
      { id: 'made', kind: 'create' as const, key: 'create_item', input },
      { id: 'again', kind: 'create' as const, key: 'create_item', input: { name: '{{made.id}}' } },
    ],
  };
  const outputs = { trigger: { id: '7', name: 'Ann' }, made: { id: 'd9' } };
  expect(await runner.testStep(zap, 'again', outputs, connection)).toMatchObject({
    outcome: 'done',
    input: { name: 'd9' },
    output: { name: 'd9' },
  });
  expect(bench.crm.items).toHaveLength(1);
  expect(await runner.testStep(zap, 'made', {}, connection)).toMatchObject({ output: { name: 'For ' } });
  await expect(runner.testStep(zap, 'gone', outputs, connection)).rejects.toThrow('has no step "gone"');
});

test('an action with a lock runs once at a time for each key', async () => {
  const live = await bench.runner.turnOn(
    {
      name: 'locked',
      trigger: { key: 'item_changed_instant' },
      steps: [{ id: 'made', kind: 'create', key: 'locked', input: { name: '{{trigger.name}}' } }],
    },
    bench.connection,
  );
  await Promise.all(['Ann', 'Ann', 'Bo', 'Ann'].map((name, id) => live.deliver({ id: String(id), name })));
  expect(live.tasks.map(({ status }) => status)).toEqual(['success', 'success', 'success', 'success']);
  expect(bench.crm.items.map(({ name }) => name).sort()).toEqual(['Ann', 'Bo']);
});

test('each request of the app is told as it was made and answered', async () => {
  await run([{ id: 'made', kind: 'create', key: 'create_item', input: { name: 'Ann' } }]);
  const post = bench.of('request').find(({ method, url }) => method === 'POST' && url.endsWith('/items'));
  expect(post).toMatchObject({
    headers: { 'content-type': 'application/json' },
  });
  expect(JSON.parse(post?.sent ?? '')).toMatchObject({ name: 'Ann' });
  expect(JSON.parse(post?.received ?? '')).toEqual({ id: 'd1' });
});

test('the bundle is like production: full meta, the raw input, no nulls', async () => {
  const task = await run([{ id: 'made', kind: 'create', key: 'echo', input: { text: '{{trigger.name}}' } }]);
  const bundle = JSON.parse(String(task.outputs.made?.bundle));
  expect(bundle.inputData).toStrictEqual({ text: 'Ann' });
  expect(bundle.inputDataRaw).toStrictEqual({ text: '{{trigger.name}}' });
  expect(bundle.meta).toStrictEqual({
    isBulkRead: false,
    isFillingDynamicDropdown: false,
    isLoadingSample: false,
    isPopulatingDedupe: false,
    isTestingAuth: false,
    limit: -1,
    page: 0,
    timezone: 'America/Chicago',
    inputFields: {},
  });
});

test('fields that depend on the input are asked for, and their meta reaches the bundle', async () => {
  const { runner, connection } = bench;
  const keys = async (input: object) =>
    (await runner.fields('create', 'create_item', { ...input }, connection)).map(({ key }) => key);
  expect(await keys({})).not.toContain('custom');
  expect(await keys({ name: 'a' })).toContain('custom');
  const reply = await runner.call('create', 'create_item', { name: 'a', custom: 'c' }, connection);
  expect(reply.results).toMatchObject({ id: 'd1' });
  expect(bench.crm.items[0]).toMatchObject({ custom: 'c', meta: { custom: { hash: 'h1' } } });
});

test('a missing required field, or one that does not exist, ends the step before the app is called', async () => {
  const missing = await run([
    { id: 'made', kind: 'create', key: 'create_item', input: { name: '{{trigger.none}}' } },
  ]);
  expect(missing).toMatchObject({ status: 'error', failure: { kind: 'missing_field' } });
  expect(missing.failure?.message).toContain('"Name"');
  const unknown = await run([{ id: 'made', kind: 'create', key: 'echo', input: { typo: '1' } }]);
  expect(unknown).toMatchObject({ status: 'error', failure: { kind: 'unknown_field' } });
});

test('a throttled action waits as long as it is told, then goes on', async () => {
  bench.crm.throttle = { times: 2, seconds: 7 };
  const task = await run([{ id: 'made', kind: 'create', key: 'throttled' }]);
  expect(task.outputs.made).toStrictEqual({ id: 'through' });
  expect(bench.slept).toStrictEqual([7000, 7000]);
  expect(bench.of('throttled')).toMatchObject([
    { delaySeconds: 7, attempt: 1 },
    { delaySeconds: 7, attempt: 2 },
  ]);
  expect(bench.of('step')[0]).toMatchObject({ outcome: 'done', requests: 3 });
});

test('an action that stays throttled fails in the end', async () => {
  bench.crm.throttle = { times: 99 };
  const task = await run([{ id: 'made', kind: 'create', key: 'throttled' }]);
  expect(task).toMatchObject({ status: 'error', failure: { kind: 'throttled' } });
  expect(bench.slept).toStrictEqual([60_000, 60_000, 60_000]);
});

test('a HaltedError stops the task without being an error', async () => {
  const after = { id: 'after', kind: 'create' as const, key: 'echo' };
  const task = await run([{ id: 'made', kind: 'create', key: 'failing', input: { how: 'halt' } }, after]);
  expect(task).toMatchObject({
    status: 'halted',
    failure: { kind: 'halted', message: 'There is one already.' },
  });
  expect(bench.of('step')).toHaveLength(1);
});

test.each([
  ['app', { kind: 'app', message: 'The stage is closed.', code: 'CLOSED', status: 422 }],
  ['http', { kind: 'response', status: 404 }],
  ['hang', { kind: 'timeout', message: 'No answer within 3 s.' }],
])('an error is read back: %s', async (how, failure) => {
  const task = await run([{ id: 'made', kind: 'create', key: 'failing', input: { how } }]);
  expect(task).toMatchObject({ status: 'error', failure });
});

test('a search gives its first row alone', async () => {
  bench.crm.items = ['Ann', 'Anna'].map((name) => ({ id: name, name, changed_at: 't' }));
  const task = await run([
    { id: 'found', kind: 'search', key: 'find_item', input: { name: '{{trigger.name}}' } },
  ]);
  expect(task.outputs.found).toMatchObject({ id: 'Ann', _zap_search_was_found_status: true });
});

test('a search that finds nothing stops the task, or not, as the step says', async () => {
  const search = { id: 'found', kind: 'search' as const, key: 'find_item', input: { name: 'Zoe' } };
  const after = { id: 'after', kind: 'create' as const, key: 'echo', input: { text: 'x{{found.id}}' } };
  expect(await run([search, after])).toMatchObject({ status: 'stopped' });
  const going = await run([{ ...search, ifNothingFound: 'continue' }, after]);
  expect(going.status).toBe('success');
  expect(going.outputs.found).toStrictEqual({ _zap_search_was_found_status: false });
  expect(JSON.parse(String(going.outputs.after?.bundle)).inputData).toStrictEqual({ text: 'x' });
});

describe('search-or-create', () => {
  const step = (key: string): Step => ({
    id: 'it',
    kind: 'searchOrCreate',
    key,
    input: { name: 'Ann', value: '5' },
  });
  const held = { id: 'd1', name: 'Ann', changed_at: 't' };

  test('creates what it does not find, and says so in meta', async () => {
    const task = await run([step('find_item')]);
    expect(task.outputs.it).toMatchObject({
      id: 'd1',
      value: 5,
      withSearch: 'find_item',
      _zap_search_was_found_status: false,
    });
    expect(bench.of('step')[0]).toMatchObject({ outcome: 'created', requests: 3 });
  });

  test('takes what it finds', async () => {
    bench.crm.items = [{ ...held }];
    const task = await run([step('find_item')]);
    expect(task.outputs.it).toStrictEqual({ ...held, _zap_search_was_found_status: true });
    expect(bench.of('step')[0]).toMatchObject({ outcome: 'found', requests: 1 });
    expect(bench.crm.items).toHaveLength(1);
  });

  test('updates what it finds, where the app says how', async () => {
    bench.crm.items = [{ ...held }];
    const task = await run([step('find_and_update')]);
    expect(task.outputs.it).toMatchObject({ id: 'd1', value: 5, _zap_search_was_found_status: true });
    expect(bench.of('step')[0]).toMatchObject({
      outcome: 'updated',
      input: { id: 'd1', value: 5 },
      requests: 2,
    });
  });

  test('does not update a row that is not the exact one', async () => {
    bench.crm.items = [{ ...held, name: 'Anna' }];
    await run([step('find_and_update')]);
    expect(bench.of('step')[0]).toMatchObject({ outcome: 'created' });
    expect(bench.crm.items).toHaveLength(2);
  });
});

test.each([
  ['equals', 'Ann', 'success'],
  ['equals', 'Bo', 'filtered'],
  ['equals', 'ann', 'filtered'],
  ['contains', 'NN', 'success'],
  ['not_contains', 'NN', 'filtered'],
  ['not_equals', 'Bo', 'success'],
  ['contains', 'nn', 'success'],
  ['exists', undefined, 'success'],
  ['not_exists', undefined, 'filtered'],
] as const)('a filter that %s %s makes the task %s', async (op, value, status) => {
  const task = await run([{ id: 'only', kind: 'filter', field: '{{trigger.name}}', op, value }]);
  expect(task.status).toBe(status);
});

test('a pointer is resolved when a step maps it, once, and not before', async () => {
  const zap = (steps: Step[]) => ({ name: 'pointers', trigger: { key: 'item_changed' }, steps });
  const text = (text: string): Step => ({
    id: `s${text.length}`,
    kind: 'create',
    key: 'echo',
    input: { text },
  });
  const unread = await bench.runner.turnOn(zap([text('{{trigger.id}}')]), bench.connection);
  const read = await bench.runner.turnOn(
    zap([text('{{trigger.details.phone}}'), text('of {{trigger.details.owner.name}}')]),
    bench.connection,
  );
  bench.crm.items = [{ id: '9', name: 'a', changed_at: 't' }];
  await unread.poll();
  expect(bench.crm.requests).not.toContain('GET /details/9');
  await read.poll();
  expect(bench.crm.requests.filter((line) => line === 'GET /details/9')).toHaveLength(1);
  const inputs = bench.of('step').map((event) => event.input.text);
  expect(inputs).toStrictEqual(['9', '+1 9', 'of Bo']);
});

describe('z.cache', () => {
  const remember = async (input: object, connection = bench.connection) =>
    (await bench.runner.call('create', 'remember', { key: 'k', ...input }, connection)).results;

  test('forgets when the ttl is over', async () => {
    expect(await remember({ value: 'v', ttl: '60' })).toStrictEqual({ set: true, value: 'v' });
    bench.clock.now += 59_999;
    expect(await remember({})).toMatchObject({ value: 'v' });
    bench.clock.now += 1;
    expect(await remember({})).toMatchObject({ value: null });
  });

  test('keeps connections apart under the auth scope, and not without', async () => {
    const other = await bench.runner.connect({
      browse: async (url) => (await fetch(url, { redirect: 'manual' })).headers.get('location') ?? '',
    });
    await remember({ value: 'mine' });
    expect(await remember({}, other)).toMatchObject({ value: null });
    await remember({ value: 'all', mode: 'app' });
    expect(await remember({ mode: 'app' }, other)).toMatchObject({ value: 'all' });
  });

  test('nx leaves what is there', async () => {
    expect(await remember({ value: 'first', mode: 'nx' })).toStrictEqual({ set: true, value: 'first' });
    expect(await remember({ value: 'second', mode: 'nx' })).toStrictEqual({ set: null, value: 'first' });
  });
});
