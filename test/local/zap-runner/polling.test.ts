import { type Bench, startBench } from './bench.ts';

const zap = {
  name: 'copy',
  trigger: { key: 'item_changed' },
  steps: [
    {
      id: 'made',
      kind: 'create' as const,
      key: 'echo',
      input: { text: '{{trigger.id}} {{trigger.changed_at}}' },
    },
  ],
};
const item = (id: string, changed_at: string) => ({ id, name: id, changed_at });
let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

test('turning on tests the connection and remembers what is there', async () => {
  bench.crm.items = [item('1', 't1')];
  bench.crm.requests.length = 0;
  const live = await bench.runner.turnOn(zap, bench.connection);
  expect(bench.crm.requests).toStrictEqual(['GET /me', 'GET /items']);
  expect(bench.of('turned_on')[0]).toMatchObject({ how: 'polling', remembered: 1, requests: 2 });
  expect(await live.poll()).toStrictEqual([]);
  expect(bench.of('poll')[0]).toMatchObject({ rows: 1, fresh: 0, deduped: 1, requests: 1 });
});

test('a row is new when its primary keys together are, and the oldest runs first', async () => {
  bench.crm.items = [item('1', 't1')];
  const live = await bench.runner.turnOn(zap, bench.connection);
  bench.crm.items = [item('1', 't2'), item('2', 't1'), item('1', 't1')];
  const tasks = await live.poll();
  expect(tasks.map((task) => [task.trigger.id, task.trigger.changed_at, task.status])).toStrictEqual([
    ['2', 't1', 'success'],
    ['1', 't2', 'success'],
  ]);
});

test('more than 100 new rows are held, and released on request', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  bench.crm.items = Array.from({ length: 101 }, (_, index) => item(String(index), 't'));
  expect(await live.poll()).toStrictEqual([]);
  expect(live.held).toHaveLength(101);
  expect(bench.of('held')[0]).toMatchObject({ count: 101 });
  expect(await live.poll()).toStrictEqual([]);
  expect(live.held).toHaveLength(101);
  const released = await live.release();
  expect(released).toHaveLength(101);
  expect(released[0]?.trigger.id).toBe('100');
  expect(live.held).toHaveLength(0);
});

test('100 new rows run at once', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  bench.crm.items = Array.from({ length: 100 }, (_, index) => item(String(index), 't'));
  expect(await live.poll()).toHaveLength(100);
});

test('turning on anew forgets what was seen while off', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  await live.turnOff();
  await expect(live.poll()).rejects.toThrow('is off');
  bench.crm.items = [item('1', 't1')];
  const again = await bench.runner.turnOn(zap, bench.connection);
  expect(await again.poll()).toStrictEqual([]);
});

test('the editor loads three samples with their pointers resolved', async () => {
  bench.crm.items = ['1', '2', '3', '4'].map((id) => item(id, 't1'));
  const { samples, isStatic, task } = await bench.runner.test(zap, bench.connection, { steps: true });
  expect(samples).toHaveLength(3);
  expect(isStatic).toBe(false);
  expect(samples[0]?.details).toMatchObject({ phone: '+1 1' });
  expect(task?.status).toBe('success');
});

test('the editor falls back to the static sample, with those of the output fields', async () => {
  const { samples, isStatic } = await bench.runner.test(zap, bench.connection);
  expect(samples).toStrictEqual([{ id: '1', changed_at: 't1', status: 'New' }]);
  expect(isStatic).toBe(true);
});

test('a dropdown is filled by page, and narrowed to what was typed', async () => {
  const rows = await bench.runner.dropdown('stage_list', {}, bench.connection, { page: 2 });
  expect(rows.map((row) => row.id)).toStrictEqual(['2-New', '2-Won', '2-Lost']);
  const narrowed = await bench.runner.dropdown('stage_list', {}, bench.connection, { search: 'wo' });
  expect(narrowed.map((row) => row.name)).toStrictEqual(['Won']);
});

test('a cursor is kept for each Zap', async () => {
  const cursored = { name: 'cursored', trigger: { key: 'cursored' }, steps: [] };
  const one = await bench.runner.turnOn(cursored, bench.connection);
  const other = await bench.runner.turnOn(cursored, bench.connection);
  expect((await one.poll()).map((task) => task.trigger.id)).toStrictEqual(['x']);
  expect((await one.poll()).map((task) => task.trigger.id)).toStrictEqual(['xx']);
  expect((await other.poll()).map((task) => task.trigger.id)).toStrictEqual(['x']);
});
