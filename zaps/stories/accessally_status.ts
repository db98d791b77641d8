import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'AccessAlly status → HighLevel opportunity';

const change: Sample = {
  app: 'AccessAlly',
  what: 'A contact whose sales stage or status was changed, by a person or by a module that was completed',
  source:
    'zapier.com template "Update contact information and tag in LeadConnector when AccessAlly module is completed", and AccessAlly knowledge base, "Webhook Guide"',
  known: 'assumed',
  payload: {
    id: 'aa-4711',
    sales_stage: 'Negotiation',
    sales_status: '',
    changed_by: 'Module "Pricing" completed',
  },
};

const opportunity = (world: World) =>
  world.opportunities().find((one) => world.fieldOf(one, 'External ID') === 'aa-4711');
const log = (world: World) => world.apps.records('AccessAlly', 'contact_log');

const tell = (id: string, message: string) =>
  ({
    id,
    title: 'Log it in AccessAlly',
    kind: 'other',
    app: 'AccessAlly',
    action: 'Add to Contact Log',
    does: 'create',
    things: 'contact_log',
    input: { contact: '{{trigger.id}}', message },
  }) as const;

export const accessallyStatus: Story = {
  name: 'accessally-status',
  title: 'AccessAlly stage or status to HighLevel opportunity',
  who: 'A team whose course platform knows first that a lead has moved on, paid or gone.',
  asked: [
    'zapier.com template "Update contact information and tag in LeadConnector when AccessAlly module is completed"',
    'zapier.com template "Add or update opportunities in LeadConnector for newly caught webhooks"',
  ],
  before: [
    'The Zap "AccessAlly lead to HighLevel opportunity", or another that puts the AccessAlly ID into the opportunity field "External ID".',
    'Stages of the same names on both sides; the status is one of open, won, lost and abandoned.',
  ],
  rules: [
    'The opportunity is found by the AccessAlly ID alone, wherever it stands now.',
    'A stage is written as a move of the opportunity, a status through HighLevel’s own way for it; what AccessAlly leaves empty stays as it is.',
    'AccessAlly’s log of the contact says what came of it, also where there is no such opportunity or no such stage.',
  ],
  zaps: [
    {
      startedBy: { app: 'AccessAlly', things: 'contacts', when: 'changed' },
      mostRequests: 6,
      zap: {
        name: ZAP,
        trigger: { kind: 'other', app: 'AccessAlly', event: 'Stage or Status Changed' },
        steps: [
          {
            id: 'opportunity',
            kind: 'search',
            key: 'find_opportunity',
            ifNothingFound: 'continue',
            input: {
              search_field: '[External ID]',
              search_field_value: '{{trigger.id}}',
              match_by: 'custom_field',
              prefer: 'open_first',
            },
          },
          {
            id: 'stage',
            title: 'Look for the stage',
            kind: 'search',
            key: 'find_pipeline_stage',
            ifNothingFound: 'continue',
            input: { pipeline_name: '{{opportunity.pipeline_name}}', stage_name: '{{trigger.sales_stage}}' },
          },
          {
            id: 'which',
            kind: 'paths',
            paths: [
              {
                name: 'No such opportunity',
                rules: [{ field: '{{opportunity.id}}', op: 'not_exists' }],
                steps: [tell('tell_none', 'HighLevel has no opportunity of this contact.')],
              },
              {
                name: 'No such stage',
                rules: [
                  { field: '{{opportunity.id}}', op: 'exists' },
                  { field: '{{trigger.sales_stage}}', op: 'exists' },
                  { field: '{{stage.id}}', op: 'not_exists' },
                ],
                steps: [
                  tell(
                    'tell_stage',
                    'HighLevel’s pipeline {{opportunity.pipeline_name}} has no stage "{{trigger.sales_stage}}"; the opportunity stays in {{opportunity.stage_name}}.',
                  ),
                ],
              },
              {
                name: 'The stage changed',
                rules: [
                  { field: '{{opportunity.id}}', op: 'exists' },
                  { field: '{{trigger.sales_stage}}', op: 'exists' },
                  { field: '{{stage.id}}', op: 'exists' },
                  { field: '{{stage.id}}', op: 'not_equals', value: '{{opportunity.stage_id}}' },
                ],
                steps: [
                  {
                    id: 'move',
                    kind: 'create',
                    key: 'update_opportunity',
                    input: {
                      opportunity_id: '{{opportunity.id}}',
                      pipeline_id: '{{opportunity.pipeline_id}}',
                      stage_id: '{{stage.id}}',
                    },
                  },
                  tell(
                    'tell_move',
                    'HighLevel: moved from {{opportunity.stage_name}} to {{move.stage_name}}. {{move.url}}',
                  ),
                ],
              },
              {
                name: 'The status changed',
                rules: [
                  { field: '{{opportunity.id}}', op: 'exists' },
                  { field: '{{trigger.sales_status}}', op: 'exists' },
                  { field: '{{trigger.sales_status}}', op: 'not_equals', value: '{{opportunity.status}}' },
                ],
                steps: [
                  {
                    id: 'mark',
                    kind: 'create',
                    key: 'update_opportunity_status',
                    input: {
                      opportunity_id: '{{opportunity.id}}',
                      status: '{{trigger.sales_status}}',
                      lost_reason_id: '{{trigger.lost_reason}}',
                    },
                  },
                  tell('tell_mark', 'HighLevel: {{opportunity.status}} became {{mark.status}}. {{mark.url}}'),
                ],
              },
            ],
          },
        ],
      },
    },
  ],
  samples: [change],
  scenes: [
    {
      says: 'The contact has an opportunity in Contacted, and AccessAlly moves it on',
      act: async (world) => {
        const { sandbox } = world;
        const sales = sandbox.seeded.pipelines.Sales;
        const { id } = sandbox.addOpportunity({
          locationId: sandbox.locationId,
          pipelineId: sales?.id ?? '',
          pipelineStageId: sales?.stages.Contacted,
          contactId: newContact(world),
          name: 'Coaching package',
          monetaryValue: 3600,
        });
        sandbox.editOpportunity(id, { customFields: [{ id: world.field('External ID'), value: 'aa-4711' }] });
        await world.send(ZAP, change.payload);
      },
      holds: {
        'It stands in Negotiation, and nothing else of it changed': (world) => {
          const one = opportunity(world);
          equal(one?.pipelineStageId, world.sandbox.seeded.pipelines.Sales?.stages.Negotiation);
          deepEqual([one?.status, one?.monetaryValue, one?.name], ['open', 3600, 'Coaching package']);
          deepEqual(world.writes(), [`PUT /opportunities/${one?.id}`]);
        },
        'AccessAlly’s log says so, with the link': (world) =>
          match(
            String(log(world).at(-1)?.message),
            /^HighLevel: moved from Contacted to Negotiation\. https:/,
          ),
      },
    },
    {
      says: 'It is lost, with a reason',
      act: (world) =>
        world.send(ZAP, {
          id: 'aa-4711',
          sales_stage: '',
          sales_status: 'lost',
          lost_reason: 'Price too high',
        }),
      holds: {
        'It is lost for that reason, written through the status alone': (world) => {
          const one = opportunity(world);
          deepEqual(
            [one?.status, one?.lostReasonId],
            ['lost', world.sandbox.seeded.lostReasons['Price too high']],
          );
          deepEqual(world.writes(), [`PUT /opportunities/${one?.id}/status`]);
        },
        'AccessAlly’s log says so': (world) =>
          match(String(log(world).at(-1)?.message), /^HighLevel: open became lost\./),
      },
    },
    {
      says: 'The same again, then stage and status in one',
      act: async (world) => {
        await world.send(ZAP, { id: 'aa-4711', sales_stage: 'Negotiation', sales_status: 'lost' });
        equal(world.writes().length, 0, 'writes for what is so already');
        await world.send(ZAP, { id: 'aa-4711', sales_stage: 'Closing', sales_status: 'won' });
      },
      holds: {
        'What was so already is not written; the rest is, each in its way': (world) => {
          const one = opportunity(world);
          deepEqual(world.writes(), [
            `PUT /opportunities/${one?.id}`,
            `PUT /opportunities/${one?.id}/status`,
          ]);
          deepEqual(
            [one?.pipelineStageId, one?.status],
            [world.sandbox.seeded.pipelines.Sales?.stages.Closing, 'won'],
          );
        },
      },
    },
    {
      says: 'A stage that is not there, and a contact without an opportunity',
      act: async (world) => {
        await world.send(ZAP, { id: 'aa-4711', sales_stage: 'Daydreaming' });
        await world.send(ZAP, { id: 'aa-none', sales_stage: 'Closing', sales_status: 'won' });
      },
      holds: {
        'Nothing is written': (world) => deepEqual(world.writes(), []),
        'AccessAlly’s log says why': (world) => {
          const [first, second] = log(world).slice(-2);
          match(String(first?.message), /Sales has no stage "Daydreaming"; the opportunity stays in Closing/);
          equal(second?.message, 'HighLevel has no opportunity of this contact.');
          ok(second?.contact === 'aa-none');
        },
      },
    },
  ],
  template: {
    title: 'Update opportunities in HighLevel when stages or statuses change in AccessAlly',
    description:
      'When AccessAlly knows that a lead has moved on, bought or gone, its opportunity in HighLevel follows: the right one, found by its ID, with the lost reason where there is one. What came of it is logged with the contact in AccessAlly.',
  },
};

/** Someone without an opportunity, as HighLevel keeps one in a pipeline. */
function newContact(world: World): string {
  const taken = new Set(world.opportunities().map(({ contactId }) => contactId));
  return world.contacts().find(({ id }) => !taken.has(id))?.id ?? '';
}
