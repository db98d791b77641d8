import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createAppHandler } from 'zapier-platform-core';
import { withoutMemoryCheck } from '../../../local/zap-runner/app/load.ts';

const real = process.memoryUsage;

beforeEach(() => {
  process.memoryUsage = Object.assign(() => ({ ...real(), rss: 2_000_000_000 }), {
    rss: () => 2_000_000_000,
  });
});
afterEach(() => {
  process.memoryUsage = real;
  jest.restoreAllMocks();
});

it('lets a runner call an app more often than core lets one process of that size', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  const app = { version: '1.0.0', platformVersion: '19.1.0' };
  const call = async (handle: (event: object) => Promise<unknown>) => {
    for (let run = 0; run < 260; run++)
      await handle({ command: 'definition', bundle: {}, calledFromCli: true });
  };
  const usage = process.memoryUsage;
  await call(withoutMemoryCheck(createAppHandler(app)));
  expect(exit).not.toHaveBeenCalled();
  expect(process.memoryUsage).toBe(usage);
  await call(createAppHandler(app));
  expect(exit).toHaveBeenCalled();
});
