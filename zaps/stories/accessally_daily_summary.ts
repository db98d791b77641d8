import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';

const ZAP = 'Daily HighLevel summary → AccessAlly tasks';

const task: Sample = {
  app: 'AccessAlly',
  what: 'A task, and a reminder, as the Zap makes them',
  source:
    'The issue’s own words: numbers and text go to AccessAlly as tasks and reminders; no public page spells them',
  known: 'assumed',
  payload: {
    title: 'Pipeline yesterday: 3 won, 1 lost, 12 new',
    text: 'The summary, line by line',
    due: '2026-11-21',
  },
};

export const accessallyDailySummary: Story = {
  name: 'accessally-daily-summary',
  title: 'Daily HighLevel summary to AccessAlly tasks and reminders',
  who: 'An owner who wants yesterday’s pipeline on the table in the morning, in the tool that the day begins with.',
  asked: [
    'zapier.com template "Create or update opportunities in LeadConnector from daily Google Sheets updates": opportunities looked after once a day',
    'ecosire.com "GoHighLevel pipeline management guide": leads that have not moved for days need to come up by themselves',
  ],
  before: [
    'A schedule outside working hours, here 5:15: the summary then does not share HighLevel’s limit of 100 requests in 10 seconds with people at work.',
    'In AccessAlly, whoever is to get the task and the reminders.',
  ],
  rules: [
    '10,000 opportunities are summed up within the 30 seconds that Zapier gives a step, and within HighLevel’s limit.',
    'Either every opportunity of the period is counted, or the step says that it could not and no task is made.',
    'One task a day, with the numbers in its title and the whole text in it; one reminder for each of the opportunities that have stood in their stage longest.',
  ],
  account: { opportunities: 10_000 },
  zaps: [
    {
      mostRequests: 25,
      zap: {
        name: ZAP,
        trigger: { kind: 'schedule', every: 'day', at: '05:15' },
        steps: [
          {
            id: 'summary',
            kind: 'search',
            key: 'summarize_opportunities',
            input: { period: 'yesterday', pipeline_id: 'Sales' },
          },
          {
            id: 'task',
            title: 'Put the summary on the list',
            kind: 'other',
            app: 'AccessAlly',
            action: 'Create Task',
            does: 'create',
            things: 'tasks',
            input: {
              title:
                'Pipeline {{summary.period_end}}: {{summary.won_count}} won, {{summary.lost_count}} lost, {{summary.created_count}} new',
              text: '{{summary.text}}',
              open_value: '{{summary.open_value}}',
              weighted_value: '{{summary.weighted_value}}',
              win_rate: '{{summary.win_rate}}',
            },
          },
          {
            id: 'stale',
            title: 'For each opportunity that stands still',
            kind: 'looping',
            items: '{{summary.stalest_opportunities}}',
            steps: [
              {
                id: 'remind',
                title: 'Remind',
                kind: 'other',
                app: 'AccessAlly',
                action: 'Create Reminder',
                does: 'create',
                things: 'reminders',
                input: {
                  text: '{{stale.name}} has stood in {{stale.stage_name}} for {{stale.days_in_stage}} days',
                  for: '{{stale.owner_name}}',
                  link: '{{stale.url}}',
                },
              },
            ],
          },
        ],
      },
    },
  ],
  samples: [task],
  scenes: [
    {
      says: 'The schedule strikes, over 10,000 opportunities',
      act: (world) => world.tick(ZAP),
      holds: {
        'The step took less than 30 seconds, and HighLevel never had to slow it down': (world) => {
          const step = world.events.find((event) => event.type === 'step' && event.step === 'summary');
          ok(step?.type === 'step' && step.outcome === 'found' && step.ms < 30_000, JSON.stringify(step));
          equal(world.requests().filter(({ status }) => status === 429).length, 0);
        },
        'It stayed within 100 requests in any 10 seconds': (world) => {
          const times = world.requests().map(({ at }) => at);
          const most = Math.max(
            ...times.map((at) => times.filter((one) => one >= at && one < at + 10_000).length),
          );
          ok(most <= 100, `${most} requests in 10 seconds`);
        },
        'AccessAlly has one task with the numbers that HighLevel has': (world) => {
          const tasks = world.apps.records('AccessAlly', 'tasks');
          equal(tasks.length, 1);
          const sales = world.sandbox.seeded.pipelines.Sales?.id;
          const open = world
            .opportunities()
            .filter(({ pipelineId, status }) => pipelineId === sales && status === 'open');
          const value = open.reduce((sum, { monetaryValue }) => sum + monetaryValue, 0);
          equal(tasks[0]?.open_value, value);
          match(String(tasks[0]?.title), /^Pipeline \d{4}-\d{2}-\d{2}: \d+ won, \d+ lost, \d+ new$/);
          match(String(tasks[0]?.text), new RegExp(`Open now: ${open.length.toLocaleString('en-US')} `));
        },
        'And a reminder for each opportunity that stands still longest': (world) => {
          const reminders = world.apps.records('AccessAlly', 'reminders');
          ok(reminders.length > 0);
          for (const { text, link } of reminders) {
            match(String(text), / has stood in .+ for \d+ days$/);
            match(String(link), /^https:/);
          }
        },
      },
    },
    {
      says: 'HighLevel is away when the schedule strikes',
      act: async (world) => {
        world.sandbox.fault({ path: '/opportunities/search', status: 503, times: 50 });
        await world.tick(ZAP);
        world.sandbox.clearFaults();
      },
      holds: {
        'The step fails with a sentence, and no task tells half of it': (world) => {
          deepEqual(
            world.runs().map(({ status }) => status),
            ['error'],
          );
          ok(world.failures().length > 0);
          equal(world.apps.records('AccessAlly', 'tasks').length, 1);
        },
      },
    },
  ],
  template: {
    title: 'Create tasks in AccessAlly from a daily summary of HighLevel opportunities',
    description:
      'Every morning, yesterday’s pipeline is summed up: won, lost and new opportunities, the open value and the forecast. It waits for you as a task in AccessAlly, with a reminder for each opportunity that has stood still too long.',
  },
};
