import { deepEqual, equal, match } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';

const ZAP = 'Lost opportunity → sheet';

const row: Sample = {
  app: 'Google Sheets',
  what: 'A row, by the names of its columns',
  source:
    'Google Sheets in Zapier: "Create Spreadsheet Row" fills columns by their header, as the zapier.com template pages of Google Sheets describe',
  known: 'documented',
  payload: {
    Day: '2026-11-20',
    Opportunity: 'Website for Harbor Cafe',
    Value: '4800',
    Reason: 'Price too high',
  },
};

export const lostOpportunitySheet: Story = {
  name: 'lost-opportunity-sheet',
  title: 'Lost opportunity with its reason to a sheet',
  who: 'An owner who looks at the end of the month at why opportunities were lost.',
  asked: [
    'zapier.com template "Create lost-opportunity spreadsheet row from webhook notifications now"',
    'zapier.com template "Log updated sales opportunities in Google Sheets from LeadConnector after a brief delay"',
  ],
  before: [
    'A sheet with the columns Opportunity ID, Day, Opportunity, Contact, Owner, Stage, Value, Reason and Link.',
  ],
  rules: [
    'Each lost opportunity is one row, with the reason that was given; one without a reason says so.',
    'An opportunity that is lost, opened again and lost for another reason changes its row.',
  ],
  zaps: [
    {
      mostRequests: 0,
      zap: {
        name: ZAP,
        trigger: { key: 'status_changed', input: { status: 'lost' } },
        steps: [
          {
            id: 'reason',
            title: 'A word for none',
            kind: 'formatter',
            transform: 'lookup_table',
            input: '{{trigger.lost_reason_id}}',
            table: { '': '(none given)' },
          },
          {
            id: 'row',
            kind: 'other',
            app: 'Google Sheets',
            action: 'Lookup Spreadsheet Row, or Create It',
            does: 'find_or_create',
            things: 'rows',
            by: ['Opportunity ID'],
            input: { 'Opportunity ID': '{{trigger.id}}' },
          },
          {
            id: 'fill',
            kind: 'other',
            app: 'Google Sheets',
            action: 'Update Spreadsheet Row',
            does: 'update',
            things: 'rows',
            input: {
              id: '{{row.id}}',
              Day: '{{trigger.last_status_change_at}}',
              Opportunity: '{{trigger.name}}',
              Contact: '{{trigger.contact_name}}',
              Owner: '{{trigger.owner_name}}',
              Stage: '{{trigger.stage_name}}',
              Value: '{{trigger.monetary_value}}',
              Reason: '{{trigger.lost_reason_name}}{{reason.output}}',
              Link: '{{trigger.url}}',
            },
          },
        ],
      },
    },
  ],
  samples: [row],
  scenes: [
    {
      says: 'Two opportunities are lost, one with a reason',
      act: async (world) => {
        const [first, second] = world.opportunities().filter(({ status }) => status === 'open');
        world.pause();
        const lostReasonId = world.sandbox.seeded.lostReasons['Price too high'] ?? null;
        world.sandbox.changeOpportunity(first?.id ?? '', { status: 'lost', lostReasonId });
        world.sandbox.changeOpportunity(second?.id ?? '', { status: 'lost', lostReasonId: null });
        await world.poll(ZAP);
      },
      holds: {
        'Each has a row, with its reason': (world) => {
          const rows = world.apps.records('Google Sheets', 'rows');
          deepEqual(rows.map(({ Reason }) => Reason).sort(), ['(none given)', 'Price too high']);
          for (const { Link, Day, Opportunity } of rows) {
            match(String(Link), /^https:/);
            match(String(Day), /^\d{4}-\d{2}-\d{2}T/);
            equal(
              world.opportunities().some(({ name }) => name === Opportunity),
              true,
            );
          }
        },
      },
    },
    {
      says: 'One is opened again, and lost for another reason',
      act: async (world) => {
        const [row] = world.apps
          .records('Google Sheets', 'rows')
          .filter(({ Reason }) => Reason === '(none given)');
        const id = String(row?.['Opportunity ID']);
        world.pause();
        world.sandbox.changeOpportunity(id, { status: 'open' });
        world.pause();
        const lostReasonId = world.sandbox.seeded.lostReasons['No budget this year'] ?? null;
        world.sandbox.changeOpportunity(id, { status: 'lost', lostReasonId });
        await world.poll(ZAP);
      },
      holds: {
        'Its row says so, and there is no other': (world) =>
          deepEqual(
            world.apps
              .records('Google Sheets', 'rows')
              .map(({ Reason }) => Reason)
              .sort(),
            ['No budget this year', 'Price too high'],
          ),
      },
    },
  ],
  template: {
    title: 'Add lost HighLevel opportunities with their reasons to Google Sheets',
    description:
      'Every opportunity that is lost in HighLevel becomes a row of your sheet: when, who, how much and why. At the end of the month the reasons are there to be counted.',
  },
};
