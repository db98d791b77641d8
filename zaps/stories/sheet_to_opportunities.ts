import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Step } from '../../local/zap-runner/index.ts';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'Sheet → opportunities, a batch an hour';
const ROWS = 200;
const BATCH = 60;

const row: Sample = {
  app: 'Google Sheets',
  what: 'A row, by the names of its columns',
  source:
    'Google Sheets in Zapier: "Lookup Spreadsheet Rows (Advanced)" gives up to 500 rows as line items by the headers of their columns; "Update Spreadsheet Row"',
  known: 'documented',
  payload: {
    Key: 'lead-001',
    Name: 'Ada Byrne',
    Email: 'ada.byrne@example.com',
    Company: 'Byrne Bakery',
    Opportunity: 'Starter package',
    Value: '1200',
    Stage: 'New Lead',
    Done: '',
  },
};

const rows = (world: World) => world.apps.records('Google Sheets', 'rows');
const opportunitiesOfRows = (world: World) =>
  world
    .opportunities()
    .filter((opportunity) => String(world.fieldOf(opportunity, 'External ID') ?? '').startsWith('lead-'));
const left = (world: World) => rows(world).filter(({ Done }) => Done === '').length;

const done = (id: string, step: string): Step => ({
  id,
  title: 'Mark the row as done',
  kind: 'other',
  app: 'Google Sheets',
  action: 'Update Spreadsheet Row',
  does: 'update',
  things: 'rows',
  input: { id: '{{row.id}}', Done: `{{${step}.id}}`, Problem: '', Link: `{{${step}.url}}` },
});

const fillSheet = (world: World) => {
  for (let number = 1; number <= ROWS; number += 1) {
    const key = `lead-${String(number).padStart(3, '0')}`;
    world.apps.add('Google Sheets', 'rows', {
      ...row.payload,
      Key: key,
      Name: `Lead ${number}`,
      Email: `${key}@sheet.example`,
      Value: String(number * 10),
    });
  }
  world.apps.add('Google Sheets', 'rows', {
    ...row.payload,
    Key: 'bad-1',
    Email: 'ada at example',
    Value: '10',
  });
  world.apps.add('Google Sheets', 'rows', { ...row.payload, Key: 'bad-2', Stage: 'Daydreaming' });
};

