import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createPace } from '../../relay/pace.ts';

test('begins at once after a rest, and else no sooner than so long after the last time', async () => {
  const mayBegin = createPace(100);
  const began = performance.now();
  const since = async () => {
    await mayBegin();
    return performance.now() - began;
  };
  const [first, second] = [await since(), await since()];
  expect(second - first).toBeGreaterThanOrEqual(98);
  await pause(150);
  const rested = performance.now();
  await mayBegin();
  expect(performance.now() - rested).toBeLessThan(second - first);
});
