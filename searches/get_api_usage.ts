import { defineInputFields, defineSearch, type SearchPerform } from 'zapier-platform-core';
import { readPercent } from '../fields/inputs/read-percent.ts';
import { connect } from '../highlevel/connect.ts';
import type { Budget } from '../highlevel/http/rate-limit.ts';

const ABOVE = 'Only Above (% of the Day)';

const inputFields = defineInputFields([
  {
    key: 'above_percent',
    label: ABOVE,
    type: 'string',
    required: false,
    helpText:
      'Finds something only if more than this share of the day’s requests is used, for example `80`, so that a Zap with a schedule before this step and a message behind it warns you in time. Leave empty to find the usage always.',
  },
]);

const perform = (async (z, bundle) => {
  const above = readPercent(z, ABOVE, bundle.inputData.above_percent);
  const highlevel = connect(z, bundle);
  const budget = await highlevel.api.usage();
  if (!budget) {
    throw new z.errors.HaltedError(
      'HighLevel’s answer did not say how much of the allowance is left, so the usage is not known this time. Replay the step later.',
    );
  }
  const usage = { id: highlevel.locationId(), ...usageOf(budget, Date.now()) };
  if (above === undefined) return [usage];
  if (usage.day_used === null) {
    throw new z.errors.HaltedError(
      'HighLevel’s answer did not say how much of the day’s allowance is left, so whether it is above ' +
        `${above} % is not known this time. Replay the step later.`,
    );
  }
  return usage.day_used > (usage.day_limit * above) / 100 ? [usage] : [];
}) satisfies SearchPerform<typeof inputFields>;

/** @param now in ms since the epoch */
function usageOf(budget: Budget, now: number) {
  const { remaining, max, windowMs, dailyRemaining, dailyMax, dailyResetMs } = budget;
  const dayKnown = Number.isFinite(dailyRemaining);
  return {
    window_seconds: windowMs / 1000,
    window_limit: max,
    window_remaining: remaining,
    window_used_percent: usedPercent(remaining, max),
    day_limit: dailyMax,
    day_remaining: dayKnown ? dailyRemaining : null,
    day_used: dayKnown ? dailyMax - dailyRemaining : null,
    day_used_percent: dayKnown ? usedPercent(dailyRemaining, dailyMax) : null,
    day_resets_at: dailyResetMs > 0 ? new Date(now + dailyResetMs).toISOString() : null,
    read_at: new Date(now).toISOString(),
  };
}

/** To a tenth of a percent. */
function usedPercent(remaining: number, limit: number): number {
  return Math.round(((limit - remaining) / limit) * 1000) / 10;
}

export default defineSearch({
  key: 'get_api_usage',
  noun: 'Request Usage',
  display: {
    label: 'Get Request Usage',
    description:
      'Finds how many requests to HighLevel the Zaps of this sub-account have left, for these ten seconds and for today.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      { key: 'id', label: 'Sub-Account ID', type: 'string', required: true },
      { key: 'window_seconds', label: 'Short Term: Seconds', type: 'number' },
      { key: 'window_limit', label: 'Short Term: Limit', type: 'integer' },
      { key: 'window_remaining', label: 'Short Term: Left', type: 'integer' },
      { key: 'window_used_percent', label: 'Short Term: Used (%)', type: 'number' },
      { key: 'day_limit', label: 'Day: Limit', type: 'integer' },
      { key: 'day_remaining', label: 'Day: Left', type: 'integer' },
      { key: 'day_used', label: 'Day: Used', type: 'integer' },
      { key: 'day_used_percent', label: 'Day: Used (%)', type: 'number' },
      { key: 'day_resets_at', label: 'Day: Full Again At', type: 'datetime' },
      { key: 'read_at', label: 'Read At', type: 'datetime' },
    ],
    sample: {
      id: 've9EPM428h8vShlRW1KT',
      window_seconds: 10,
      window_limit: 100,
      window_remaining: 97,
      window_used_percent: 3,
      day_limit: 200000,
      day_remaining: 171400,
      day_used: 28600,
      day_used_percent: 14.3,
      day_resets_at: '2026-11-21T00:00:00.000Z',
      read_at: '2026-11-20T14:30:00.000Z',
    },
  },
});
