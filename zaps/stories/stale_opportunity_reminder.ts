import { deepEqual, equal, match } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';

const ZAP = 'Stale opportunity → task and reminder';
const DAY_MS = 24 * 60 * 60 * 1000;

const message: Sample = {
  app: 'Slack',
  what: 'A direct message',
  source: 'api.slack.com/methods/chat.postMessage: channel, which may be a person, and text',
  known: 'documented',
  payload: { channel: 'dana@example.com', text: '"Website for Harbor Cafe" has not moved for 14 days' },
};

export const staleOpportunityReminder: Story = {
  name: 'stale-opportunity-reminder',
  title: 'Stale opportunity to task and reminder',
  who: 'Sales people who lose opportunities by forgetting them.',
  asked: [
    'ecosire.com "GoHighLevel pipeline management guide": leads without movement need to come up by themselves',
    'support.4degrees.ai "Automations - triggers and actions": "Days In Stage" and reminders, in a neighbouring product',
  ],
  before: ['Slack is connected; people have the same e-mail address in Slack and in HighLevel.'],
  rules: [
    'An open opportunity that has not moved for 14 days makes one task for its owner, and one message; not again until it has moved and stands still once more.',
    'An opportunity without an owner goes to the channel instead.',
    'Opportunities that are stale when the Zap is turned on start nothing.',
  ],
  zaps: [
    {
      mostRequests: 2,
      zap: {
        name: ZAP,
        trigger: { key: 'stale_opportunity', input: { days: '14', pipeline_id: 'Sales' } },
        steps: [
          {
            id: 'task',
            kind: 'create',
            key: 'create_task',
            input: {
              opportunity_id: '{{trigger.id}}',
              title: 'Get in touch about "{{trigger.name}}"',
              body: 'In {{trigger.stage_name}} for {{trigger.days_stale}} days.',
              due_date: 'tomorrow at 9am',
              owner_id: '{{trigger.owner_id}}',
            },
          },
          {
            id: 'who',
            title: 'The owner, or else the channel',
            kind: 'formatter',
            transform: 'lookup_table',
            input: '{{trigger.owner_email}}',
            table: { '': '#sales' },
            fallback: '',
          },
          {
            id: 'remind',
            kind: 'other',
            app: 'Slack',
            action: 'Send Direct Message',
            does: 'create',
            things: 'messages',
            input: {
              channel: '{{who.output}}{{trigger.owner_email}}',
              text: '"{{trigger.name}}" has not moved from {{trigger.stage_name}} for {{trigger.days_stale}} days. {{trigger.url}}',
            },
          },
        ],
      },
    },
  ],
  samples: [message],
  scenes: [
    {
      says: 'Two open opportunities go stale, one of them nobody’s; a won one and a young one do not',
      act: async (world) => {
        const sales = world.sandbox.seeded.pipelines.Sales?.id;
        const [first, second, third] = world.opportunities().filter(({ pipelineId }) => pipelineId === sales);
        const at = (days: number) => new Date(world.sandbox.context.now() - days * DAY_MS).toISOString();
        const rest = { lastStageChangeAt: at(14.01), lastStatusChangeAt: at(14.01), status: 'open' as const };
        world.sandbox.editOpportunity(first?.id ?? '', rest);
        world.sandbox.editOpportunity(second?.id ?? '', { ...rest, assignedTo: null });
        world.sandbox.editOpportunity(third?.id ?? '', { lastStageChangeAt: at(14.01), status: 'won' });
        await world.poll(ZAP);
        await world.poll(ZAP);
      },
      holds: {
        'Each has one task, with its owner': (world) => {
          const made = world.tasks().filter(({ title }) => title.startsWith('Get in touch about'));
          equal(made.length, 2);
          equal(made.filter(({ assignedTo }) => assignedTo === null).length, 1);
          match(String(made[0]?.body), /^In .+ for 14 days\.$/);
        },
        'The owner is told, and for the other the channel': (world) => {
          const channels = world.apps.records('Slack', 'messages').map(({ channel }) => String(channel));
          equal(channels.length, 2);
          equal(channels.filter((one) => one === '#sales').length, 1);
          match(channels.filter((one) => one !== '#sales').join(), /@/);
        },
      },
    },
    {
      says: 'One of them moves, and stands still again',
      act: async (world) => {
        const [task] = world.tasks().filter(({ title }) => title.startsWith('Get in touch about'));
        const opportunity = world.opportunities().find(({ name }) => task?.title.includes(`"${name}"`));
        const at = new Date(world.sandbox.context.now() - 14.001 * DAY_MS).toISOString();
        world.sandbox.editOpportunity(opportunity?.id ?? '', { lastStageChangeAt: at });
        await world.poll(ZAP);
      },
      holds: {
        'It comes up once more': (world) =>
          deepEqual(
            world.runs().map(({ status }) => status),
            ['success'],
          ),
      },
    },
  ],
  template: {
    title: 'Create tasks in HighLevel and send Slack reminders for stale opportunities',
    description:
      'When an open opportunity has not moved for two weeks, its owner gets a task in HighLevel and a message in Slack, once, with the link.',
  },
};
