import { expect, test } from '@jest/globals';
import type { Change } from '../../../relay/changes/changes.ts';
import { deliveryJob } from '../../../relay/changes/delivery-job.ts';
import { batched } from '../../../relay/delivery/batch.ts';
import { askedPause, DAY_SCHEDULE, nextWait } from '../../../relay/delivery/schedule.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-21T12:00:00.000Z');

test('nine tries within a day, none exactly when it would be due', () => {
  const waits = Array.from({ length: 8 }, (_, index) => nextWait(DAY_SCHEDULE, index + 1, 0) ?? 0);
  const plain = DAY_SCHEDULE.waits;
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThanOrEqual((plain[index] ?? 0) * 0.8);
    expect(wait).toBeLessThanOrEqual((plain[index] ?? 0) * 1.2);
  }
  const day = plain.reduce((sum, wait) => sum + wait, 0);
  expect(day).toBeGreaterThan(23 * HOUR);
  expect(day).toBeLessThanOrEqual(24 * HOUR);
  expect(new Set(waits.map((wait, index) => wait / (plain[index] ?? 1))).size).toBeGreaterThan(1);
  expect(nextWait(DAY_SCHEDULE, 9, 0)).toBeNull();
});

test('a delivery older than a day has had its last try', () => {
  expect(nextWait(DAY_SCHEDULE, 1, 24 * HOUR)).toBeNull();
});

test.each([
  ['120', 120_000],
  ['0', 1_000],
  ['86400', HOUR],
  ['Sat, 21 Nov 2026 12:01:00 GMT', 60_000],
  ['Sat, 21 Nov 2020 12:01:00 GMT', 1_000],
  ['soon', null],
  ['', null],
  [undefined, null],
])('Retry-After: %s is %s ms', (header, ms) => {
  expect(askedPause(DAY_SCHEDULE, header, NOW)).toBe(ms);
});

test('a delivery’s id is that of its event, change and subscription, and they sort as the events came', () => {
  const change: Change = {
    event: 'stage_changed',
    field: 'stage',
    from: 'A',
    fromKnown: true,
    recovered: false,
    to: 'B',
    at: NOW,
    snapshot: { contactId: 'c', pipelineId: 'p', stageId: 'B', status: 'open', value: 0, ownerId: null },
  };
  const origin = {
    locationId: 'l',
    recordId: 'o',
    seq: 7,
    index: 0,
    webhookId: 'w',
    receivedAt: NOW,
  };
  const id = (over: Partial<typeof origin> = {}, subscription = 's') =>
    deliveryJob(change, { ...origin, ...over }, subscription).id;
  expect(id()).toBe(id());
  const others = [id(), id({}, 't'), id({ webhookId: 'x' }), id({ index: 1 })];
  expect(new Set(others).size).toBe(4);
  const inOrder = [
    id(),
    id({ index: 1 }),
    id({ index: 16 }),
    id({ seq: 8 }),
    id({ seq: 300 }),
    id({ seq: 2 ** 40 }),
  ];
  expect([...inOrder].sort()).toEqual(inOrder);
});

test('what comes during a write goes into the next, and hears of that one alone', async () => {
  const writes: number[][] = [];
  let release = () => {};
  const write = batched(async (items: number[]) => {
    writes.push(items);
    if (writes.length === 1) await new Promise<void>((resolve) => (release = resolve));
    if (items.includes(13)) throw new Error('unlucky');
  });
  const first = write(1);
  await Promise.resolve();
  const second = Promise.allSettled([write(2), write(13)]);
  release();
  await first;
  expect((await second).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await write(4);
  expect(writes).toEqual([[1], [2, 13], [4]]);
});
