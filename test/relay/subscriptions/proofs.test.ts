import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createQueue } from '../../../relay/delivery/queue.ts';
import { openPool, type Pool } from '../../../relay/store/db.ts';
import { type ProofKeeper, startProofKeeper } from '../../../relay/subscriptions/proofs.ts';
import type { ProofDelivery } from '../../../wire/deliveries.ts';
import { call, capturedLog, metricsOf } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;
let pool: Pool;
let keeper: ProofKeeper;

beforeAll(async () => {
  setup = await startSetup();
  pool = openPool(setup.databaseUrl, () => undefined, 2);
  const { log } = capturedLog();
  keeper = startProofKeeper(
    { db: pool.db, queue: createQueue(pool.db, 2_000), log },
    () => undefined,
    3_600_000,
  );
});

afterAll(async () => {
  await keeper.stop();
  await pool.close();
  await setup.close();
});

beforeEach(() => pool.db.query('delete from relay.subscriptions'));

/** As if so many days had passed for every subscription. */
const later = (days: number) =>
  pool.db.query(
    `update relay.subscriptions set proved_at = proved_at - $1 * interval '1 day',
       proof_asked_at = proof_asked_at - $1 * interval '1 day'`,
    [days],
  );

const asked = (hook: string) =>
  setup.sink
    .received(hook)
    .map(({ body }) => body as unknown as ProofDelivery)
    .filter(({ event }) => event === 'prove');

async function askedSoon(hook: string, count: number): Promise<ProofDelivery> {
  await setup.sink.until(hook, count);
  return asked(hook).at(-1) as ProofDelivery;
}

const prove = (proof: string, token: string | undefined = setup.sandbox.accessToken, over: object = {}) =>
  call(`${setup.relay.url}/subscriptions/proofs`, {
    method: 'POST',
    token,
    body: { locationId: setup.sandbox.locationId, proof, ...over },
  });

test('asks after 20 days, once a day, and no more once the connection showed itself', async () => {
  await setup.subscribe('stage_changed', 'asked');
  await later(19);
  expect(await keeper.step()).toEqual({ asked: 0, ended: 0 });
  await later(2);
  expect(await keeper.step()).toEqual({ asked: 1, ended: 0 });
  const { proof, location_id } = await askedSoon('asked', 1);
  expect(location_id).toBe(setup.sandbox.locationId);
  expect(await keeper.step()).toEqual({ asked: 0, ended: 0 });
  await later(1.1);
  expect(await keeper.step()).toEqual({ asked: 1, ended: 0 });
  await askedSoon('asked', 2);
  expect(await prove(proof)).toMatchObject({ status: 204 });
  await later(1.1);
  expect(await keeper.step()).toEqual({ asked: 0, ended: 0 });
});

test('takes no proof of a token that does not read the location, or for what does not run there', async () => {
  await setup.subscribe('stage_changed', 'guarded');
  await later(21);
  await keeper.step();
  const { proof } = await askedSoon('guarded', 1);
  const { locationId } = setup.sandbox.seeded.other;
  const { accessToken } = setup.sandbox.mintToken({ locationId });
  expect(await prove(proof, 'garbage')).toMatchObject({ status: 401 });
  expect(await prove(proof, accessToken)).toMatchObject({ status: 403 });
  expect(await prove(proof, accessToken, { locationId })).toMatchObject({ status: 404 });
  expect(await prove('no-uuid')).toMatchObject({ status: 400 });
  await later(1.1);
  expect(await keeper.step()).toMatchObject({ asked: 1 });
});

test('ends what showed nothing for 30 days, though its hook takes everything, and says why', async () => {
  const id = await setup.subscribe('stage_changed', 'silent');
  await setup.subscribe('stage_changed', 'good');
  await later(20.5);
  for (let day = 0; day < 9; day++) {
    expect(await keeper.step()).toMatchObject({ ended: 0 });
    await askedSoon('silent', day + 1);
    if (day === 0) await prove((await askedSoon('good', 1)).proof);
    await later(1.1);
  }
  expect(await keeper.step()).toMatchObject({ ended: 1 });
  const running = await pool.db.query('select id from relay.subscriptions where ended_at is null');
  expect(running).toHaveLength(1);
  const shown = await call(`${setup.relay.url}/subscriptions/${id}`, { token: setup.sandbox.accessToken });
  expect(shown.body).toMatchObject({ active: false, endedReason: 'unproved' });
  expect(await metricsOf(setup.relay.url)).toContain('relay_subscriptions_ended{reason="unproved"} 1');
});

test('a relay that was away for long asks before it ends anything', async () => {
  await setup.subscribe('stage_changed', 'away');
  await later(400);
  for (let day = 0; day < 7; day++) {
    expect(await keeper.step()).toEqual({ asked: 1, ended: 0 });
    if (day < 6) await later(1.1);
  }
  expect(await keeper.step()).toEqual({ asked: 0, ended: 0 });
  await later(1.1);
  expect(await keeper.step()).toMatchObject({ ended: 1 });
});

test('a report of what was read is a proof of the Zap that was asked to read', async () => {
  await setup.subscribe('stage_changed', 'reader');
  await later(21);
  await pool.db.query(`update relay.locations set catch_up_at = now() - interval '1 minute'`);
  await setup.sink.until('reader', 1);
  const [reading] = await pool.db.query<{ id: string }>(
    'select id from relay.readings where queue_id is null',
  );
  await call(`${setup.relay.url}/reports`, {
    method: 'POST',
    token: setup.sandbox.accessToken,
    body: {
      locationId: setup.sandbox.locationId,
      reading: reading?.id,
      opportunities: [],
      before: null,
      state: 'finished',
    },
  });
  const [{ days } = { days: 99 }] = await pool.db.query<{ days: number }>(
    `select extract(epoch from now() - proved_at)::float8 / 86400 as days from relay.subscriptions where ended_at is null`,
  );
  expect(days).toBeLessThan(0.1);
});

test('a hook that cannot be asked leaves nothing behind, and is asked again the next day', async () => {
  await setup.subscribe('stage_changed', 'broken');
  setup.sink.always('broken', { status: 500 });
  await later(21);
  await keeper.step();
  await setup.sink.until('broken', 1);
  await setup.settled();
  expect(await pool.db.query('select from relay.dead_letters')).toEqual([]);
  await later(1.1);
  expect(await keeper.step()).toMatchObject({ asked: 1 });
  await setup.settled();
});
