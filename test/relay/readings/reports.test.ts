import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CatchUpDelivery } from '../../../wire/deliveries.ts';
import type { Reading } from '../../../wire/readings.ts';
import { call, until } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;

beforeAll(async () => {
  setup = await startSetup();
});
afterAll(() => setup.close());

const post = (path: string, body: object, token: string | undefined = setup.sandbox.accessToken) =>
  call(`${setup.relay.url}${path}`, { method: 'POST', body, token });

/** Subscribes a hook of the sink that announces a reading. */
async function announce(hook: string): Promise<{ id: string; reading: Reading }> {
  const answer = await post('/subscriptions', {
    locationId: setup.sandbox.locationId,
    event: 'stage_changed',
    targetUrl: setup.sink.hook(hook),
    read: { status: 'open', pipelineId: 'p1' },
    zap: hook,
  });
  return answer.body as unknown as { id: string; reading: Reading };
}

const opportunity = (id: string, over: object = {}) => ({
  id,
  contactId: null,
  pipelineId: 'p1',
  stageId: 'A',
  status: 'open',
  value: 100,
  ownerId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-02-01T00:00:00.000Z',
  stageChangedAt: '2026-02-01T00:00:00.000Z',
  statusChangedAt: null,
  ...over,
});

const reportOf = (reading: string, over: object = {}) => ({
  locationId: setup.sandbox.locationId,
  reading,
  opportunities: [],
  before: null,
  state: 'reading',
  ...over,
});

const asked = (hook: string) =>
  setup.sink
    .received(hook)
    .map(({ body }) => body as unknown as CatchUpDelivery)
    .filter(({ event }) => event === 'catch_up');

/** As if so much time had passed for every reading. */
const wait = (minutes: number) =>
  setup.db.query(`update relay.readings set due_at = due_at - $1 * interval '1 minute'`, [minutes]);

describe('POST /reports', () => {
  test('is for those who may subscribe there, and for a reading that the relay waits for', async () => {
    const { id, reading } = await announce('guarded');
    expect(reading).toMatchObject({
      criteria: { status: 'open', pipelineId: 'p1' },
      since: null,
      before: null,
    });
    expect(await post('/reports', reportOf(reading.id), 'garbage')).toMatchObject({
      status: 401,
      body: { error: 'token_refused' },
    });
    expect(await post('/reports', reportOf(reading.id, { locationId: 'another' }))).toMatchObject({
      status: 403,
    });
    expect(await post('/reports', reportOf(randomUUID()))).toMatchObject({
      status: 404,
      body: { error: 'unknown_reading' },
    });
    const bad = [{ ...opportunity('o1'), name: 'Kim Doyle, garden' }];
    expect(await post('/reports', reportOf(reading.id, { opportunities: bad }))).toMatchObject({
      status: 400,
    });
    const many = Array.from({ length: 501 }, (_, n) => opportunity(`o${n}`));
    expect(await post('/reports', reportOf(reading.id, { opportunities: many }))).toMatchObject({
      status: 400,
    });
    expect(await post('/reports', reportOf(reading.id, { state: 'finished' }))).toMatchObject({
      status: 204,
    });
    expect(await post('/reports', reportOf(reading.id))).toMatchObject({ status: 404 });
    await setup.unsubscribe(id);
  });

  test('what it tells is remembered, whole pages of it, and starts nothing', async () => {
    const { id, reading } = await announce('remembered');
    const all = Array.from({ length: 500 }, (_, n) => opportunity(`known${n}`));
    expect(
      await post('/reports', reportOf(reading.id, { opportunities: all, state: 'finished' })),
    ).toMatchObject({ status: 204 });
    await setup.settled();
    const [row] = await setup.db.query<{ count: number }>(
      `select count(*)::int as count from relay.opportunities where opportunity_id like 'known%'
         and state->'stage'->0->'value'->>'stageId' = 'A' and (state->'value'->0->>'value')::int = 100`,
    );
    expect(row).toEqual({ count: 500 });
    expect(setup.sink.received('remembered')).toEqual([]);
    await setup.unsubscribe(id);
  });

  test('one that paused is asked for at once where it stopped, of the Zap that reported', async () => {
    const one = await announce('paused');
    const before = '2026-01-15T00:00:00.000Z';
    await post('/reports', reportOf(one.reading.id, { before, state: 'paused' }));
    await until(() => asked('paused').length === 1);
    expect(asked('paused')[0]).toMatchObject({
      event: 'catch_up',
      location_id: setup.sandbox.locationId,
      reading: { id: one.reading.id, criteria: { status: 'open', pipelineId: 'p1' }, since: null, before },
    });
    const further = '2026-01-10T00:00:00.000Z';
    await post('/reports', reportOf(one.reading.id, { before: further, state: 'paused' }));
    await until(() => asked('paused').length === 2);
    expect(asked('paused')[1]).toMatchObject({ reading: { before: further } });
    await post('/reports', reportOf(one.reading.id, { state: 'finished' }));
    await setup.unsubscribe(one.id);
  });

  test('one of which nothing comes is asked of one Zap after another, each once, and then of nobody', async () => {
    const zaps = [await announce('silent1'), await announce('silent2'), await announce('silent3')];
    const [first, ...others] = zaps;
    for (const { reading } of others) await post('/reports', reportOf(reading.id, { state: 'finished' }));
    // A hook that fails is asked no more often than one that keeps silent.
    setup.sink.always('silent2', { status: 500 });
    const hooks = ['silent1', 'silent2', 'silent3'];
    const inAll = () => hooks.reduce((sum, hook) => sum + asked(hook).length, 0);
    for (const count of [1, 2, 3]) {
      await wait(5);
      await until(() => inAll() === count);
    }
    expect(hooks.map((hook) => asked(hook).length)).toEqual([1, 1, 1]);
    await setup.settled();
    await wait(5);
    await until(async () => (await setup.db.query('select from relay.readings')).length === 0);
    expect(await post('/reports', reportOf(first?.reading.id ?? ''))).toMatchObject({ status: 404 });
    expect(inAll()).toBe(3);
    expect(await setup.db.query('select from relay.dead_letters')).toEqual([]);
    for (const { id } of zaps) await setup.unsubscribe(id);
  });

  test('a Zap that subscribes anew begins anew', async () => {
    const one = await announce('again');
    const two = await announce('again');
    expect(await post('/reports', reportOf(one.reading.id))).toMatchObject({ status: 404 });
    expect(await post('/reports', reportOf(two.reading.id, { state: 'finished' }))).toMatchObject({
      status: 204,
    });
    await setup.unsubscribe(two.id);
  });
});
