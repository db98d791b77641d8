import { describe, expect, it } from '@jest/globals';
import { inWords, readBudget, retryDelaySeconds } from '../../../highlevel/http/rate-limit.ts';

const headers = (values: Record<string, string>) => ({ get: (name: string) => values[name] ?? null });

/** As recorded on 2026-07-21 by others. */
const RECORDED = {
  'x-ratelimit-max': '100',
  'x-ratelimit-remaining': '99',
  'x-ratelimit-interval-milliseconds': '10000',
  'x-ratelimit-limit-daily': '200000',
  'x-ratelimit-daily-remaining': '199779',
  'x-ratelimit-daily-reset': '49013000',
};

describe('readBudget', () => {
  it('reads the recorded headers', () => {
    expect(readBudget(headers(RECORDED))).toEqual({
      remaining: 99,
      max: 100,
      windowMs: 10_000,
      dailyRemaining: 199_779,
      dailyMax: 200_000,
      dailyResetMs: 49_013_000,
    });
  });

  it('reads another plan’s limits, and supposes the usual ones where none are said', () => {
    const other = {
      'x-ratelimit-max': '50',
      'x-ratelimit-interval-milliseconds': '5000',
      'x-ratelimit-limit-daily': '100000',
    };
    expect(readBudget(headers({ ...RECORDED, ...other }))).toMatchObject({
      max: 50,
      windowMs: 5_000,
      dailyMax: 100_000,
    });
    expect(readBudget(headers({ 'x-ratelimit-remaining': '7' }))).toEqual({
      remaining: 7,
      max: 100,
      windowMs: 10_000,
      dailyRemaining: Number.POSITIVE_INFINITY,
      dailyMax: 200_000,
      dailyResetMs: 0,
    });
  });

  it('knows nothing where HighLevel says nothing', () => {
    expect(readBudget(headers({}))).toBeNull();
    expect(readBudget(headers({ 'x-ratelimit-remaining': '' }))).toBeNull();
  });

  it('takes an empty window for empty, not for unknown', () => {
    expect(readBudget(headers({ ...RECORDED, 'x-ratelimit-remaining': '0' }))?.remaining).toBe(0);
  });
});

describe('retryDelaySeconds', () => {
  const noJitter = () => 0;

  it('waits one window after a burst', () => {
    expect(retryDelaySeconds(headers({ ...RECORDED, 'x-ratelimit-remaining': '0' }), noJitter)).toBe(10);
  });

  it('waits for the next day when the day is used up', () => {
    expect(retryDelaySeconds(headers({ ...RECORDED, 'x-ratelimit-daily-remaining': '0' }), noJitter)).toBe(
      49_013,
    );
  });

  it('waits one window where the day is used up and nothing says when it ends', () => {
    const { 'x-ratelimit-daily-reset': _, ...silent } = { ...RECORDED, 'x-ratelimit-daily-remaining': '0' };
    expect(retryDelaySeconds(headers(silent), noJitter)).toBe(10);
    expect(retryDelaySeconds(headers({ ...silent, 'x-ratelimit-daily-reset': '0' }), noJitter)).toBe(10);
  });

  it('does not come back at once, though it is told to', () => {
    expect(retryDelaySeconds(headers({ ...RECORDED, 'retry-after': '0' }), noJitter)).toBe(10);
  });

  it('prefers what HighLevel says outright', () => {
    expect(retryDelaySeconds(headers({ ...RECORDED, 'retry-after': '3' }), noJitter)).toBe(3);
  });

  it('waits ten seconds where nothing is said, or nothing that is a number', () => {
    expect(retryDelaySeconds(headers({}), noJitter)).toBe(10);
    expect(retryDelaySeconds(headers({ 'retry-after': 'Sat, 21 Nov 2026 10:00:00 GMT' }), noJitter)).toBe(10);
  });

  it('spreads those that were held back together over a third more', () => {
    expect(retryDelaySeconds(headers({}), () => 0.999)).toBe(14);
  });
});

it.each([
  [119, '119 seconds'],
  [300, '5 minutes'],
  [3660, '1 hour and 1 minute'],
  [7200, '2 hours'],
  [30_270, '8 hours and 25 minutes'],
])('says %i seconds as a person does: %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});
