import { deepEqual, equal } from 'node:assert/strict';
import type { Opportunity } from '../../local/sandbox/index.ts';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'HighLevel close date or plan → Airtable';

const record: Sample = {
  app: 'Airtable',
  what: 'A record, by the names of its fields',
  source:
    'airtable.com/developers/web/api/create-records: a record’s fields go by their names; Zapier’s "Create Record" and "Update Record" show them as input fields',
  known: 'documented',
  payload: {
    'Opportunity ID': 'iBGsjQTpjGOGdGfzwYxP',
    Name: 'Website for Harbor Cafe',
    'Close Date': '2026-12-31',
    Plan: 'Growth',
  },
};

const records = (world: World) => world.apps.records('Airtable', 'records');
const kept = (world: World) =>
  records(world).map((one) => [one['Opportunity ID'], one['Close Date'] ?? null, one.Plan ?? null]);

/** The open opportunity in Sales that the story is about. */
function theirs(world: World): Opportunity {
  const sales = world.sandbox.seeded.pipelines.Sales?.id;
  const [one] = world
    .opportunities()
    .filter(({ pipelineId, status }) => pipelineId === sales && status === 'open');
  if (!one) throw new Error('There is no open opportunity in Sales.');
  return one;
}

function change(world: World, patch: Parameters<World['sandbox']['changeOpportunity']>[1]): void {
  world.pause();
  world.sandbox.changeOpportunity(theirs(world).id, patch);
}

const withPlan = (world: World, plan: string) => {
  const id = world.field('Plan');
  const others = theirs(world).customFields.filter((field) => field.id !== id);
  return { customFields: [...others, { id, value: plan }] };
};

/** How many requests each look at HighLevel made, and how many changes it found. */
const looks = (world: World) =>
  world.events.flatMap((event) => (event.type === 'poll' ? [[event.requests, event.fresh]] : []));

