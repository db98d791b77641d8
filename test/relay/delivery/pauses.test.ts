import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createPauses } from '../../../relay/delivery/pauses.ts';
import type { Queryable } from '../../../relay/store/db.ts';

const RESTS = { firstRestMs: 60_000, lastRestMs: 60_000 };
const queueId = randomUUID();
const OLD = { queueId, subscriptionId: 'old' };
const NEW = { queueId, subscriptionId: 'new' };

/** A database that says which subscription runs, once it is let. */
function answering(subscriptionId: string) {
  let answer = () => {};
  const isAsked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const db = {
    async query() {
      await isAsked;
      return [{ queueId, id: subscriptionId, targetUrl: '', left: 0 }];
    },
  } as unknown as Queryable;
  return { db, answer: () => answer() };
}

test('failures of the hook that a Zap had before say nothing of its new one', () => {
  const pauses = createPauses(answering('new').db, RESTS);
  for (let n = 0; n < 4; n++) expect(pauses.failed(OLD)).toBe(0);
  expect(pauses.failed(OLD)).toBeGreaterThan(Date.now());
  for (let n = 0; n < 4; n++) expect(pauses.failed(NEW)).toBe(0);
  expect(pauses.failed(NEW)).toBeGreaterThan(Date.now());
});

test('what comes while the database is asked who was replaced is not forgotten', async () => {
  const { db, answer } = answering('other');
  const pauses = createPauses(db, RESTS);
  pauses.heed(OLD, Date.now() + 60_000);
  const forgetting = pauses.forgetReplaced();
  pauses.heed(NEW, Date.now() + 30_000);
  answer();
  await forgetting;
  expect(pauses.current()).toEqual([queueId]);
});

test('what was of a hook that is replaced is forgotten', async () => {
  const { db, answer } = answering('new');
  answer();
  const pauses = createPauses(db, RESTS);
  pauses.heed(OLD, Date.now() + 60_000);
  await pauses.forgetReplaced();
  expect(pauses.current()).toEqual([]);
});
