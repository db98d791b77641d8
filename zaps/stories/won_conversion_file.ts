import { deepEqual, equal, match } from 'node:assert/strict';
import type { Contact, Opportunity } from '../../local/sandbox/index.ts';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'Won opportunity → offline conversion';
const NAME = 'Opportunity won';

const row: Sample = {
  app: 'Google Sheets',
  what: 'A row of the conversion file, by the names of its columns',
  source:
    'support.google.com/google-ads/answer/7014069, "Import conversions from ad clicks into Google Ads using files": these columns and no others, no personal information, the time zone in the row "Parameters"',
  known: 'documented',
  payload: {
    'Google Click ID': 'Cj0KCQjwtestclick01',
    'Conversion Name': NAME,
    'Conversion Time': '2026-11-20 14:30:00',
    'Conversion Value': '4800',
    'Conversion Currency': 'USD',
  },
};

const file = (world: World) => world.apps.records('Google Sheets', 'rows');

/** Open opportunities in Sales, in the order that they were made. */
function open(world: World): Opportunity[] {
  const sales = world.sandbox.seeded.pipelines.Sales?.id;
  return world.opportunities().filter((one) => one.pipelineId === sales && one.status === 'open');
}

const PAGE = 'https://agency.example/offer';
const click = (gclid: string) => ({ url: PAGE, gclid });

/** Says of an opportunity's contact which clicks brought it. */
function brought(world: World, { contactId }: Opportunity, attribution: Contact['attribution']): void {
  const { contacts } = world.sandbox.state;
  const { attribution: _, ...contact } = contacts.get(contactId) ?? fail('no such contact');
  contacts.set(contactId, { ...contact, ...(attribution ? { attribution } : {}) });
}

function set(world: World, { id }: Opportunity, patch: Partial<Opportunity>): void {
  world.pause();
  world.sandbox.changeOpportunity(id, patch);
}

