import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryJob } from '../../../relay/delivery/job.ts';
import { createQueue, type Taken } from '../../../relay/delivery/queue.ts';
import { randomFrom } from '../../../tools/relay/random.ts';
import { useDatabase } from '../support/database.ts';
import { jobFor } from '../support/jobs.ts';

const database = useDatabase();

beforeEach(() => database.db.query('truncate relay.deliveries, relay.deliveries_behind'));

const queueOf = (expireMs = 30_000) => createQueue(database.db, expireMs);
/** A queue's id that is the same for the same name. */
const q = (name: string) =>
  createHash('md5')
    .update(name)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
/** As many of one subscription as of all. */
const MANY = 10;

const job = (queue: string, opportunity: string) => jobFor(q(queue), opportunity);

const lane = ({ queueId, body }: DeliveryJob) => `${queueId}/${body.opportunity_id}`;
/** What is needed to take a job out. */
const done = (job: DeliveryJob) => ({ lane: lane(job), id: job.id });
const ids = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id).sort();

test('what was added comes out as it was', async () => {
  const queue = queueOf();
  const one = job('s', 'a');
  await queue.add(database.db, [one]);
  await queue.add(database.db, [one]);
  expect(await queue.take(10, MANY)).toEqual([
    { ...one, lane: `${one.queueId}/a`, attempt: 1, createdAt: expect.any(Number) },
  ]);
  expect((await queue.backlog()).count).toBe(1);
  await queue.remove(database.db, [done(one)]);
  expect(await queue.backlog()).toEqual({ count: 0, oldestAgeMs: 0 });
});

test('what a rolled back transaction added was never there', async () => {
  const queue = queueOf();
  const failed = database.db.transaction(async (tx) => {
    await queue.add(tx, [job('s', 'a')]);
    throw new Error('killed');
  });
  await expect(failed).rejects.toThrow('killed');
  expect(await queue.take(10, MANY)).toEqual([]);
});

describe('a lane', () => {
  test('gives its first alone, until that is gone', async () => {
    const queue = queueOf();
    const [one, two, other] = [job('s', 'a'), job('s', 'a'), job('s', 'b')];
    await queue.add(database.db, [two, other, one]);
    expect(ids(await queue.take(10, MANY))).toEqual(ids([one, other]));
    expect(await queue.take(10, MANY)).toEqual([]);
    await queue.remove(database.db, [done(one)]);
    expect(ids(await queue.take(10, MANY))).toEqual([two.id]);
  });

  test('waits for a first that was postponed, newcomers too', async () => {
    const queue = queueOf();
    const [one, two, three] = [job('s', 'a'), job('s', 'a'), job('s', 'a')];
    await queue.add(database.db, [one, two]);
    const [taken] = await queue.take(10, MANY);
    await queue.postpone({ ...(taken as Taken), tries: 1 }, Date.now() + 150);
    // The second does not look due either, or each look at the queue would stumble over it.
    expect(await database.db.query('select id from relay.deliveries where due_at <= now()')).toEqual([]);
    await queue.add(database.db, [three]);
    expect(await queue.take(10, MANY)).toEqual([]);
    await pause(200);
    expect(await queue.take(10, MANY)).toMatchObject([{ id: one.id, tries: 1, attempt: 2 }]);
    await queue.remove(database.db, [done(one)]);
    expect(ids(await queue.take(10, MANY))).toEqual([two.id]);
  });
});

test('of one subscription so many are taken and no more, and others are not behind it', async () => {
  const queue = queueOf();
  const crowd = Array.from({ length: 50 }, (_, index) => job('crowd', `d${index}`));
  const few = [job('few', 'a'), job('few', 'b')];
  await queue.add(database.db, [...crowd, ...few]);
  const of = (taken: Taken[]) => taken.map(({ queueId }) => queueId).sort();
  expect(of(await queue.take(10, 2))).toEqual([q('crowd'), q('crowd'), q('few'), q('few')].sort());
  expect(of(await queue.take(10, 3, new Map([[q('crowd'), 1]])))).toEqual([q('crowd')]);
  expect(of(await queue.take(5, 10))).toHaveLength(5);
});

test('those to pass over are passed over', async () => {
  const queue = queueOf();
  await queue.add(database.db, [job('s', 'a'), job('t', 'a')]);
  expect((await queue.take(10, MANY, new Map([[q('s'), 0]]))).map(({ queueId }) => queueId)).toEqual([
    q('t'),
  ]);
});

