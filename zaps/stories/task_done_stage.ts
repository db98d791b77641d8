import { deepEqual, equal } from 'node:assert/strict';
import type { Opportunity, Task } from '../../local/sandbox/index.ts';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const MOVED = 'Contacted → task to send the proposal';
const DONE = 'Proposal task done → Proposal Sent';

const TITLE = 'Send the proposal';

const message: Sample = {
  app: 'Slack',
  what: 'A message to a channel',
  source: 'api.slack.com/methods/chat.postMessage: channel and text',
  known: 'documented',
  payload: { channel: '#sales', text: 'The proposal for "Website for Harbor Cafe" is out.' },
};

const texts = (world: World) => world.apps.records('Slack', 'messages').map(({ text }) => String(text));

const stages = (world: World) => world.sandbox.seeded.pipelines.Sales?.stages ?? {};

function stageOf(world: World, id: string): string | undefined {
  const { pipelineStageId } = world.sandbox.opportunity(id);
  return Object.entries(stages(world)).find(([, stageId]) => stageId === pipelineStageId)?.[0];
}

const taskOf = (world: World, opportunity: Opportunity): Task => {
  const [task, ...more] = world
    .tasks()
    .filter(({ contactId, title }) => contactId === opportunity.contactId && title.startsWith(TITLE));
  deepEqual(more, [], 'further tasks');
  if (!task) throw new Error(`"${opportunity.name}" has no task.`);
  return task;
};

/** Somebody moves an opportunity into a stage by hand. */
async function move(world: World, { id }: Opportunity, stage: string): Promise<void> {
  world.pause();
  world.sandbox.changeOpportunity(id, { pipelineStageId: stages(world)[stage] });
  await world.rest();
}

/** Somebody ticks the task off. */
async function tickOff(world: World, task: Task): Promise<void> {
  world.pause();
  world.sandbox.completeTask(task.id);
  await world.rest();
}

/** An opportunity that was just added, with a contact of its own. */
function add(world: World, name: string): Opportunity {
  const taken = new Set(world.opportunities().map(({ contactId }) => contactId));
  world.pause();
  return world.sandbox.addOpportunity({
    locationId: world.sandbox.locationId,
    pipelineId: world.sandbox.seeded.pipelines.Sales?.id ?? '',
    contactId: world.contacts().find(({ id }) => !taken.has(id))?.id ?? '',
    name,
    assignedTo: world.sandbox.seeded.users['Dana Whitfield'] ?? null,
  });
}

const named = (world: World, name: string): Opportunity => {
  const one = world.opportunities().find((opportunity) => opportunity.name === name);
  if (!one) throw new Error(`There is no "${name}".`);
  return one;
};

