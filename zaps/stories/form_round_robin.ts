import { deepEqual, equal } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';

const ZAP = 'Form entry → opportunity, owners in turn';

const entry: Sample = {
  app: 'Typeform',
  what: 'A response, as its webhook and its Zapier trigger tell it',
  source:
    'typeform.com/developers/webhooks/example-payload: event_type `form_response`, with token, submitted_at and answers; the answers stand here by the reference of their question',
  known: 'documented',
  payload: {
    form_id: 'lT4Z3j',
    token: 'a3a12ec67a1365927098a606107fac15',
    submitted_at: '2026-11-20T18:17:02Z',
    answers: {
      name: 'Rafael Lindgren',
      email: 'rafael@example.com',
      phone: '+12065550155',
      company: 'Lindgren Bikes',
      budget: '7500',
    },
    hidden: { utm_source: 'newsletter' },
  },
};

const people = [
  'Rafael Lindgren',
  'Sena Aydin',
  'Tomas Vidal',
  'Uma Rao',
  'Viktor Lund',
  'Wilma Dahl',
  'Yara Costa',
];

export const formRoundRobin: Story = {
  name: 'form-round-robin',
  title: 'Form entry to opportunity, with owners in turn',
  who: 'A team that shares out leads fairly, without a list on the wall.',
  asked: [
    'community.zapier.com "Ever wondered how to set up a round-robin in a Zap?": Storage, Formatter’s formula, lookup table',
    'help.close.com "Assign Leads to Users via Round-Robin"',
    'zapier.com template "Notify sales team on Slack, and update opportunity in LeadConnector when Wufoo form is submitted"',
  ],
  before: [
    'A form that asks for name and e-mail address.',
    'The names of the owners stand in the lookup table of the Zap.',
  ],
  rules: [
    'Each new person gets the next owner in turn; no two people in a row get the same one.',
    'Somebody who sends the form again is found, keeps their opportunity and its owner, and uses up no turn.',
  ],
  zaps: [
    {
      startedBy: { app: 'Typeform', things: 'responses', when: 'made' },
      mostRequests: 6,
      zap: {
        name: ZAP,
        trigger: { kind: 'other', app: 'Typeform', event: 'New Entry' },
        steps: [
          {
            id: 'before',
            title: 'Has this person an opportunity already?',
            kind: 'search',
            key: 'find_opportunity',
            ifNothingFound: 'continue',
            input: {
              contact_email: '{{trigger.answers.email}}',
              contact_phone: '{{trigger.answers.phone}}',
              pipeline_id: 'Sales',
            },
          },
          {
            id: 'new',
            title: 'Go on only if not',
            kind: 'filter',
            field: '{{before.id}}',
            op: 'not_exists',
          },
          {
            id: 'count',
            title: 'Count the new people',
            kind: 'storage',
            action: 'increment_value',
            storeKey: 'form-round-robin',
          },
          {
            id: 'turn',
            title: 'Whose turn it is',
            kind: 'formatter',
            transform: 'spreadsheet_formula',
            formula: 'MOD({{count.value}}, 3)+1',
          },
          {
            id: 'owner',
            title: 'By name',
            kind: 'formatter',
            transform: 'lookup_table',
            input: '{{turn.output}}',
            table: { 1: 'Dana Whitfield', 2: 'Marcus Boyd', 3: 'Sofia Lindqvist' },
          },
          {
            id: 'opportunity',
            kind: 'create',
            key: 'create_contact_and_opportunity',
            input: {
              email: '{{trigger.answers.email}}',
              phone: '{{trigger.answers.phone}}',
              full_name: '{{trigger.answers.name}}',
              company_name: '{{trigger.answers.company}}',
              pipeline_id: 'Sales',
              name: '{{trigger.answers.company}}: {{trigger.answers.name}}',
              monetary_value: '{{trigger.answers.budget}}',
              owner_id: '{{owner.output}}',
            },
          },
        ],
      },
    },
  ],
  samples: [entry],
  scenes: [
    {
      says: 'Seven people send the form',
      act: async (world) => {
        for (const name of people) {
          world.apps.add('Typeform', 'responses', {
            ...entry.payload,
            answers: {
              name,
              email: `${name.split(' ')[0]}@form.example`,
              company: 'Lindgren Bikes',
              budget: '7500',
            },
          });
          await world.rest();
        }
      },
      holds: {
        'Each has an opportunity, and the owners took turns': (world) => {
          const owners = people.map((name) => {
            const [opportunity, ...more] = world
              .opportunities()
              .filter((one) => one.name === `Lindgren Bikes: ${name}`);
            deepEqual(more, []);
            return Object.entries(world.sandbox.seeded.users).find(
              ([, id]) => id === opportunity?.assignedTo,
            )?.[0];
          });
          const [m, s, d] = ['Marcus Boyd', 'Sofia Lindqvist', 'Dana Whitfield'];
          deepEqual(owners, [m, s, d, m, s, d, m]);
        },
      },
    },
    {
      says: 'One of them sends it again, and then somebody new does',
      act: async (world) => {
        for (const email of ['uma@form.example', 'zoe@form.example']) {
          world.apps.add('Typeform', 'responses', {
            ...entry.payload,
            answers: { name: 'Zoe Again', email, company: 'Lindgren Bikes' },
          });
          await world.rest();
        }
      },
      holds: {
        'The first makes nothing and uses up no turn': (world) => {
          equal(world.opportunities().filter(({ name }) => name === 'Lindgren Bikes: Zoe Again').length, 1);
          const opportunity = world.opportunities().find(({ name }) => name === 'Lindgren Bikes: Zoe Again');
          equal(opportunity?.assignedTo, world.sandbox.seeded.users['Sofia Lindqvist']);
        },
      },
    },
  ],
  template: {
    title: 'Create HighLevel opportunities from Typeform entries, with owners in turn',
    description:
      'Each person who fills in your form becomes a contact and an opportunity in HighLevel, and your sales people get them in turn. Whoever writes again keeps their opportunity and its owner.',
  },
};
