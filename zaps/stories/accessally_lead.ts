import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'AccessAlly lead → HighLevel opportunity';

const lead: Sample = {
  app: 'AccessAlly',
  what: 'A new contact of an opt-in form, with the fields of the form',
  source:
    'AccessAlly knowledge base, "Webhook Guide" (kb.accessally.com/tutorials/webhook-guide): contacts that AccessAlly itself manages go to other apps through Zapier',
  known: 'assumed',
  payload: {
    id: 'aa-4711',
    email: 'nora.velez@example.com',
    first_name: 'Nora',
    last_name: 'Velez',
    phone: '+12065550143',
    company: 'Velez Pottery Studio',
    account_number: 'M-2048',
    lead: {
      title: 'Coaching package for Velez Pottery',
      value: '3600',
      stage: 'Contacted',
      close_date: '2026-12-18',
      plan: 'Growth',
      seats: '4',
    },
  },
};

const withLead = (fields: object, over: object = {}) => {
  const { lead: inner, ...rest } = lead.payload;
  return { ...rest, ...over, lead: { ...(inner as object), ...fields } };
};

const about = (world: World) => world.apps.records('AccessAlly', 'contact_updates').at(-1);

const nothingMade = (world: World) => {
  equal(world.opportunities().length, 14, 'the number of opportunities');
  equal(world.contacts().filter(({ email }) => email?.startsWith('bad.')).length, 0, 'contacts half made');
  deepEqual(world.writes(), []);
};