export const taskDoneStage: Story = {
  name: 'task-done-stage',
  title: 'Task done moves the opportunity on',
  who: 'A sales team that ticks tasks off, and would rather not move the card as well.',
  asked: [
    'The issue’s own words: a task that is done moves the stage',
    'zapier.com template "Update contact information and tag in LeadConnector when AccessAlly module is completed": something is completed, and HighLevel follows',
  ],
  before: [
    'The pipeline Sales has the stages Contacted and Proposal Sent.',
    'The integration has its relay, as both triggers are instant ones. Slack is connected.',
  ],
  rules: [
    'An opportunity that comes to Contacted gets a task for its owner. HighLevel keeps tasks with contacts, so the task is the contact’s.',
    'Once the task is done, the contact’s open opportunity moves from Contacted to Proposal Sent, within seconds.',
    'It is never moved back: an opportunity that was moved on by hand, won or lost meanwhile stays as it is. Other tasks move nothing.',
    'One move, though HighLevel tells of the task twice.',
  ],
  zaps: [
    {
      mostRequests: 2,
      zap: {
        name: MOVED,
        trigger: { key: 'stage_changed_instant', input: { pipeline_id: 'Sales', stage_id: 'Contacted' } },
        steps: [
          {
            id: 'task',
            kind: 'create',
            key: 'create_task',
            input: {
              title: `${TITLE}: {{trigger.name}}`,
              due_date: 'tomorrow at 5pm',
              contact_id: '{{trigger.contact_id}}',
              owner_id: '{{trigger.owner_id}}',
            },
          },
        ],
      },
    },
    {
      mostRequests: 3,
      zap: {
        name: DONE,
        trigger: { key: 'task_completed_instant' },
        steps: [
          {
            id: 'proposal',
            title: 'Go on only with tasks for a proposal',
            kind: 'filter',
            field: '{{trigger.title}}',
            op: 'contains',
            value: TITLE,
          },
          {
            id: 'opportunity',
            title: 'Find what is to be moved; where there is nothing, the Zap stops',
            kind: 'search',
            key: 'find_opportunity',
            input: {
              contact_id: '{{trigger.contact_id}}',
              pipeline_id: 'Sales',
              stage_id: 'Contacted',
              status: 'open',
            },
          },
          {
            id: 'move',
            kind: 'create',
            key: 'update_opportunity',
            input: {
              opportunity_id: '{{opportunity.id}}',
              pipeline_id: 'Sales',
              stage_id: 'Proposal Sent',
              only_if: 'open',
            },
          },
          {
            id: 'tell',
            kind: 'other',
            app: 'Slack',
            action: 'Send Channel Message',
            does: 'create',
            things: 'messages',
            input: { channel: '#sales', text: 'The proposal for "{{move.name}}" is out. {{move.url}}' },
          },
        ],
      },
    },
  ],
  samples: [message],
  scenes: [
    {
      says: 'Two opportunities are added and come to Contacted',
      act: async (world) => {
        for (const name of ['Spring campaign', 'New website']) {
          add(world, name);
          await world.rest();
          await move(world, named(world, name), 'Contacted');
        }
      },
      holds: {
        'Each has a task for its owner': (world) => {
          for (const name of ['Spring campaign', 'New website']) {
            const { title, assignedTo, completed } = taskOf(world, named(world, name));
            deepEqual(
              [title, assignedTo, completed],
              [`${TITLE}: ${name}`, world.sandbox.seeded.users['Dana Whitfield'], false],
            );
          }
        },
      },
    },
    {
      says: 'The task of the first is done, and HighLevel tells of it twice',
      act: async (world) => {
        world.sandbox.webhooks.fault({ repeat: 1 });
        await tickOff(world, taskOf(world, named(world, 'Spring campaign')));
      },
      holds: {
        'It is in Proposal Sent, by one write, and the channel knows': (world) => {
          const { id } = named(world, 'Spring campaign');
          equal(stageOf(world, id), 'Proposal Sent');
          deepEqual(world.writes(), [`PUT /opportunities/${id}`]);
          equal(texts(world).length, 1);
        },
        'The other stays': (world) => equal(stageOf(world, named(world, 'New website').id), 'Contacted'),
      },
    },
    {
      says: 'The second is moved on by hand, and its task is done only then',
      act: async (world) => {
        await move(world, named(world, 'New website'), 'Negotiation');
        await tickOff(world, taskOf(world, named(world, 'New website')));
      },
      holds: {
        'It stays where it is, and the Zap stops': (world) => {
          equal(stageOf(world, named(world, 'New website').id), 'Negotiation');
          deepEqual(
            world.runs(DONE).map(({ status }) => status),
            ['stopped'],
          );
        },
      },
    },
    {
      says: 'One is won before its task is done',
      act: async (world) => {
        const one = add(world, 'Signed at once');
        await world.rest();
        await move(world, one, 'Contacted');
        world.pause();
        world.sandbox.changeOpportunity(one.id, { status: 'won' });
        await tickOff(world, taskOf(world, one));
      },
      holds: {
        'Nothing is moved': (world) => {
          deepEqual(
            world.runs(DONE).map(({ status }) => status),
            ['stopped'],
          );
          equal(texts(world).length, 1);
        },
      },
    },
    {
      says: 'Another task of a contact is done, whose opportunity is in Contacted',
      act: async (world) => {
        const one = add(world, 'Print work');
        await world.rest();
        await move(world, one, 'Contacted');
        const task = taskOf(world, one);
        world.sandbox.state.tasks.set(task.id, { ...task, title: 'Call about the invoice' });
        await tickOff(world, task);
      },
      holds: {
        'It stays where it is': (world) => {
          equal(stageOf(world, named(world, 'Print work').id), 'Contacted');
          deepEqual(
            world.runs(DONE).map(({ status }) => status),
            ['filtered'],
          );
        },
      },
    },
  ],
  template: {
    title: 'Move HighLevel opportunities to the next stage when tasks are completed',
    description:
      'An opportunity that was contacted gets a task for its owner. Tick the task off, and the opportunity moves to Proposal Sent within seconds; one that has moved on by itself is left where it is.',
  },
};