test('what was taken and not settled in time is due again, and its first taker postpones nothing', async () => {
  const queue = queueOf(100);
  const one = job('s', 'a');
  await queue.add(database.db, [one]);
  const [first] = await queue.take(1, MANY);
  await pause(150);
  const [second] = await queueOf().take(1, MANY);
  expect(second).toMatchObject({ id: one.id, attempt: 2 });
  await queue.postpone(first as Taken, Date.now());
  expect(await queue.take(1, MANY)).toEqual([]);
});

test('a subscription can be cleared, the postponed and the taken with the rest', async () => {
  const queue = queueOf();
  await queue.add(database.db, [job('s', 'a'), job('s', 'b'), job('s', 'b'), job('t', 'a')]);
  const [first] = await queue.take(1, MANY, new Map([[q('t'), 0]]));
  await queue.postpone(first as Taken, Date.now() + 60_000);
  await queue.take(1, MANY, new Map([[q('t'), 0]]));
  expect(await queue.clear(database.db, q('s'))).toBe(3);
  expect((await queue.take(10, MANY)).map(({ queueId }) => queueId)).toEqual([q('t')]);
});

test('many takers at once: each is taken by one, and each lane in order', async () => {
  const random = randomFrom(7);
  const jobs = Array.from({ length: 400 }, (_, index) => job(`s${index % 7}`, `d${index % 60}`));
  const left = new Set(ids(jobs));
  const seen = new Map<string, string[]>();
  const queues = Array.from({ length: 4 }, () => queueOf());
  const work = async (queue: ReturnType<typeof queueOf>) => {
    while (left.size > 0) {
      const taken = await queue.take(20, MANY);
      if (taken.length === 0) await pause(5);
      for (const one of taken) {
        if (random() < 0.2) {
          await queue.postpone(one, Date.now() + 10 * random());
          continue;
        }
        seen.set(one.lane, [...(seen.get(one.lane) ?? []), one.id]);
        left.delete(one.id);
        await queue.remove(database.db, [done(one)]);
      }
    }
  };
  const adding = (async () => {
    for (let start = 0; start < jobs.length; start += 25) {
      await queueOf().add(database.db, jobs.slice(start, start + 25));
    }
  })();
  await Promise.all([adding, ...queues.map(work)]);
  const reported = [...seen.values()];
  expect(reported.flat()).toHaveLength(jobs.length);
  for (const lane of reported) expect(lane).toEqual([...lane].sort());
});

test('a long lane costs a look at the queue nothing', async () => {
  const queue = queueOf();
  const long = Array.from({ length: 3_000 }, () => job('s', 'a'));
  await queue.add(database.db, long);
  const [plan] = await database.db.query<{ rows: number }>(
    'select count(*)::int as rows from relay.deliveries where due_at <= now()',
  );
  expect(plan?.rows).toBe(1);
  expect((await queue.backlog()).count).toBe(3_000);
  const order: string[] = [];
  for (let count = 0; count < 5; count++) {
    const [one] = await queue.take(10, MANY);
    order.push(one?.id ?? '');
    await queue.remove(database.db, [done(one as Taken)]);
  }
  expect(order).toEqual(long.slice(0, 5).map(({ id }) => id));
});

test('what still runs is not taken for lost once it says so', async () => {
  const queue = queueOf(150);
  const one = job('s', 'a');
  await queue.add(database.db, [one]);
  const taken = await queue.take(1, MANY);
  await pause(100);
  await queue.extend(taken);
  await pause(100);
  expect(await queue.take(1, MANY)).toEqual([]);
  await pause(100);
  expect(await queue.take(1, MANY)).toMatchObject([{ id: one.id, attempt: 2 }]);
});

test('all of one Zap can be postponed, and no other, nor those of one that subscribed anew', async () => {
  const queue = queueOf();
  await database.db.query(
    `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id, ended_at)
     select 'sub-' || name, 'l', 'stage_changed', '{}', 'https://hooks.zapier.com/hooks/x', name, id, ended
     from unnest($1::text[], $2::uuid[], array[null, now()]) as one (name, id, ended)`,
    [
      ['s', 't'],
      [q('s'), q('t')],
    ],
  );
  await queue.add(database.db, [job('s', 'a'), job('s', 'b'), job('t', 'a')]);
  for (const name of ['s', 't'])
    await queue.postponeAll({ queueId: q(name), subscriptionId: `sub-${name}` }, Date.now() + 60_000);
  expect((await queue.take(10, MANY)).map(({ queueId }) => queueId)).toEqual([q('t')]);
});
