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
    'A lead is read whole before anything is written: one with an e-mail address that is none, with a value that is no amount, a close date that is no day, or a stage that the pipeline does not have leaves neither a contact nor an opportunity, and AccessAlly is told why, in the words of the step.',
    'The same lead twice makes one opportunity, also in the same moment: the second time the contact’s open opportunity of the pipeline is brought up to date. A won one is left alone.',
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
            id: 'opportunity',
            kind: 'create',
            key: 'create_contact_and_opportunity',
            input: {
              email: '{{trigger.email}}',
              phone: '{{trigger.phone}}',
              first_name: '{{trigger.first_name}}',
              last_name: '{{trigger.last_name}}',
              company_name: '{{trigger.company}}',
              'contact_field_[Contact: Account Number]': '{{trigger.account_number}}',
              pipeline_id: 'Sales',
              name: '{{trigger.lead.title}}',
              stage_id: '{{trigger.lead.stage}}',
              monetary_value: '{{trigger.lead.value}}',
              expected_close_date: '{{trigger.lead.close_date}}',
              'custom_field_[External ID]': '{{trigger.id}}',
              'custom_field_[Plan]': '{{trigger.lead.plan}}',
              'custom_field_[Seats]': '{{trigger.lead.seats}}',
              if_exists: 'update_open',
            },
            onError: [
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
                    'No opportunity was made. {{opportunity.error_message}} Send the lead again once this is put right.',
                },
              },
            ],
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
      says: 'A lead whose e-mail address is none',
      act: (world) => world.send(ZAP, withLead({}, { id: 'aa-1', email: 'bad.nora at example' })),
      holds: {
        'AccessAlly is told why': (world) => {
          equal(
            about(world)?.message,
            'No opportunity was made. Email: "bad.nora at example" is not an email address. Write one, for example sam@example.com. Send the lead again once this is put right.',
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
          match(
            String(about(world)?.message),
            /Stage: there is no stage of the pipeline "Sales" called "Daydreaming"/,
          ),
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
          match(
            String(about(world)?.message),
            /Expected Close Date: "soon" is not a date this step can read/,
          ),
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
