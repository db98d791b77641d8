import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Delivery, startDelivery } from '../../../relay/delivery/delivery.ts';
import type { DeliveryJob } from '../../../relay/delivery/job.ts';
import { createQueue, type Queue } from '../../../relay/delivery/queue.ts';
import { createLog } from '../../../relay/log.ts';
import { createMetrics } from '../../../relay/operator/metrics.ts';
import { DEFAULTS } from '../../../relay/outbound.ts';
import {
  addSubscription,
  dropWaiting,
  endSubscription,
  endUninstalled,
} from '../../../relay/subscriptions/subscriptions.ts';
import { readTargetRule } from '../../../relay/subscriptions/targets.ts';
import { useDatabase } from '../support/database.ts';
import { jobFor } from '../support/jobs.ts';
import { until } from '../support/relay.ts';
import { type Sink, startSink } from '../support/sink.ts';

// Nothing here is found by looking now and then: what is not sent for a reason of its own is never sent.
const NEVER_MS = 600_000;

const database = useDatabase();
let sink: Sink;
let delivery: Delivery | null = null;

beforeAll(async () => {
  sink = await startSink();
});

afterEach(async () => {
  await delivery?.stop();
  delivery = null;
});

afterAll(async () => {
  await sink.close();
});

async function subscribe(hook: string): Promise<string> {
  const queueId = randomUUID();
  await database.db.query(
    `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
     values ($1, 'l', 'stage_changed', '{}', $2, $1, $3)`,
    [hook, sink.hook(hook), queueId],
  );
  return queueId;
}

/** Sends these, and nothing else. @returns how often the queue was looked at until now */
async function send(
  jobs: DeliveryJob[],
  atOnce = DEFAULTS.atOnce,
  pollMs = NEVER_MS,
  over: Partial<Queue> = {},
): Promise<() => number> {
  let looks = 0;
  const real = createQueue(database.db, DEFAULTS.expireMs);
  const queue: Queue = {
    ...real,
    take(...limits) {
      looks += 1;
      return real.take(...limits);
    },
    ...over,
  };
  await database.db.transaction((tx) => queue.add(tx, jobs));
  const log = createLog('silent');
  delivery = startDelivery(
    { db: database.db, queue, log, metrics: createMetrics() },
    { ...DEFAULTS, targets: [readTargetRule(sink.url)], atOnce, pollMs },
  );
  return () => looks;
}

test('what follows in a line goes out as soon as the one before it has arrived', async () => {
  const queueId = await subscribe('line');
  await send(Array.from({ length: 5 }, () => jobFor(queueId, 'same')));
  expect(await sink.until('line', 5)).toHaveLength(5);
});

test('of a Zap with more than it may have under way the next goes out as soon as one has arrived', async () => {
  const queueId = await subscribe('many');
  sink.always('many', { status: 200, afterMs: 20 });
  await send(Array.from({ length: 35 }, (_, index) => jobFor(queueId, `o${index}`)));
  expect(await sink.until('many', 35)).toHaveLength(35);
});

test('with as many under way as there may be in all the next goes out as soon as one has arrived', async () => {
  const queueIds = await Promise.all(Array.from({ length: 12 }, (_, index) => subscribe(`all${index}`)));
  for (let index = 0; index < 12; index++) sink.always(`all${index}`, { status: 200, afterMs: 20 });
  await send(
    queueIds.map((queueId) => jobFor(queueId, 'o')),
    4,
  );
  for (let index = 0; index < 12; index++) expect(await sink.until(`all${index}`, 1)).toHaveLength(1);
});

test('one behind more of a slow Zap than a look at the queue sees does not wait for it', async () => {
  const [slow, quick] = [await subscribe('slow'), await subscribe('quick')];
  sink.always('slow', { status: 200, afterMs: 3_000 });
  await send(
    [...Array.from({ length: 400 }, (_, index) => jobFor(slow, `o${index}`)), jobFor(quick, 'o')],
    20,
  );
  await sink.until('quick', 1);
  expect(sink.received('slow').length).toBeLessThanOrEqual(DEFAULTS.perSubscription);
  await database.db.query('truncate relay.deliveries');
}, 20_000);

test('a delivery that nothing waits behind brings no other look at the queue', async () => {
  const hooks = Array.from({ length: 40 }, (_, index) => `alone${index}`);
  const queueIds = await Promise.all(hooks.map(subscribe));
  for (const [index, hook] of hooks.entries()) sink.always(hook, { status: 200, afterMs: index * 5 });
  const looks = await send(queueIds.map((queueId) => jobFor(queueId, 'o')));
  for (const hook of hooks) await sink.until(hook, 1);
  await until(async () => (await database.db.query('select from relay.deliveries')).length === 0);
  expect(looks()).toBe(1);
});

