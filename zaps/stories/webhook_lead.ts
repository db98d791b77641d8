import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { Opportunity } from '../../local/sandbox/index.ts';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'Webhook → contact and opportunity';

const form = {
  first_name: 'Priya',
  last_name: 'Nair',
  email: 'priya.nair@example.com',
  phone: '+12065550171',
  company: 'Nair Bakery',
  service: 'Website with ordering',
  budget: '$6,500',
  message: 'We open a second shop in spring.\nCan you start in January?',
};

const entry: Sample = {
  app: 'Webhooks by Zapier',
  what: 'What a website’s form posts to the Zap’s own address',
  source:
    'help.zapier.com, "Trigger Zaps from webhooks": Catch Hook takes whatever JSON is posted to it, so the fields are those of the form',
  known: 'documented',
  payload: form,
};

const send = (world: World, over: Record<string, unknown>) => world.send(ZAP, { ...form, ...over });

/** Opportunities in Sales of whoever has this address. */
function opportunitiesOf(world: World, email: string): Opportunity[] {
  const ids = world
    .contacts()
    .filter((contact) => contact.email === email)
    .map(({ id }) => id);
  return world.opportunities().filter(({ contactId }) => ids.includes(contactId));
}

const theirs = (world: World): Opportunity => {
  const [one, ...more] = opportunitiesOf(world, form.email);
  deepEqual(more, [], 'further opportunities of the same person');
  ok(one, 'the person has no opportunity');
  return one;
};

const mails = (world: World) => world.apps.records('Gmail', 'mails').map(({ body }) => String(body));

