import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'HighLevel requests over 80 % of the day → message';

const message: Sample = {
  app: 'Slack',
  what: 'A message in a channel',
  source: 'api.slack.com/methods/chat.postMessage: channel and text',
  known: 'documented',
  payload: { channel: '#operations', text: 'HighLevel: 85.2 % of today’s 200000 requests are used' },
};

const texts = (world: World) => world.apps.records('Slack', 'messages').map(({ text }) => String(text));

/** The day's requests, so few that looking uses them up. */
const DAILY = 20;
const rateLimit = { max: 100, intervalMs: 10_000, daily: DAILY };

/** Looks until the channel is told, at most as often as uses 80 % of the day's requests and one. */
async function lookUntilTold(world: World): Promise<void> {
  for (let look = 0; look <= DAILY * 0.8 && texts(world).length === 0; look += 1) await world.tick(ZAP);
}

export const apiUsageWarning: Story = {
  name: 'api-usage-warning',
  title: 'HighLevel’s daily requests nearly used up, to chat',
  who: 'An agency whose Zaps and other tools share one sub-account’s requests, and that wants to hear before they run out.',
  asked: ['The issue’s own words: usage that is watched, and alerts'],
  before: ['Slack is connected.'],
  rules: [
    'Up to 80 % of the day’s requests nothing is told; above it the channel is told once a day, with the share, what is left, and when the day begins anew.',
    'Each look costs one request.',
  ],
  zaps: [
    {
      mostRequests: 1,
      zap: {
        name: ZAP,
        trigger: { kind: 'schedule', every: 'hour' },
        steps: [
          {
            id: 'usage',
            title: 'Look how much is used; up to 80 % the Zap stops here',
            kind: 'search',
            key: 'get_api_usage',
            input: { above_percent: '80' },
          },
          {
            id: 'day',
            title: 'Which day it is for HighLevel',
            kind: 'code',
            input: { resets: '{{usage.day_resets_at}}' },
            code: (inputData) => {
              return { day: (inputData.resets ?? '').slice(0, 10) };
            },
          },
          {
            id: 'count',
            title: 'Count the warnings of this day',
            kind: 'storage',
            action: 'increment_value',
            storeKey: 'highlevel-usage-{{usage.id}}-{{day.day}}',
          },
          {
            id: 'first',
            title: 'Go on only with the first',
            kind: 'filter',
            field: '{{count.value}}',
            op: 'equals',
            value: '1',
          },
          {
            id: 'tell',
            kind: 'other',
            app: 'Slack',
            action: 'Send Channel Message',
            does: 'create',
            things: 'messages',
            input: {
              channel: '#operations',
              text: 'HighLevel: {{usage.day_used_percent}} % of today’s {{usage.day_limit}} requests are used, {{usage.day_remaining}} are left until {{usage.day_resets_at}}.',
            },
          },
        ],
      },
    },
  ],
  samples: [message],
  // Else a day might end while it is played.
  account: { stillClock: true },
  scenes: [
    {
      says: 'Little is used',
      act: (world) => world.tick(ZAP),
      holds: {
        'Nothing is told': (world) => {
          deepEqual(texts(world), []);
          deepEqual(
            world.runs().map(({ status }) => status),
            ['stopped'],
          );
        },
      },
    },
    {
      says: 'More and more is used, and the schedule strikes twice beyond 80 %',
      act: async (world) => {
        world.sandbox.setSettings({ rateLimit });
        await lookUntilTold(world);
        await world.tick(ZAP);
        await world.tick(ZAP);
      },
      holds: {
        'The channel is told once, with the share and what is left': (world) => {
          equal(texts(world).length, 1);
          match(
            texts(world)[0] ?? '',
            /^HighLevel: 85 % of today’s 20 requests are used, 3 are left until \d{4}-\d{2}-\d{2}T/,
          );
        },
        'Up to 80 % the Zap stopped before': (world) => {
          const statuses = world.runs().map(({ status }) => status);
          deepEqual(statuses.slice(-3), ['success', 'filtered', 'filtered']);
          ok(statuses.slice(0, -3).every((status) => status === 'stopped'));
        },
      },
    },
  ],
  template: {
    title: 'Send Slack messages when HighLevel’s daily requests are nearly used up',
    description:
      'HighLevel allows each sub-account a number of requests a day, for all tools together. Hear of it in Slack when 80 % are used, before your automations stop.',
  },
};
