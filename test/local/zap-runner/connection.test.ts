import { createRunner } from '../../../local/zap-runner/index.ts';
import { type Bench, startBench } from './bench.ts';
import { fixtureApp } from './fixture-app.ts';
import { browse } from './fixture-crm.ts';

let bench: Bench;
const open = async (options?: Parameters<typeof startBench>[0]) => {
  bench = await startBench(options);
  return bench;
};
afterEach(() => bench.close());

const echo = { key: 'update_item', input: { id: '1', value: '2' } };
const update = () => bench.runner.call('create', echo.key, echo.input, bench.connection);

test('a connection goes through the browser and keeps top-level values alone', async () => {
  const { crm, connection, of } = await open();
  expect(crm.asked.authorize?.get('region')).toBe('eu');
  expect(crm.asked.authorize?.get('scope')).toBe('items');
  expect(crm.asked.token).toStrictEqual({ code: 'c0de', region: 'eu', account: 'acc-1' });
  expect(connection.authData).toStrictEqual({
    region: 'eu',
    access_token: 'access-1',
    refresh_token: 'refresh-1',
    expires_in: 3600,
    account_id: 'acc-1',
  });
  expect(connection.label).toBe('Ann (acc-1)');
  expect(of('connected')[0]).toMatchObject({ label: 'Ann (acc-1)', requests: 2 });
});

test('a browser that comes back with another state is refused', async () => {
  const { runner } = await open();
  const forged = async (url: string) => (await browse(url)).replace(/state=[^&]*/, 'state=forged');
  await expect(runner.connect({ browse: forged })).rejects.toThrow('another state');
});

test('a label may be a function, and is given what the test returned', async () => {
  const { crm } = await open();
  const app = fixtureApp(crm.origin) as { authentication: object };
  const connectionLabel = (_z: unknown, bundle: { inputData: { name: string } }) =>
    `function ${bundle.inputData.name}`;
  const runner = await createRunner({
    app: { ...app, authentication: { ...app.authentication, connectionLabel } },
  });
  expect((await runner.connect({ browse })).label).toBe('function Ann');
  await runner.close();
});

test('a stale token is refreshed and the call made once more', async () => {
  const { crm, connection, of } = await open();
  crm.items = [{ id: '1', name: 'a', changed_at: 't' }];
  crm.expireToken();
  const reply = await update();
  expect(reply.results).toMatchObject({ id: '1', value: 2 });
  expect(reply.requests).toBe(3);
  expect(connection.authData).toMatchObject({
    access_token: 'access-2',
    refresh_token: 'refresh-2',
    region: 'eu',
  });
  expect(of('refreshed')).toMatchObject([{ ok: true, requests: 1 }]);
});

test('a call refused again after the refresh fails, and is not tried a third time', async () => {
  const { crm } = await open();
  crm.locked = true;
  await expect(update()).rejects.toMatchObject({ failure: { kind: 'refresh_auth' }, requests: 3 });
  expect(crm.requests.filter((line) => line === 'PUT /items/1')).toHaveLength(2);
});

test('a 4xx from the refresh sets the connection aside: polls are skipped and actions held', async () => {
  const { crm, runner, connection, of } = await open();
  const steps = [{ id: 'made', kind: 'create' as const, key: 'update_item', input: { id: '1' } }];
  const live = await runner.turnOn(
    { name: 'z', trigger: { key: 'item_changed_instant' }, steps },
    connection,
  );
  const polled = await runner.turnOn({ name: 'p', trigger: { key: 'item_changed' }, steps }, connection);
  crm.expireToken();
  crm.refuseRefresh = 400;
  await live.deliver({ id: '1' });
  expect(connection.stale).toBe(true);
  expect(of('stale')).toHaveLength(1);
  expect(live.tasks[0]).toMatchObject({ status: 'held', failure: { kind: 'refresh_failed', status: 400 } });
  await live.deliver({ id: '2' });
  expect(live.tasks[1]).toMatchObject({ status: 'held', failure: { kind: 'stale_connection' } });
  expect(live.held).toHaveLength(2);
  expect(await polled.poll()).toStrictEqual([]);
  expect(of('poll_skipped')).toHaveLength(1);

  crm.items = [{ id: '1', name: 'a', changed_at: 't' }];
  await runner.reconnect(connection, { browse });
  expect((await live.release()).map((task) => task.status)).toStrictEqual(['success', 'success']);
  expect(await polled.poll()).toHaveLength(1);
});

test.each([500, 429, 409])('a %i from the refresh leaves the connection for the next try', async (status) => {
  const { crm, connection } = await open();
  crm.items = [{ id: '1', name: 'a', changed_at: 't' }];
  crm.expireToken();
  crm.refuseRefresh = status;
  await expect(update()).rejects.toMatchObject({ failure: { kind: 'refresh_failed' } });
  expect(connection.stale).toBe(false);
  crm.refuseRefresh = undefined;
  expect((await update()).results).toMatchObject({ id: '1' });
});

test('two calls at once refresh once, where refreshes are serialised', async () => {
  const { crm, connection, of } = await open();
  crm.items = [{ id: '1', name: 'a', changed_at: 't' }];
  crm.expireToken();
  await Promise.all([update(), update()]);
  expect(of('refreshed')).toHaveLength(1);
  expect(connection.stale).toBe(false);
});

test('without that, the loser of the race is refused and sets the connection aside', async () => {
  const { crm, connection, of } = await open({ serialiseRefresh: false });
  crm.items = [{ id: '1', name: 'a', changed_at: 't' }];
  crm.expireToken();
  const ends = await Promise.allSettled([update(), update()]);
  expect(ends.map((end) => end.status).toSorted()).toStrictEqual(['fulfilled', 'rejected']);
  expect(
    of('refreshed')
      .map((event) => event.ok)
      .toSorted(),
  ).toStrictEqual([false, true]);
  expect(connection.stale).toBe(true);
});

test('a server with grace for used refresh tokens spares the loser', async () => {
  const { crm, connection, of } = await open({ serialiseRefresh: false });
  crm.items = [{ id: '1', name: 'a', changed_at: 't' }];
  crm.grace = true;
  crm.expireToken();
  // A call between the other's refresh and its retry may meet a 401 once more; what matters is the connection.
  await Promise.allSettled([update(), update()]);
  expect(of('refreshed').every((event) => event.ok)).toBe(true);
  expect(connection.stale).toBe(false);
});

test('an ExpiredAuthError sets the connection aside without a refresh', async () => {
  const { runner, connection, of } = await open();
  await expect(runner.call('create', 'failing', { how: 'expired' }, connection)).rejects.toMatchObject({
    failure: { kind: 'expired_auth', message: 'Connect anew.' },
  });
  expect(connection.stale).toBe(true);
  expect(of('refreshed')).toHaveLength(0);
});