test.each([
  ['asks for an hour just then', { status: 429, headers: { 'retry-after': '3600' } }, 0],
  ['asked for an hour', { status: 429, headers: { 'retry-after': '3600' } }, 1],
  ['failed again and again', { status: 500 }, 10],
])(
  'what waits for a Zap whose hook %s goes at once to the hook that it subscribes anew',
  async (what, answer, settled) => {
    const [before, anew] = [`before-${randomUUID()}`, `anew-${randomUUID()}`];
    const wanted = {
      locationId: 'anew',
      companyId: null,
      event: 'stage_changed',
      filters: {},
      targetUrl: sink.hook(before),
      zap: what,
    } as const;
    const { queueId = '' } = (await addSubscription(database.db, wanted)) ?? {};
    sink.always(before, answer);
    await send(
      Array.from({ length: 10 }, (_, index) => jobFor(queueId, `o${index}`)),
      DEFAULTS.atOnce,
      50,
    );
    await sink.until(before, 1);
    const tried = 'select from relay.deliveries where queue_id = $1 and why is not null';
    await until(async () => (await database.db.query(tried, [queueId])).length >= settled);
    await addSubscription(database.db, { ...wanted, targetUrl: sink.hook(anew) });
    const came = await sink.until(anew, 10);
    expect(new Set(came.map(({ body }) => body.id)).size).toBe(10);
  },
  40_000,
);

test('what waits for hours for a Zap that ends, however it does, waits no more', async () => {
  const names = ['off', 'uninstalled', 'other-event', 'stays'];
  const queues = new Map<string, string>();
  const subscribeTo = async (zap: string, event: 'stage_changed' | 'value_changed') => {
    const hook = `ends-${zap}-${event}`;
    sink.always(hook, { status: 500 });
    const where = { locationId: zap, companyId: null, filters: {}, targetUrl: sink.hook(hook), zap };
    return addSubscription(database.db, { ...where, event });
  };
  const made = new Map<string, string>();
  for (const name of names) {
    const one = await subscribeTo(name, 'stage_changed');
    queues.set(name, one?.queueId ?? '');
    made.set(name, one?.id ?? '');
  }
  await send(
    [...queues.values()].flatMap((queueId) => [jobFor(queueId, 'a'), jobFor(queueId, 'b')]),
    DEFAULTS.atOnce,
    50,
  );
  const left = async () => {
    const rows = await database.db.query<{ queueId: string }>(
      'select distinct queue_id as "queueId" from relay.deliveries where queue_id = any($1)',
      [[...queues.values()]],
    );
    return rows.map(({ queueId }) => queueId);
  };
  await until(
    async () =>
      (await database.db.query('select from relay.deliveries where why is not null and due_at > now()'))
        .length === 8,
  );
  await database.db.query(`update relay.deliveries set due_at = now() + interval '8 hours'`);
  await endSubscription(database.db, made.get('off') ?? '', 'unsubscribed');
  const at = new Date(Date.now() + 1_000);
  await dropWaiting(database.db, await endUninstalled(database.db, { locationId: 'uninstalled', at }));
  await subscribeTo('other-event', 'value_changed');
  await until(async () => (await left()).length === 1);
  expect(await left()).toEqual([queues.get('stays')]);
  await database.db.query('truncate relay.deliveries');
}, 30_000);

test('a Zap can subscribe anew, and be cleared, while many of its deliveries are settled', async () => {
  const wanted = {
    locationId: 'busy',
    companyId: null,
    event: 'stage_changed',
    filters: {},
    targetUrl: sink.hook('busy'),
    zap: 'busy',
  } as const;
  const queue = createQueue(database.db, DEFAULTS.expireMs);
  const { queueId = '' } = (await addSubscription(database.db, wanted)) ?? {};
  for (let round = 0; round < 10; round++) {
    // Written in the opposite order of their lanes.
    const jobs = await database.db.query<{ lane: string; id: string }>(
      `insert into relay.deliveries (lane, id, queue_id, body)
       select $1::text || '/' || n, gen_random_uuid(), $1::uuid, '{}' from generate_series(9000, 7000, -1) as n
       returning lane, id`,
      [queueId],
    );
    const other = round % 2 === 0 ? addSubscription(database.db, wanted) : queue.clear(database.db, queueId);
    await Promise.all([other, queue.remove(database.db, jobs)]);
  }
}, 30_000);

test('what arrived is not sent again because the database failed when that was to be noted', async () => {
  const queueId = await subscribe('once');
  let failures = 3;
  const { remove } = createQueue(database.db, DEFAULTS.expireMs);
  await send([jobFor(queueId, 'a'), jobFor(queueId, 'a'), jobFor(queueId, 'b')], DEFAULTS.atOnce, 50, {
    async remove(...which) {
      if (failures-- > 0) throw new Error('the connection broke');
      return remove(...which);
    },
  });
  await until(async () => (await database.db.query('select from relay.deliveries')).length === 0, 25_000);
  expect(sink.received('once')).toHaveLength(3);
}, 40_000);