export const fieldChangeAirtable: Story = {
  name: 'field-change-airtable',
  title: 'Close date or a field of your own, from HighLevel to Airtable by polling alone',
  who: 'Someone who plans with dates and fields that HighLevel sends no webhook for, and whose integration has no relay.',
  asked: [
    'The issue’s own words: a close date or a custom field that changed in HighLevel reaches the other system by polling alone',
    'zapier.com template "Log updated sales opportunities in Google Sheets from LeadConnector after a brief delay"',
  ],
  before: [
    'In HighLevel, an opportunity field "Plan".',
    'In Airtable, a table with the fields Opportunity ID, Name, Close Date and Plan.',
  ],
  rules: [
    'A change of the close date or of the plan reaches Airtable with the next look, which Zapier takes every 1 to 15 minutes, depending on the account; a change of anything else starts nothing.',
    'A look is one request to HighLevel, however many opportunities there are; the names of pipelines and people are read now and then besides. No relay and no webhook is needed.',
    'Several edits between two looks are one run, with what holds in the end. An edit that is taken back in between is not seen.',
    'An opportunity has one record; of one that is new in HighLevel, the first change after it was first seen makes the record.',
  ],
  zaps: [
    {
      mostRequests: 0,
      zap: {
        name: ZAP,
        trigger: {
          key: 'opportunity_changed',
          input: { watched_fields: ['Expected Close Date', '[Plan]'], pipeline_id: 'Sales' },
        },
        steps: [
          {
            id: 'record',
            kind: 'other',
            app: 'Airtable',
            action: 'Find or Create Record',
            does: 'find_or_create',
            things: 'records',
            by: ['Opportunity ID'],
            input: { 'Opportunity ID': '{{trigger.id}}' },
          },
          {
            id: 'fill',
            kind: 'other',
            app: 'Airtable',
            action: 'Update Record',
            does: 'update',
            things: 'records',
            input: {
              id: '{{record.id}}',
              Name: '{{trigger.name}}',
              'Close Date': '{{trigger.expected_close_date}}',
              Plan: '{{trigger.custom_fields.[Plan]}}',
            },
          },
        ],
      },
    },
  ],
  samples: [record],
  scenes: [
    {
      says: 'Nothing changes between two looks',
      act: async (world) => {
        await world.poll(ZAP);
        await world.poll(ZAP);
      },
      holds: {
        'Nothing starts': (world) => equal(world.runs().length, 0),
        'The second look was one request': (world) => deepEqual(looks(world).at(-1), [1, 0]),
      },
    },
    {
      says: 'The close date is set',
      act: async (world) => {
        change(world, { ...withPlan(world, 'Starter'), forecastExpectedCloseDate: '2027-01-15' });
        await world.poll(ZAP);
      },
      holds: {
        'Airtable has a record with close date and plan': (world) =>
          deepEqual(kept(world), [[theirs(world).id, '2027-01-15', 'Starter']]),
        'The look was one request': (world) => deepEqual(looks(world).at(-1), [1, 1]),
      },
    },
    {
      says: 'The plan is changed twice, and the close date once, between two looks',
      act: async (world) => {
        change(world, withPlan(world, 'Growth'));
        change(world, { forecastExpectedCloseDate: '2027-02-01' });
        change(world, withPlan(world, 'Scale'));
        await world.poll(ZAP);
      },
      holds: {
        'Its one record has what holds in the end, by one run': (world) => {
          deepEqual(kept(world), [[theirs(world).id, '2027-02-01', 'Scale']]);
          equal(world.runs().length, 1);
        },
      },
    },
    {
      says: 'Name, value and owner are changed, and the close date is moved and moved back',
      act: async (world) => {
        const owner = world.sandbox.seeded.users['Marcus Boyd'] ?? null;
        change(world, { name: 'Renamed', monetaryValue: 1, assignedTo: owner });
        change(world, { forecastExpectedCloseDate: '2027-03-01' });
        change(world, { forecastExpectedCloseDate: '2027-02-01' });
        await world.poll(ZAP);
      },
      holds: {
        'Nothing starts': (world) => equal(world.runs().length, 0),
      },
    },
    {
      says: 'The plan of an opportunity in another pipeline is changed',
      act: async (world) => {
        const onboarding = world.sandbox.seeded.pipelines.Onboarding?.id;
        const other = world.opportunities().find(({ pipelineId }) => pipelineId === onboarding);
        world.pause();
        world.sandbox.changeOpportunity(other?.id ?? '', {
          customFields: [{ id: world.field('Plan'), value: 'Scale' }],
        });
        await world.poll(ZAP);
      },
      holds: {
        'Nothing starts': (world) => equal(world.runs().length, 0),
      },
    },
    {
      says: 'An opportunity is added, is seen, and then gets a close date',
      act: async (world) => {
        world.pause();
        const taken = new Set(world.opportunities().map(({ contactId }) => contactId));
        const { id } = world.sandbox.addOpportunity({
          locationId: world.sandbox.locationId,
          pipelineId: world.sandbox.seeded.pipelines.Sales?.id ?? '',
          contactId: world.contacts().find((contact) => !taken.has(contact.id))?.id ?? '',
          name: 'Added later',
          monetaryValue: 900,
        });
        await world.poll(ZAP);
        equal(world.runs().length, 0, 'runs by the new opportunity alone');
        world.pause();
        world.sandbox.changeOpportunity(id, { forecastExpectedCloseDate: '2027-04-01' });
        await world.poll(ZAP);
      },
      holds: {
        'It has a record with its close date': (world) => {
          const added = world.opportunities().find(({ name }) => name === 'Added later');
          deepEqual(kept(world).at(-1), [added?.id, '2027-04-01', null]);
          equal(records(world).length, 2);
        },
        'HighLevel was not written to': (world) => deepEqual(world.writes(), []),
      },
    },
  ],
  template: {
    title: 'Update records in Airtable when fields of HighLevel opportunities change',
    description:
      'Choose the fields you plan with, such as the expected close date or a custom field of your own. When one of them changes in HighLevel, the opportunity’s record in Airtable follows; changes of anything else start nothing.',
  },
};