export const wonConversionFile: Story = {
  name: 'won-conversion-file',
  title: 'Won opportunity to an offline conversion file for Google Ads',
  who: 'An agency that pays for clicks and wants Google Ads to learn which of them became sales.',
  asked: [
    'The issue’s own words: a won opportunity can become an offline conversion',
    'support.google.com/google-ads/answer/7014069: a file, or a sheet that Google Ads fetches by itself, with the click’s ID, time and value',
  ],
  before: [
    'A sheet made from Google’s template for conversions from clicks, whose row "Parameters" sets the time zone to +0000, and an import of it on a schedule in Google Ads.',
    `In Google Ads, a conversion action called "${NAME}".`,
    'HighLevel keeps the click with the contact, which its own forms and tracking do.',
  ],
  rules: [
    'A won opportunity whose contact came by a click of Google Ads is one row, with the last click that is known, the moment that it was won and its value; HighLevel does not tell the currency, so the Zap says it.',
    'One without such a click is none. The file has no names, addresses or numbers of people.',
    'An opportunity that is opened again and won once more stays one row, with what was first told. A second opportunity of the same person is a row of its own.',
    'No relay is needed, and no request beyond the looks of the trigger.',
  ],
  zaps: [
    {
      mostRequests: 0,
      zap: {
        name: ZAP,
        trigger: { key: 'status_changed', input: { status: 'won', pipeline_id: 'Sales' } },
        steps: [
          {
            id: 'click',
            title: 'The last click that is known, and the time as Google reads it',
            kind: 'code',
            input: {
              last: '{{trigger.last_attribution.gclid}}',
              first: '{{trigger.first_attribution.gclid}}',
              won_at: '{{trigger.last_status_change_at}}',
            },
            code: (inputData) => {
              const time = new Date(inputData.won_at ?? '').toISOString();
              return { id: inputData.last || inputData.first, time: time.slice(0, 19).replace('T', ' ') };
            },
          },
          {
            id: 'clicked',
            title: 'Go on only where a click is known',
            kind: 'filter',
            field: '{{click.id}}',
            op: 'exists',
          },
          {
            id: 'times',
            title: 'Count how often it was won',
            kind: 'storage',
            action: 'increment_value',
            storeKey: 'conversion-{{trigger.id}}',
          },
          {
            id: 'first',
            title: 'Go on only the first time',
            kind: 'filter',
            field: '{{times.value}}',
            op: 'equals',
            value: '1',
          },
          {
            id: 'row',
            kind: 'other',
            app: 'Google Sheets',
            action: 'Create Spreadsheet Row',
            does: 'create',
            things: 'rows',
            input: {
              'Google Click ID': '{{click.id}}',
              'Conversion Name': NAME,
              'Conversion Time': '{{click.time}}',
              'Conversion Value': '{{trigger.monetary_value}}',
              'Conversion Currency': 'USD',
            },
          },
        ],
      },
    },
  ],
  samples: [row],
  scenes: [
    {
      says: 'Three opportunities are won: of a contact with two clicks, with one, and with none',
      act: async (world) => {
        const [two, one, none] = open(world);
        if (!two || !one || !none) return fail('too few open opportunities');
        brought(world, two, { first: click('click-old'), last: click('click-new') });
        brought(world, one, { first: click('click-only'), last: { url: PAGE, utmSource: 'newsletter' } });
        brought(world, none, undefined);
        world.sandbox.context.index.rebuild();
        for (const [opportunity, monetaryValue] of [
          [two, 4800],
          [one, 1250.5],
          [none, 900],
        ] as const)
          set(world, opportunity, { status: 'won', monetaryValue });
        await world.poll(ZAP);
      },
      holds: {
        'The file has the two with a click, each with its value': (world) =>
          deepEqual(
            file(world)
              .map((one) => [one['Google Click ID'], Number(one['Conversion Value'])])
              .sort(),
            [
              ['click-new', 4800],
              ['click-only', 1250.5],
            ],
          ),
        'The time is when it was won, as Google reads it': (world) => {
          const won = world.opportunities().find(({ monetaryValue }) => monetaryValue === 4800);
          const time = String(
            file(world).find((one) => one['Google Click ID'] === 'click-new')?.['Conversion Time'],
          );
          match(time, /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/);
          equal(time.replace(' ', 'T'), won?.lastStatusChangeAt?.slice(0, 19));
        },
        'It has Google’s columns and no others': (world) => {
          const [{ id: _, created_at: __, updated_at: ___, ...columns } = fail('no row')] = file(world);
          deepEqual(Object.keys(columns), Object.keys(row.payload));
        },
      },
    },
    {
      says: 'One of them is opened again, and won for more',
      act: async (world) => {
        const won = world.opportunities().find(({ monetaryValue }) => monetaryValue === 4800);
        if (!won) return fail('nothing was won');
        set(world, won, { status: 'open' });
        set(world, won, { status: 'won', monetaryValue: 5000 });
        await world.poll(ZAP);
      },
      holds: {
        'The file stays as it is': (world) => {
          equal(file(world).length, 2);
          equal(world.runs().length, 1);
        },
      },
    },
    {
      says: 'One whose contact came by a click is lost',
      act: async (world) => {
        const [one] = open(world);
        if (!one) return fail('no open opportunity');
        brought(world, one, { first: click('click-lost'), last: click('click-lost') });
        world.sandbox.context.index.rebuild();
        set(world, one, { status: 'lost' });
        await world.poll(ZAP);
      },
      holds: {
        'The file stays as it is': (world) => equal(file(world).length, 2),
        'HighLevel was not written to': (world) => deepEqual(world.writes(), []),
      },
    },
  ],
  template: {
    title: 'Add won HighLevel opportunities to an offline conversion file for Google Ads',
    description:
      'When an opportunity is won in HighLevel and its contact came by a click of Google Ads, the click, the time and the value become a row of the sheet that Google Ads imports. Each opportunity is counted once.',
  },
};

function fail(message: string): never {
  throw new Error(message);
}
