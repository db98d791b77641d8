import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BenchAccount, openAccount } from '../../../tools/bench/jobs/account.ts';
import { JOBS } from '../../../tools/bench/jobs/list.ts';

const RELEASE = new URL('../../../tools/bench/jobs/release.json', import.meta.url);
const released = JSON.parse(readFileSync(RELEASE, 'utf8')) as Record<string, number>;

/** Five hundred times the same two requests; the steps' own tests count those. */
const LONG = 'an import of 500 rows, each a new lead';
const OPPORTUNITIES = 10_000;

describe('the requests of each job', () => {
  let account: BenchAccount;
  beforeAll(async () => {
    account = await openAccount(OPPORTUNITIES);
  }, 60_000);
  afterAll(() => account?.close());

  it('are kept for every job', () => {
    expect(Object.keys(released)).toEqual(JOBS.map(({ name }) => name));
  });

  it.each(JOBS.filter(({ name }) => name !== LONG))('are no more than in the release: $name', async (job) => {
    const run = await job.prepare(account);
    const requests = await run();
    expect(requests).toBeLessThanOrEqual(Math.min(job.requests, released[job.name] ?? 0));
  }, 60_000);
});
