import { type Bench, startBench } from './bench.ts';

const zap = {
  name: 'instant',
  trigger: { key: 'item_changed_instant' },
  steps: [{ id: 'made', kind: 'create' as const, key: 'echo', input: { text: '{{trigger.id}}' } }],
};
let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

test('a Zap subscribes, takes hooks, unsubscribes, and answers 410 from then on', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  expect([...bench.crm.hooks]).toStrictEqual([['hook-1', live.targetUrl]]);
  expect(live.subscribeData).toStrictEqual({ id: 'hook-1' });
  expect(bench.of('turned_on')[0]).toMatchObject({ how: 'hook', requests: 2 });

  expect(await live.deliver({ id: '5' }, { 'x-signature': 'sig' })).toBe(200);
  expect(live.tasks[0]?.trigger).toStrictEqual({ id: '5', signature: 'sig', subscription: 'hook-1' });
  expect(live.tasks[0]?.status).toBe('success');

  await live.turnOff();
  expect(bench.crm.hooks.size).toBe(0);
  expect(await live.deliver({ id: '6' })).toBe(410);
  expect(live.tasks).toHaveLength(1);
  expect(bench.of('delivery').map((event) => event.status)).toStrictEqual([200, 410]);
});

test('hooks are not deduped, and one may bring nothing', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  await live.deliver({ id: '5' });
  await live.deliver({ id: '5' });
  await live.deliver({ id: '5', skip: true });
  expect(live.tasks).toHaveLength(2);
});

test('a hook is answered before it is run', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  let openGate = () => {};
  bench.gate.opens = new Promise((resolve) => {
    openGate = resolve;
  });
  bench.crm.throttle = { times: 1 };
  const response = await fetch(live.targetUrl ?? '', { method: 'POST', body: '{"id":"1","slow":true}' });
  expect(response.status).toBe(200);
  expect(live.tasks).toHaveLength(0);
  openGate();
  await live.idle();
  expect(live.tasks).toHaveLength(1);
});

test('a throttled hook waits 60 s unless told, 300 s at most, and is tried once more', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  bench.crm.throttle = { times: 1 };
  await live.deliver({ id: '1', slow: true });
  bench.crm.throttle = { times: 1, seconds: 900 };
  await live.deliver({ id: '2', slow: true });
  expect(live.tasks).toHaveLength(2);
  bench.crm.throttle = { times: 2, seconds: 1 };
  await live.deliver({ id: '3', slow: true });
  expect(live.tasks).toHaveLength(2);
  expect(bench.slept).toStrictEqual([60_000, 300_000, 1000]);
  expect(bench.of('delivery')[2]).toMatchObject({ rows: 0, failure: { kind: 'throttled' } });
  expect(live.lost).toMatchObject([{ body: { id: '3', slow: true }, failure: { kind: 'throttled' } }]);
});

test('a hook that fails otherwise is not run again, and shows as lost', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  expect(await live.deliver({ id: '1', broken: true })).toBe(200);
  expect(live.tasks).toEqual([]);
  expect(bench.slept).toEqual([]);
  expect(live.lost).toMatchObject([
    { body: { id: '1', broken: true }, failure: { kind: 'app', message: 'It cannot be read.' } },
  ]);
});

test('two Zaps have two subscriptions', async () => {
  const one = await bench.runner.turnOn(zap, bench.connection);
  const other = await bench.runner.turnOn(zap, bench.connection);
  await one.turnOff();
  expect([...bench.crm.hooks.values()]).toStrictEqual([other.targetUrl]);
  expect(await other.deliver({ id: '1' })).toBe(200);
});

test('a stale token at unsubscribing is refreshed, and the hook stays behind', async () => {
  const live = await bench.runner.turnOn(zap, bench.connection);
  bench.crm.expireToken();
  await live.turnOff();
  expect(bench.of('refreshed')).toMatchObject([{ ok: true }]);
  expect(bench.of('turned_off')).toMatchObject([{ failure: { kind: 'refresh_auth' } }]);
  expect(bench.crm.hooks.size).toBe(1);
});

test('the editor takes its samples from performList', async () => {
  bench.crm.items = [{ id: '1', name: 'a', changed_at: 't' }];
  expect((await bench.runner.test(zap, bench.connection)).samples).toStrictEqual(bench.crm.items);
});

test('a Zap that does not fit the app is refused', async () => {
  const wrong = { ...zap, steps: [{ id: 'made', kind: 'create' as const, key: 'nothing' }] };
  await expect(bench.runner.turnOn(wrong, bench.connection)).rejects.toThrow('no create "nothing"');
  const twice = { ...zap, steps: [...zap.steps, ...zap.steps] };
  await expect(bench.runner.turnOn(twice, bench.connection)).rejects.toThrow('is taken');
});