export const webhookLead: Story = {
  name: 'webhook-lead',
  title: 'Lead from a webhook to contact and opportunity, in one step',
  who: 'Someone whose website, form or landing page posts its leads to a webhook, and who pays for each step of a Zap.',
  asked: [
    'zapier.com templates of LeadConnector: webhook, form and sheet templates end in "Add/Update Opportunity", which takes the person and the opportunity together',
    'The issue’s own words: one step for a lead, as the official app has it',
  ],
  before: [
    'The form posts JSON to the address that the Zap’s trigger shows.',
    'Gmail is connected, for the mail that says why a lead was not taken.',
  ],
  rules: [
    'One step makes the contact, the opportunity and a note with the person’s message.',
    'Whoever writes again is found by e-mail address or phone and has no second opportunity: an open one is updated, a lost or abandoned one is opened again, its value never falls, and a won one is left alone. Each message is a note of its own.',
    'A lead with something that cannot be read, such as an amount in words, leaves nothing half made; a mail says which field it is and what was written there.',
    'Where HighLevel takes the contact and refuses the opportunity, the mail says so. The same lead sent again goes on from there, with the same contact.',
  ],
  zaps: [
    {
      mostRequests: 6,
      zap: {
        name: ZAP,
        trigger: { kind: 'other', app: 'Webhooks by Zapier', event: 'Catch Hook' },
        steps: [
          {
            id: 'lead',
            kind: 'create',
            key: 'create_contact_and_opportunity',
            input: {
              first_name: '{{trigger.first_name}}',
              last_name: '{{trigger.last_name}}',
              email: '{{trigger.email}}',
              phone: '{{trigger.phone}}',
              company_name: '{{trigger.company}}',
              pipeline_id: 'Sales',
              name: '{{trigger.company}}: {{trigger.service}}',
              monetary_value: '{{trigger.budget}}',
              note: '{{trigger.message}}',
              if_exists: 'update_or_reopen',
              value_rule: 'larger',
            },
            onError: [
              {
                id: 'tell',
                title: 'Say why',
                kind: 'other',
                app: 'Gmail',
                action: 'Send Email',
                does: 'create',
                things: 'mails',
                input: {
                  to: 'sales@example.com',
                  subject: 'A lead was not taken: {{trigger.email}}',
                  body: '{{lead.error_message}}',
                },
              },
            ],
          },
        ],
      },
    },
  ],
  samples: [entry],
  scenes: [
    {
      says: 'A lead comes in',
      act: (world) => send(world, {}),
      holds: {
        'There is a contact and an open opportunity in the first stage, with name and value': (world) => {
          const one = theirs(world);
          const { Sales } = world.sandbox.seeded.pipelines;
          deepEqual(
            [one.name, one.monetaryValue, one.status, one.pipelineStageId],
            ['Nair Bakery: Website with ordering', 6500, 'open', Sales?.stages['New Lead']],
          );
          const contact = world.contacts().find(({ id }) => id === one.contactId);
          deepEqual(
            [contact?.firstName, contact?.lastName, contact?.phone, contact?.companyName],
            ['Priya', 'Nair', '+12065550171', 'Nair Bakery'],
          );
        },
        'The message is a note, line by line': (world) =>
          deepEqual(
            world
              .notes()
              .filter(({ relations }) =>
                relations.some(({ recordId }) => recordId === theirs(world).contactId),
              )
              .map(({ body }) => body),
            [form.message],
          ),
        'It is one run of one step': (world) => {
          equal(world.runs().length, 1);
          equal(world.runs()[0]?.steps.length, 1);
        },
      },
    },
    {
      says: 'The person writes again, with a smaller budget, and then after the opportunity was lost',
      act: async (world) => {
        await send(world, { budget: '500', message: 'Is there news?' });
        equal(theirs(world).monetaryValue, 6500);
        world.pause();
        world.sandbox.changeOpportunity(theirs(world).id, { status: 'lost' });
        await send(world, { budget: '8000', message: 'We are back.' });
      },
      holds: {
        'It is the same opportunity, open again, with the larger value': (world) =>
          deepEqual([theirs(world).status, theirs(world).monetaryValue], ['open', 8000]),
        'Each message is a note': (world) =>
          deepEqual(
            ['Is there news?', 'We are back.'].map(
              (text) => world.notes().filter(({ body }) => body === text).length,
            ),
            [1, 1],
          ),
      },
    },
    {
      says: 'The opportunity is won, and the person writes once more',
      act: async (world) => {
        world.pause();
        world.sandbox.changeOpportunity(theirs(world).id, { status: 'won' });
        await send(world, { budget: '20000', service: 'A newsletter', message: 'Another idea.' });
      },
      holds: {
        'What was won stays as it is': (world) =>
          deepEqual(
            [theirs(world).name, theirs(world).status, theirs(world).monetaryValue],
            ['Nair Bakery: Website with ordering', 'won', 8000],
          ),
        'The message is kept all the same': (world) =>
          equal(world.notes().filter(({ body }) => body === 'Another idea.').length, 1),
      },
    },
    {
      says: 'A lead whose budget is no amount',
      act: (world) => send(world, { email: 'words@example.com', phone: '', budget: 'to be discussed' }),
      holds: {
        'Nothing is written': (world) => deepEqual(world.writes(), []),
        'The mail says which field it is, and what was written there': (world) =>
          match(mails(world).at(-1) ?? '', /^Value: "to be discussed" is not an amount/),
      },
    },
    {
      says: 'HighLevel takes the contact and refuses the opportunity, and the lead is sent again',
      act: async (world) => {
        world.sandbox.fault({ method: 'POST', path: '/opportunities/', status: 422, times: 1 });
        await send(world, { email: 'refused@example.com', phone: '' });
        match(mails(world).at(-1) ?? '', /The contact was created all the same \(https:.*\); run again/);
        equal(opportunitiesOf(world, 'refused@example.com').length, 0);
        await send(world, { email: 'refused@example.com', phone: '' });
      },
      holds: {
        'There is one contact and one opportunity': (world) => {
          equal(world.contacts().filter(({ email }) => email === 'refused@example.com').length, 1);
          equal(opportunitiesOf(world, 'refused@example.com').length, 1);
        },
      },
    },
  ],
  template: {
    title: 'Create contacts and opportunities in HighLevel from webhooks',
    description:
      'Your website posts a lead to a webhook, and one step makes the contact, the opportunity and a note of the message in HighLevel. Whoever writes again keeps their opportunity: it is brought up to date, opened again if it was lost, and left alone if it was won.',
  },
};