export const sheetToOpportunities: Story = {
  name: 'sheet-to-opportunities',
  title: '200 rows of a sheet to opportunities, throttled and resumable',
  who: 'Someone who moves to HighLevel with a sheet full of leads, or gets such a sheet every month.',
  asked: [
    'zapier.com template "Add or update sales opportunities in LeadConnector from new Google Sheets entries, and delay for accuracy"',
    'zapier.com template "Create or update opportunities in LeadConnector from daily Google Sheets updates"',
    'GitHub, HighLevel’s API docs, issues 252 and 166: creating and updating opportunities in bulk is asked for and not offered',
  ],
  before: [
    'A sheet with the columns Key (different in each row), Name, Email, Company, Opportunity, Value, Stage, Done, Problem and Link.',
    'In HighLevel, an opportunity field "External ID".',
  ],
  rules: [
    `Each hour takes at most ${BATCH} rows whose Done is empty, and fills Done in as each is finished: so it can be stopped anywhere, and goes on where it stopped.`,
    'A row whose opportunity was made and could not be marked is found by its key the next time, and makes no second opportunity.',
    'Where HighLevel asks to slow down, the step waits as long as it says and goes on; no row fails for it.',
    'A row that fails by trouble at HighLevel is left as it is, and is taken up again in the next hour.',
    'A row that cannot be used says why in its column Problem, in the words of the step, leaves nothing half made, and is not tried again until Done is emptied.',
    'All rows at once as single runs would be held by Zapier, which stops more than 100 new rows of one look; a schedule is not.',
  ],
  // Else a slow machine would not meet HighLevel's limit.
  account: { stillClock: true },
  zaps: [
    {
      mostRequests: BATCH * 4 + 10,
      zap: {
        name: ZAP,
        trigger: { kind: 'schedule', every: 'hour' },
        steps: [
          {
            id: 'sheet',
            title: 'The next rows that are not done',
            kind: 'other',
            app: 'Google Sheets',
            action: 'Lookup Spreadsheet Rows (Advanced)',
            does: 'list',
            things: 'rows',
            input: { Done: '', limit: String(BATCH) },
          },
          {
            id: 'row',
            title: 'For each row',
            kind: 'looping',
            items: '{{sheet.rows}}',
            steps: [
              {
                id: 'known',
                title: 'Look whether it was made already',
                kind: 'search',
                key: 'find_opportunity',
                ifNothingFound: 'continue',
                input: {
                  search_field: '[External ID]',
                  search_field_value: '{{row.Key}}',
                  match_by: 'custom_field',
                },
              },
              {
                id: 'which',
                kind: 'paths',
                paths: [
                  {
                    name: 'It was made, and not marked',
                    rules: [{ field: '{{known.id}}', op: 'exists' }],
                    steps: [done('mark', 'known')],
                  },
                  {
                    name: 'It is new',
                    rules: [{ field: '{{known.id}}', op: 'not_exists' }],
                    steps: [
                      {
                        id: 'opportunity',
                        kind: 'create',
                        key: 'create_contact_and_opportunity',
                        input: {
                          email: '{{row.Email}}',
                          full_name: '{{row.Name}}',
                          company_name: '{{row.Company}}',
                          pipeline_id: 'Sales',
                          stage_id: '{{row.Stage}}',
                          name: '{{row.Opportunity}}',
                          monetary_value: '{{row.Value}}',
                          'custom_field_[External ID]': '{{row.Key}}',
                        },
                        onError: [
                          {
                            id: 'passing',
                            title: 'Go on only where the row is at fault',
                            kind: 'filter',
                            field: '{{opportunity.error_message}}',
                            op: 'not_contains',
                            value: 'HighLevel did not say',
                          },
                          {
                            id: 'tell',
                            kind: 'other',
                            app: 'Google Sheets',
                            action: 'Update Spreadsheet Row',
                            does: 'update',
                            things: 'rows',
                            input: {
                              id: '{{row.id}}',
                              Done: 'no',
                              Problem: '{{opportunity.error_message}}',
                            },
                          },
                        ],
                      },
                      done('mark_new', 'opportunity'),
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ],
  samples: [row],
  scenes: [
    {
      says: `The first hour takes ${BATCH} of ${ROWS} rows`,
      act: async (world) => {
        fillSheet(world);
        await world.tick(ZAP);
      },
      holds: {
        'They are opportunities, each marked in the sheet with ID and link': (world) => {
          equal(opportunitiesOfRows(world).length, BATCH);
          equal(left(world), ROWS + 2 - BATCH);
          const [first] = rows(world);
          const opportunity = opportunitiesOfRows(world).find(
            (one) => world.fieldOf(one, 'External ID') === 'lead-001',
          );
          deepEqual(
            [first?.Done, String(first?.Link).includes(opportunity?.id ?? '-')],
            [opportunity?.id, true],
          );
        },
        'HighLevel asked to slow down, was obeyed, and no row failed for it': (world) => {
          ok(world.events.some(({ type }) => type === 'throttled'));
          deepEqual(world.failures(), []);
        },
      },
    },
    {
      says: 'In the second hour HighLevel fails, and cuts the line after it made an opportunity',
      act: async (world) => {
        const { sandbox } = world;
        sandbox.fault({
          method: 'POST',
          path: '/opportunities/',
          skip: 20,
          times: 1,
          cut: true,
          when: 'after',
        });
        sandbox.fault({ method: 'POST', path: '/contacts/upsert', skip: 30, times: 5, status: 503 });
        sandbox.moveClock({ by: 3_600_000 });
        await world.tick(ZAP);
        sandbox.clearFaults();
      },
      holds: {
        'The rows that failed are left as they were, and the others went on': (world) => {
          const made = opportunitiesOfRows(world).length;
          const marked = rows(world).filter(({ Done, Key }) => Done !== '' && String(Key).startsWith('lead'));
          ok(world.failures().length > 0);
          // One was made and could not be marked. What an error handler took up, Zapier does not replay.
          ok(made > BATCH && made < 2 * BATCH, `${made} opportunities`);
          equal(marked.length, made - 1);
        },
      },
    },
    {
      says: 'The next hours finish it',
      act: async (world) => {
        for (let hour = 0; hour < 3; hour += 1) {
          world.sandbox.moveClock({ by: 3_600_000 });
          await world.tick(ZAP);
        }
      },
      holds: {
        'Every row is one opportunity, and no row is two': (world) => {
          equal(opportunitiesOfRows(world).length, ROWS);
          const keys = new Set(
            opportunitiesOfRows(world).map((opportunity) => world.fieldOf(opportunity, 'External ID')),
          );
          equal(keys.size, ROWS);
          equal(left(world), 0);
        },
        'The rows that cannot be used say why': (world) =>
          deepEqual(
            rows(world)
              .slice(-2)
              .map(({ Problem }) => String(Problem).split('. ')[0]),
            [
              'Email: "ada at example" is not an email address',
              'Stage: there is no stage of the pipeline "Sales" called "Daydreaming"',
            ],
          ),
        'Each time HighLevel asked to slow down, the step waited as long as it said before it asked again': (
          world,
        ) => {
          const waits = world.events.flatMap((event) =>
            event.type === 'throttled' ? [event.delaySeconds] : [],
          );
          equal(waits.length, world.sandbox.requests().filter(({ status }) => status === 429).length);
          ok(waits.length > 0 && waits.every((seconds) => seconds >= 1 && seconds <= 60), waits.join());
        },
      },
    },
    {
      says: 'One hour more',
      act: (world) => world.tick(ZAP),
      holds: { 'Nothing is left to do': (world) => equal(world.requests().length, 0) },
    },
  ],
  template: {
    title: 'Create HighLevel opportunities from rows in Google Sheets, a batch an hour',
    description:
      'Fill a sheet with leads and let it become contacts and opportunities in HighLevel, batch by batch, as fast as HighLevel allows. Each row says when it is done or what is wrong with it, and nothing is made twice.',
  },
};
