import { setTimeout as pause } from 'node:timers/promises';
import { beforeEach, expect, test } from '@jest/globals';
import { createWorker, type Worker } from '../../../relay/changes/workers.ts';
import type { Db } from '../../../relay/store/db.ts';
import { PARTITIONS } from '../../../relay/store/inbox.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase(4);

beforeEach(async () => {
  await database.db.query('delete from relay.workers');
  await database.db.query('update relay.partitions set worker_id = null');
});

/** Looks as a relay does, until it has everything. @returns how long that took, in ms */
async function takeAll(worker: Worker): Promise<number> {
  const began = performance.now();
  while (worker.partitions().length < PARTITIONS) {
    await worker.renew();
    await pause(50);
  }
  return performance.now() - began;
}

test('several share the partitions evenly, each held by one', async () => {
  const workers = [createWorker(database.db), createWorker(database.db), createWorker(database.db)];
  for (let time = 0; time < 3; time++) for (const worker of workers) await worker.renew();
  const all = workers.map((worker) => worker.partitions());
  expect(all.map(({ length }) => length).sort()).toEqual([20, 22, 22]);
  expect(new Set(all.flat()).size).toBe(PARTITIONS);
});

test('one that says nothing any more loses its partitions after 3 s, and not before', async () => {
  const [gone, other] = [createWorker(database.db), createWorker(database.db)];
  await gone.renew();
  const took = await takeAll(other);
  expect(took).toBeGreaterThan(2_500);
  expect(took).toBeLessThan(4_500);
  // It wakes, and processes nothing of what is another's now.
  expect(await database.db.transaction((tx) => gone.hold(tx))).toBe(false);
});

test('one that froze in the middle of a transaction is cut off, and then its partitions are taken', async () => {
  const [frozen, other] = [createWorker(database.db), createWorker(database.db)];
  await frozen.renew();
  const transaction = database.db
    .transaction(async (tx) => {
      expect(await frozen.hold(tx)).toBe(true);
      await pause(8_000);
      await tx.query('select 1');
    })
    .then(
      () => 'went on',
      () => 'cut off',
    );
  await pause(100);
  expect(await takeAll(other)).toBeLessThan(5_000);
  expect(await transaction).toBe('cut off');
});

test('one that leaves gives everything back at once', async () => {
  const [leaving, other] = [createWorker(database.db), createWorker(database.db)];
  await leaving.renew();
  await leaving.leave();
  expect(await takeAll(other)).toBeLessThan(1_000);
});

/** A database that does what it is told once, and whose answer is lost. */
function losingAnswer(db: Db, statement: RegExp): Db {
  let isLost = false;
  return {
    transaction: db.transaction,
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      const rows = await db.query<Row>(text, values);
      if (isLost || !statement.test(text)) return rows;
      isLost = true;
      throw new Error('the connection broke');
    },
  };
}

test('what it took is processed, though the answer that said so was lost', async () => {
  const worker = createWorker(losingAnswer(database.db, /set worker_id = \$1/));
  await expect(worker.renew()).rejects.toThrow('the connection broke');
  await worker.renew();
  expect(worker.partitions()).toHaveLength(PARTITIONS);
});

test('what it could not give away is given away with the next look', async () => {
  let isDown = true;
  const db: Db = {
    transaction: database.db.transaction,
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      if (isDown && /set worker_id = null/.test(text)) throw new Error('the connection broke');
      return database.db.query<Row>(text, values);
    },
  };
  const [first, second] = [createWorker(db), createWorker(database.db)];
  await first.renew();
  await second.renew();
  await expect(first.renew()).rejects.toThrow('the connection broke');
  isDown = false;
  for (const worker of [first, second]) await worker.renew();
  expect([first, second].map((worker) => worker.partitions().length)).toEqual([32, 32]);
});

test('what one took that was given up at the same moment is taken from it', async () => {
  let isFrozen = false;
  const db: Db = {
    transaction: database.db.transaction,
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      // It froze just before, and another relay has found it dead.
      if (isFrozen && /set worker_id = \$1/.test(text)) await database.db.query('delete from relay.workers');
      return database.db.query<Row>(text, values);
    },
  };
  const [frozen, other] = [createWorker(db), createWorker(database.db)];
  isFrozen = true;
  await frozen.renew();
  expect(await database.db.transaction((tx) => frozen.hold(tx))).toBe(false);
  expect(await takeAll(other)).toBeLessThan(1_000);
});
