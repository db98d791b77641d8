import { deepEqual, equal } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const NEW = 'New opportunity → row';
const GONE = 'Deleted opportunity → row deleted';

const row: Sample = {
  app: 'Google Sheets',
  what: 'A row, by the names of its columns',
  source:
    'Google Sheets in Zapier: "Create Spreadsheet Row", "Lookup Spreadsheet Row" and "Delete Spreadsheet Row", by the headers of the columns',
  known: 'documented',
  payload: {
    'Opportunity ID': 'iBGsjQTpjGOGdGfzwYxP',
    Opportunity: 'Website for Harbor Cafe',
    Value: '4800',
    Stage: 'New Lead',
  },
};

const rows = (world: World) => world.apps.records('Google Sheets', 'rows');
const listed = (world: World) => rows(world).map((one) => one.Opportunity);

/** Someone sells a thing to a person who has no opportunity yet, as HighLevel keeps one in a pipeline. */
function add(world: World, name: string): void {
  const taken = new Set(world.opportunities().map(({ contactId }) => contactId));
  const contact = world.contacts().find(({ id }) => !taken.has(id));
  world.sandbox.addOpportunity({
    locationId: world.sandbox.locationId,
    pipelineId: world.sandbox.seeded.pipelines.Sales?.id ?? '',
    contactId: contact?.id ?? '',
    name,
    monetaryValue: 4800,
  });
}

function remove(world: World, name: string): void {
  world.sandbox.removeOpportunity(world.opportunities().find((one) => one.name === name)?.id ?? '');
}

export const deletedOpportunityRow: Story = {
  name: 'deleted-opportunity-row',
  title: 'Deleted opportunity takes its row along',
  who: 'Someone who keeps a sheet of open opportunities and does not want it to fill with those that were deleted.',
  asked: [
    'The issue’s own words: a deleted opportunity takes its row along, as a search never shows it again',
    'zapier.com template "Log updated sales opportunities in Google Sheets from LeadConnector after a brief delay"',
  ],
  before: [
    'A sheet with the columns Opportunity ID, Opportunity, Value and Stage.',
    'The integration has its relay, as both triggers are instant ones.',
  ],
  rules: [
    'A new opportunity is one row; a deleted one takes its row along within seconds, and no other.',
    'Where the sheet has no row for it, the Zap stops and nothing is deleted.',
  ],
  zaps: [
    {
      mostRequests: 0,
      zap: {
        name: NEW,
        trigger: { key: 'new_opportunity_instant', input: { pipeline_id: 'Sales' } },
        steps: [
          {
            id: 'row',
            kind: 'other',
            app: 'Google Sheets',
            action: 'Lookup Spreadsheet Row, or Create It',
            does: 'find_or_create',
            things: 'rows',
            by: ['Opportunity ID'],
            input: {
              'Opportunity ID': '{{trigger.id}}',
              Opportunity: '{{trigger.name}}',
              Value: '{{trigger.monetary_value}}',
              Stage: '{{trigger.stage_name}}',
            },
          },
        ],
      },
    },
    {
      mostRequests: 0,
      zap: {
        name: GONE,
        trigger: { key: 'opportunity_deleted_instant', input: { pipeline_id: 'Sales' } },
        steps: [
          {
            id: 'row',
            title: 'Find its row; where there is none, the Zap stops',
            kind: 'other',
            app: 'Google Sheets',
            action: 'Lookup Spreadsheet Row',
            does: 'find',
            things: 'rows',
            input: { 'Opportunity ID': '{{trigger.id}}' },
          },
          {
            id: 'gone',
            kind: 'other',
            app: 'Google Sheets',
            action: 'Delete Spreadsheet Row',
            does: 'delete',
            things: 'rows',
            input: { id: '{{row.id}}' },
          },
        ],
      },
    },
  ],
  samples: [row],
  scenes: [
    {
      says: 'Two opportunities are added, and one of them is deleted',
      act: async (world) => {
        add(world, 'Kept');
        add(world, 'Dropped');
        await world.rest();
        deepEqual(listed(world).sort(), ['Dropped', 'Kept']);
        world.pause();
        remove(world, 'Dropped');
        await world.rest();
      },
      holds: {
        'Its row is gone, and the other stays': (world) => deepEqual(listed(world), ['Kept']),
        'HighLevel was not written to': (world) => deepEqual(world.writes(), []),
      },
    },
    {
      says: 'HighLevel sends the webhook of a deletion twice, and another opportunity without a row is deleted',
      act: async (world) => {
        const other = world
          .opportunities()
          .find(
            ({ name, pipelineId }) =>
              name !== 'Kept' && pipelineId === world.sandbox.seeded.pipelines.Sales?.id,
          );
        add(world, 'Short');
        await world.rest();
        world.pause();
        world.sandbox.webhooks.fault({ repeat: 1 });
        remove(world, 'Short');
        remove(world, other?.name ?? '');
        await world.rest();
      },
      holds: {
        'One row is deleted, and nothing fails': (world) => {
          deepEqual(listed(world), ['Kept']);
          deepEqual(world.failures(), []);
          equal(world.runs(GONE).filter(({ status }) => status === 'success').length, 1);
        },
      },
    },
  ],
  template: {
    title: 'Delete rows in Google Sheets when opportunities are deleted in HighLevel',
    description:
      'Keep a sheet of your opportunities that stays true: each new one becomes a row, and one that is deleted in HighLevel takes its row along within seconds.',
  },
};
