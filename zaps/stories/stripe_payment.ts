import { deepEqual, equal, match } from 'node:assert/strict';
import type { Opportunity } from '../../local/sandbox/index.ts';
import type { Sample, Story } from '../harness/story.ts';
import type { World } from '../harness/world.ts';

const ZAP = 'Stripe payment → won opportunity';

const payment: Sample = {
  app: 'Stripe',
  what: 'A charge that succeeded',
  source:
    'Stripe API reference, "The Charge object": amount in the smallest unit of the currency, billing_details with e-mail and name, description, paid',
  known: 'documented',
  payload: {
    id: 'ch_3MmlLrLkdIwHu7ix0snN0B15',
    amount: 480000,
    currency: 'usd',
    description: 'Website relaunch, first half',
    paid: true,
    billing_details: { email: 'sam.otieno@example.com', name: 'Sam Otieno' },
  },
};

const pay = (world: World, email: string, amount: number) =>
  world.send(ZAP, { ...payment.payload, amount, billing_details: { email, name: 'Sam Otieno' } });

const texts = (world: World) => world.apps.records('Slack', 'messages').map(({ text }) => String(text));

/** Opportunities of the person with this address, in the order that they were made. */
function opportunitiesOf(world: World, email: string): Opportunity[] {
  const ids = new Set(
    world
      .contacts()
      .filter((contact) => contact.email === email)
      .map(({ id }) => id),
  );
  return world.opportunities().filter(({ contactId }) => ids.has(contactId));
}

const state = (world: World, email: string) =>
  opportunitiesOf(world, email).map(({ status, monetaryValue }) => `${status} ${monetaryValue}`);

/** Gives the contact of an opportunity in the pipeline Sales an address, and the opportunity a value and a status. */
function prepare(world: World, index: number, email: string, value: number, status: 'open' | 'lost'): void {
  const sales = world.sandbox.seeded.pipelines.Sales?.id;
  const one = world.opportunities().filter(({ pipelineId }) => pipelineId === sales)[index];
  world.sandbox.editOpportunity(one?.id ?? '', { monetaryValue: value, status });
  const contact = world.sandbox.state.contacts.get(one?.contactId ?? '');
  if (contact) world.sandbox.state.contacts.set(contact.id, { ...contact, email, phone: null });
  world.sandbox.context.index.rebuild();
}

export const stripePayment: Story = {
  name: 'stripe-payment',
  title: 'Stripe payment wins the opportunity that is there',
  who: 'Someone who is paid through Stripe and wants the opportunity in HighLevel to say so, without a second one and without a word lost of earlier sales.',
  asked: [
    'The issue’s own words: what a payment does to a contact’s existing opportunity, the most frequent question of all',
    'zapier.com template "Create and manage new opportunities in LeadConnector for each new customer in QuickBooks Online": payments and opportunities are kept together',
  ],
  before: ['Stripe and Slack are connected.', 'Payments carry the e-mail address of whoever pays.'],
  rules: [
    'The person’s open opportunity in the pipeline is won, and a lost or abandoned one too; its value becomes the amount that was paid if that is larger, and never falls.',
    'An opportunity that was won before is never touched: neither its value nor its name; the channel is told, and a person decides.',
    'Who has none gets one, with the contact, and it is won.',
  ],
  zaps: [
    {
      mostRequests: 7,
      zap: {
        name: ZAP,
        trigger: { kind: 'other', app: 'Stripe', event: 'New Charge' },
        steps: [
          {
            id: 'amount',
            title: 'The amount as people write it: Stripe counts cents',
            kind: 'code',
            input: { cents: '{{trigger.amount}}' },
            code: (inputData) => {
              return { amount: (Number(inputData.cents) / 100).toFixed(2) };
            },
          },
          {
            id: 'opportunity',
            kind: 'create',
            key: 'create_contact_and_opportunity',
            input: {
              email: '{{trigger.billing_details.email}}',
              full_name: '{{trigger.billing_details.name}}',
              pipeline_id: 'Sales',
              name: '{{trigger.description}}',
              status: 'won',
              monetary_value: '{{amount.amount}}',
              if_exists: 'update_or_reopen',
              value_rule: 'larger',
            },
          },
          {
            id: 'left',
            title: 'Go on only where it was left alone',
            kind: 'filter',
            field: '{{opportunity.was_left_alone}}',
            op: 'equals',
            value: 'true',
          },
          {
            id: 'tell',
            kind: 'other',
            app: 'Slack',
            action: 'Send Channel Message',
            does: 'create',
            things: 'messages',
            input: {
              channel: '#sales',
              text: '{{trigger.billing_details.name}} paid {{amount.amount}} for "{{trigger.description}}". "{{opportunity.name}}" was won before and stays as it is; is this a new sale? {{opportunity.url}}',
            },
          },
        ],
      },
    },
  ],
  samples: [payment],
  scenes: [
    {
      says: 'Someone with an open opportunity pays more than it was worth',
      act: async (world) => {
        prepare(world, 0, 'open@example.com', 3500, 'open');
        await pay(world, 'open@example.com', 480_000);
      },
      holds: {
        'It is won and worth what was paid, and there is no second': (world) =>
          deepEqual(state(world, 'open@example.com'), ['won 4800']),
        'Nobody is asked': (world) => deepEqual(texts(world), []),
      },
    },
    {
      says: 'They pay once more',
      act: (world) => pay(world, 'open@example.com', 990_000),
      holds: {
        'What was won stays as it is': (world) => deepEqual(state(world, 'open@example.com'), ['won 4800']),
        'The channel is told, with both': (world) => {
          equal(texts(world).length, 1);
          match(texts(world)[0] ?? '', /paid 9900\.00 for ".*"\. ".*" was won before and stays as it is/);
        },
        'No opportunity is written to': (world) =>
          deepEqual(
            world.writes().filter((write) => write.includes('/opportunities/')),
            [],
          ),
      },
    },
    {
      says: 'Someone whose opportunity was lost pays less than it was worth',
      act: async (world) => {
        prepare(world, 1, 'lost@example.com', 9000, 'lost');
        await pay(world, 'lost@example.com', 100_000);
      },
      holds: {
        'It is won, and its value does not fall': (world) =>
          deepEqual(state(world, 'lost@example.com'), ['won 9000']),
      },
    },
    {
      says: 'Someone whom HighLevel does not know pays',
      act: (world) => pay(world, 'new@example.com', 25_050),
      holds: {
        'They have a contact and a won opportunity': (world) =>
          deepEqual(state(world, 'new@example.com'), ['won 250.5']),
      },
    },
  ],
  template: {
    title: 'Win HighLevel opportunities from new payments in Stripe',
    description:
      'When somebody pays in Stripe, their open opportunity in HighLevel is won and worth at least what was paid. What was won before stays untouched, and your team is asked in Slack.',
  },
};
