import { deepEqual, equal, match } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'Value rise → message';

const message: Sample = {
  app: 'Slack',
  what: 'A message in a channel',
  source: 'api.slack.com/methods/chat.postMessage: channel and text',
  known: 'documented',
  payload: { channel: '#big-sales', text: '"Website for Harbor Cafe" rose from 3500 to 12000' },
};

const texts = (world: World) => world.apps.records('Slack', 'messages').map(({ text }) => String(text));

const open = (world: World) => {
  const sales = world.sandbox.seeded.pipelines.Sales?.id;
  const [opportunity] = world
    .opportunities()
    .filter(({ pipelineId, status }) => pipelineId === sales && status === 'open');
  return opportunity?.id ?? '';
};

const worth = async (world: World, ...values: number[]) => {
  const id = open(world);
  for (const monetaryValue of values) {
    world.pause();
    world.sandbox.changeOpportunity(id, { monetaryValue });
    await world.rest();
  }
};

export const valueRiseAlert: Story = {
  name: 'value-rise-alert',
  title: 'Value rise to chat',
  who: 'A head of sales who wants to know within seconds when an opportunity grows large.',
  asked: [
    'zapier.com template "Notify users in Slack when contact deal data updates in ActiveCampaign"',
    'zapier.com template "Correct deal value in ActiveCampaign when threshold is met via Webhooks"',
  ],
  before: ['Slack is connected, and the integration has its relay, as the trigger is an instant one.'],
  rules: [
    'Only a rise starts the Zap, and only to 10,000 or more; a fall, a small rise and a change of anything else do not.',
    'A rise is told once, though HighLevel sends two webhooks for it.',
    'What an opportunity was worth before the relay first saw it is not known, and such a first change counts as neither rise nor fall.',
  ],
  zaps: [
    {
      mostRequests: 0,
      zap: {
        name: ZAP,
        trigger: {
          key: 'value_changed_instant',
          input: { direction: 'up', min_value: '10000', pipeline_id: 'Sales' },
        },
        steps: [
          {
            id: 'tell',
            kind: 'other',
            app: 'Slack',
            action: 'Send Channel Message',
            does: 'create',
            things: 'messages',
            input: {
              channel: '#big-sales',
              text: '"{{trigger.name}}" of {{trigger.owner_name}} rose from {{trigger.change.from}} to {{trigger.change.to}}. {{trigger.url}}',
            },
          },
        ],
      },
    },
  ],
  samples: [message],
  scenes: [
    {
      says: 'An opportunity that the relay has not seen before gets a value',
      act: (world) => worth(world, 9_000),
      holds: { 'Nothing is told': (world) => deepEqual(texts(world), []) },
    },
    {
      says: 'It rises to 12,000',
      act: (world) => worth(world, 12_000),
      holds: {
        'The channel is told once, with both values and the link': (world) => {
          equal(texts(world).length, 1);
          match(texts(world)[0] ?? '', /rose from 9000 to 12000\. https:/);
        },
        'With one request to HighLevel for it, or few': (world) => {
          const reads = world.requests().filter(({ method }) => method === 'GET').length;
          equal(reads <= 3, true, `${reads} requests`);
        },
      },
    },
    {
      says: 'It falls, rises to less than 10,000, is moved, and rises to 50,000',
      act: async (world) => {
        await worth(world, 2_000, 5_000);
        world.pause();
        const { Negotiation, Closing } = world.sandbox.seeded.pipelines.Sales?.stages ?? {};
        for (const pipelineStageId of [Negotiation, Closing]) {
          world.sandbox.changeOpportunity(open(world), { pipelineStageId });
          world.pause();
        }
        await worth(world, 50_000);
      },
      holds: {
        'Only the last is told': (world) => {
          equal(texts(world).length, 2);
          match(texts(world)[1] ?? '', /rose from 5000 to 50000\./);
        },
      },
    },
  ],
  template: {
    title: 'Send Slack messages when the value of HighLevel opportunities rises',
    description:
      'Hear within seconds when an opportunity in HighLevel grows to a size that you choose: from how much, to how much, and whose it is.',
  },
};
