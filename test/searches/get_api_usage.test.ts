import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Bundle, ZObject } from 'zapier-platform-core';
import getApiUsage from '../../searches/get_api_usage.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { scripted } from '../support/scripted.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  get_api_usage: {
    live: ['Test the step', 'the numbers go down from one test to the next'],
    runs: () => ({
      all: [{ inputData: { above_percent: '0' } }],
      least: [{ inputData: { above_percent: '80' } }],
    }),
    example: () => ({}),
  },
};

const METHOD = 'searches.get_api_usage.operation.perform';

interface Usage {
  id: string;
  window_seconds: number;
  window_limit: number;
  window_remaining: number;
  window_used_percent: number;
  day_limit: number;
  day_remaining: number | null;
  day_used: number | null;
  day_used_percent: number | null;
  day_resets_at: string | null;
  read_at: string;
}

describe('get_api_usage', () => {
  let connection: Connection;

  beforeEach(async () => {
    connection = await connect({ rateLimit: { max: 10, intervalMs: 60_000, daily: 40 } });
  });
  afterEach(() => connection.close());

  const usage = (above_percent?: string) => connection.run<Usage[]>(METHOD, { above_percent });

  it('tells what is left of the window and of the day, with its own request counted, by one request', async () => {
    const [first] = await usage();
    expect(first).toMatchObject({
      id: connection.sandbox.locationId,
      window_seconds: 60,
      window_limit: 10,
      window_remaining: 9,
      window_used_percent: 10,
      day_limit: 40,
      day_remaining: 39,
      day_used: 1,
      day_used_percent: 2.5,
    });
    expect(connection.requests()).toEqual(['GET /opportunities/pipelines']);
    const until = Date.parse(first?.day_resets_at ?? '') - Date.parse(first?.read_at ?? '');
    expect(until).toBeGreaterThan(0);
    expect(until).toBeLessThanOrEqual(24 * 60 * 60 * 1000);
  });

  it('finds something only above the share of the day that a person set', async () => {
    expect(await usage('2.5')).toEqual([]);
    expect(await usage('4.9 %')).toMatchObject([{ day_used: 2, day_used_percent: 5 }]);
    expect(await usage('7.5')).toEqual([]);
  });

  it.each(['a lot', '120', '-1'])('refuses a share that is none before it asks: %s', async (text) => {
    expect(sentenceOf(await errorOf(usage(text)))).toMatch(
      /^Only Above \(% of the Day\): ".*" is not a percentage/,
    );
    expect(connection.requests()).toEqual([]);
  });

  it('waits like any other step where nothing is left', async () => {
    for (let used = 0; used < 10; used++) await usage();
    expect((await errorOf(usage())).name).toBe('ThrottledError');
  });

  it.each([
    '',
    '80',
  ])('says so where HighLevel does not tell, and never guesses: above "%s"', async (above_percent) => {
    const { z, bundle } = scripted(() => ({ pipelines: [] }));
    const perform = getApiUsage.operation.perform as (z: ZObject, bundle: Bundle) => Promise<unknown>;
    const error = await errorOf(perform(z, { ...bundle, inputData: { above_percent } } as Bundle));
    expect(error.name).toBe('HaltedError');
    expect(error.message).toMatch(/did not say how much of the allowance is left/);
  });

  it('tells of the window alone where HighLevel tells nothing of the day', async () => {
    const { z, bundle } = scripted(() => ({
      status: 200,
      headers: { 'x-ratelimit-remaining': '7', 'x-ratelimit-max': '10' },
      data: { pipelines: [] },
    }));
    const perform = getApiUsage.operation.perform as (z: ZObject, bundle: Bundle) => Promise<unknown>;
    const run = (above_percent: string) => perform(z, { ...bundle, inputData: { above_percent } } as Bundle);
    expect(await run('')).toMatchObject([
      {
        window_remaining: 7,
        day_remaining: null,
        day_used: null,
        day_used_percent: null,
        day_resets_at: null,
      },
    ]);
    const error = await errorOf(run('80'));
    expect(error.name).toBe('HaltedError');
    expect(error.message).toMatch(/how much of the day’s allowance is left, so whether it is above 80 %/);
  });
});