export const accessallyLead: Story = {
  name: 'accessally-lead',
  title: 'AccessAlly lead to HighLevel opportunity',
  who: 'Someone who sells memberships or courses with AccessAlly and works the leads as opportunities in HighLevel.',
  asked: [
    'zapier.com template "Update contact information and tag in LeadConnector when AccessAlly module is completed": the two are used together',
    'zapier.com template "Capture new leads from Google Sheets, create contact and opportunity in LeadConnector": contact and opportunity in one go',
  ],
  before: [
    'In HighLevel, opportunity fields "External ID", "Plan" and "Seats", and a contact field "Account Number".',
    'In AccessAlly, a form that sends its entries to the Zap, and fields for the opportunity’s ID, link, stage and for the last message.',
    'The stages that the form sends bear the same names as those of the pipeline Sales.',
  ],
  rules: [
    'A lead is looked at whole before anything is written: one without an e-mail address, with a value that is no amount, a close date that is no day, or a stage that the pipeline does not have leaves neither a contact nor an opportunity, and AccessAlly is told why.',
    'The same lead twice makes one opportunity: the second time it is found by the AccessAlly ID that it bears, whatever it is called by then, and brought up to date in all but its name. Sent twice in the same moment, HighLevel itself refuses the second, as it keeps one opportunity for each contact in a pipeline unless the account allows more.',
    'AccessAlly is told the opportunity’s ID, link and stage.',
  ],
  zaps: [
    {
      startedBy: { app: 'AccessAlly', things: 'contacts', when: 'made' },
      mostRequests: 6,
      zap: {
        name: ZAP,
        trigger: { kind: 'other', app: 'AccessAlly', event: 'New Lead' },
        steps: [
          {
            id: 'stage',
            title: 'Look for the stage that the lead names',
            kind: 'search',
            key: 'find_pipeline_stage',
            ifNothingFound: 'continue',
            input: { pipeline_name: 'Sales', stage_name: '{{trigger.lead.stage}}' },
          },
          {
            id: 'check',
            title: 'Check the lead',
            kind: 'code',
            input: {
              email: '{{trigger.email}}',
              value: '{{trigger.lead.value}}',
              closing: '{{trigger.lead.close_date}}',
              stage: '{{trigger.lead.stage}}',
              found: '{{stage.id}}',
            },
            code: (inputData) => {
              const { email = '', value = '', closing = '', stage = '', found = '' } = inputData;
              if (!/^\S+@\S+\.\S+$/.test(email))
                return {
                  problem: `E-mail: ${email ? `"${email}" is not an address` : 'the lead has none'}.`,
                };
              if (value !== '' && !/^\d+(\.\d{1,2})?$/.test(value))
                return { problem: `Value: "${value}" is not an amount. Write it like 1250.50.` };
              if (closing !== '' && !/^\d{4}-\d{2}-\d{2}$/.test(closing))
                return { problem: `Close date: "${closing}" is no day. Write it like 2026-12-31.` };
              if (found === '') return { problem: `Stage: the pipeline Sales has none called "${stage}".` };
              return { problem: '' };
            },
          },
          {
            id: 'which',
            kind: 'paths',
            paths: [
              {
                name: 'The lead cannot be used',
                rules: [{ field: '{{check.problem}}', op: 'exists' }],
                steps: [
                  {
                    id: 'tell',
                    title: 'Say why',
                    kind: 'other',
                    app: 'AccessAlly',
                    action: 'Update Contact',
                    does: 'create',
                    things: 'contact_updates',
                    input: {
                      contact: '{{trigger.id}}',
                      message:
                        'No opportunity was made. {{check.problem}} Correct the lead and send it again.',
                    },
                  },
                ],
              },
              {
                name: 'The lead is sound',
                rules: [{ field: '{{check.problem}}', op: 'not_exists' }],
                steps: [
                  {
                    id: 'contact',
                    kind: 'create',
                    key: 'create_or_update_contact',
                    input: {
                      email: '{{trigger.email}}',
                      phone: '{{trigger.phone}}',
                      first_name: '{{trigger.first_name}}',
                      last_name: '{{trigger.last_name}}',
                      company_name: '{{trigger.company}}',
                      source: 'AccessAlly',
                      'custom_field_[Contact: Account Number]': '{{trigger.account_number}}',
                    },
                  },
                  {
                    id: 'opportunity',
                    kind: 'searchOrCreate',
                    key: 'find_opportunity',
                    input: {
                      search_field: '[External ID]',
                      search_field_value: '{{trigger.id}}',
                      match_by: 'custom_field',
                      prefer: 'newest_first',
                      contact_id: '{{contact.id}}',
                      pipeline_id: 'Sales',
                      name: '{{trigger.lead.title}}',
                      stage_id: '{{stage.id}}',
                      monetary_value: '{{trigger.lead.value}}',
                      expected_close_date: '{{trigger.lead.close_date}}',
                      'custom_field_[External ID]': '{{trigger.id}}',
                      'custom_field_[Plan]': '{{trigger.lead.plan}}',
                      'custom_field_[Seats]': '{{trigger.lead.seats}}',
                    },
                  },
                  {
                    id: 'confirm',
                    title: 'Confirm',
                    kind: 'other',
                    app: 'AccessAlly',
                    action: 'Update Contact',
                    does: 'create',
                    things: 'contact_updates',
                    input: {
                      contact: '{{trigger.id}}',
                      opportunity_id: '{{opportunity.id}}',
                      opportunity_link: '{{opportunity.url}}',
                      opportunity_stage: '{{opportunity.stage_name}}',
                      message: '',
                    },
                  },
                ],
              },
            ],
          },
        ],
      },
    },
  ],
  samples: [lead],
  scenes: [
    {
      says: 'A new lead comes in',
      act: (world) => world.send(ZAP, lead.payload),
      holds: {
        'HighLevel has one contact and one opportunity more, with name, value, stage, close date and own fields':
          (world) => {
            equal(world.opportunities().length, 13);
            const opportunity = world
              .opportunities()
              .find((one) => world.fieldOf(one, 'External ID') === 'aa-4711');
            ok(opportunity, 'no opportunity bears the AccessAlly ID');
            deepEqual(
              [
                opportunity.name,
                opportunity.monetaryValue,
                opportunity.pipelineStageId,
                opportunity.forecastExpectedCloseDate,
              ],
              [
                'Coaching package for Velez Pottery',
                3600,
                world.sandbox.seeded.pipelines.Sales?.stages.Contacted,
                '2026-12-18',
              ],
            );
            deepEqual(
              [world.fieldOf(opportunity, 'Plan'), String(world.fieldOf(opportunity, 'Seats'))],
              ['Growth', '4'],
            );
            const contact = world.contacts().find(({ id }) => id === opportunity.contactId);
            deepEqual(
              [contact?.email, contact?.companyName],
              ['nora.velez@example.com', 'Velez Pottery Studio'],
            );
            const own = contact?.customFields.find(({ id }) => id === world.field('Contact: Account Number'));
            equal(own?.value, 'M-2048');
          },
        'AccessAlly knows its ID, link and stage': (world) => {
          const opportunity = world
            .opportunities()
            .find((one) => world.fieldOf(one, 'External ID') === 'aa-4711');
          const told = about(world);
          deepEqual(
            [told?.contact, told?.opportunity_id, told?.opportunity_stage],
            ['aa-4711', opportunity?.id, 'Contacted'],
          );
          match(String(told?.opportunity_link), new RegExp(`^https://.*${opportunity?.id}`));
        },
      },
    },
    {
      says: 'The same lead comes again, and then again with another value and another title',
      act: async (world) => {
        await world.send(ZAP, lead.payload);
        await world.send(ZAP, withLead({ value: '4100', title: 'Coaching, the large package' }));
      },
      holds: {
        'It is still one opportunity, with the new value': (world) => {
          const found = world
            .opportunities()
            .filter((one) => world.fieldOf(one, 'External ID') === 'aa-4711');
          deepEqual(
            found.map(({ monetaryValue }) => monetaryValue),
            [4100],
          );
          equal(world.opportunities().length, 13);
        },
        'And one contact': (world) => {
          equal(world.contacts().filter(({ email }) => email === 'nora.velez@example.com').length, 1);
        },
      },
    },
    {
      says: 'Another lead, which its form sends twice in the same moment',
      act: async (world) => {
        world.apps.repeat(1);
        world.apps.add(
          'AccessAlly',
          'contacts',
          withLead({}, { id: 'aa-0', email: 'twin@example.com', phone: '' }),
        );
        await world.rest();
      },
      holds: {
        'Both runs begin, and one opportunity comes of them': (world) => {
          equal(world.runs().length, 2);
          equal(world.opportunities().length, 14);
          equal(
            world.opportunities().filter((one) => world.fieldOf(one, 'External ID') === 'aa-0').length,
            1,
          );
        },
      },
    },
    {
      says: 'A lead without an e-mail address',
      act: (world) => world.send(ZAP, withLead({}, { id: 'aa-1', email: '' })),
      holds: {
        'AccessAlly is told why': (world) => {
          equal(
            about(world)?.message,
            'No opportunity was made. E-mail: the lead has none. Correct the lead and send it again.',
          );
        },
        'Nothing is half made': nothingMade,
      },
    },
    {
      says: 'A lead whose value is no amount',
      act: (world) =>
        world.send(
          ZAP,
          withLead({ value: 'about 5k' }, { id: 'aa-2', email: 'bad.value@example.com', phone: '' }),
        ),
      holds: {
        'AccessAlly is told why': (world) =>
          match(String(about(world)?.message), /Value: "about 5k" is not an amount/),
        'Nothing is half made': nothingMade,
      },
    },
    {
      says: 'A lead with a stage that the pipeline does not have',
      act: (world) =>
        world.send(
          ZAP,
          withLead({ stage: 'Daydreaming' }, { id: 'aa-3', email: 'bad.stage@example.com', phone: '' }),
        ),
      holds: {
        'AccessAlly is told why': (world) =>
          match(String(about(world)?.message), /Stage: the pipeline Sales has none called "Daydreaming"/),
        'Nothing is half made': nothingMade,
      },
    },
    {
      says: 'A lead whose close date is no day',
      act: (world) =>
        world.send(
          ZAP,
          withLead({ close_date: 'soon' }, { id: 'aa-4', email: 'bad.day@example.com', phone: '' }),
        ),
      holds: {
        'AccessAlly is told why': (world) =>
          match(String(about(world)?.message), /Close date: "soon" is no day/),
        'Nothing is half made': nothingMade,
      },
    },
  ],
  template: {
    title: 'Create opportunities in HighLevel from new leads in AccessAlly',
    description:
      'Sell memberships or courses with AccessAlly and follow the leads up in HighLevel? Each new lead becomes a contact and one opportunity, with its value, stage and close date, and AccessAlly is sent the link. A lead that lacks something is not half made: you are told what to correct.',
  },
};
