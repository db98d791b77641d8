import { deepEqual, equal, match } from 'node:assert/strict';
import type { Sample, Story } from '../harness/story.ts';

const ZAP = 'Won opportunity → invoice and message';

const invoice: Sample = {
  app: 'QuickBooks Online',
  what: 'A customer and an invoice with one line, as the Zap makes them',
  source:
    'Intuit’s QuickBooks V3 PHP SDK quickstart (intuit.github.io) and Claris Connect reference, "Create invoice - Line items": customer, amount, quantity, description',
  known: 'documented',
  payload: { customer_id: '17', bill_email: 'sam@example.com', line_amount: 4800, line_quantity: 1 },
};

const message: Sample = {
  app: 'Slack',
  what: 'A message in a channel',
  source: 'api.slack.com/methods/chat.postMessage: channel and text',
  known: 'documented',
  payload: { channel: '#wins', text: 'Dana Whitfield won "Website for Harbor Cafe": 4800' },
};

export const wonOpportunityInvoice: Story = {
  name: 'won-opportunity-invoice',
  title: 'Won opportunity to invoice and chat',
  who: 'A small agency that writes an invoice the moment an opportunity is won, and likes the team to hear of it.',
  asked: [
    'zapier.com template "Create sales invoice from won deal for billing staff"',
    'zapier.com template "Notify Slack with a GIF when lead status changes to won in noCRM.io"',
    'zapier.com template "Create and manage new opportunities in LeadConnector for each new customer in QuickBooks Online": the two apps are used together',
  ],
  before: ['QuickBooks Online and Slack are connected.', 'Opportunities have a value when they are won.'],
  rules: [
    'An opportunity that is won makes one invoice, for its contact and its value; the customer is found by e-mail address, or made.',
    'An opportunity without a value, or whose contact has no e-mail address, makes no invoice; the channel is asked to look after it.',
    'An opportunity that is opened again and won once more starts the Zap once more, and the invoice that bears its ID is found, not made twice.',
  ],
  zaps: [
    {
      mostRequests: 0,
      zap: {
        name: ZAP,
        trigger: { key: 'status_changed', input: { status: 'won', pipeline_id: 'Sales' } },
        steps: [
          {
            id: 'which',
            kind: 'paths',
            paths: [
              {
                name: 'It can be invoiced',
                rules: [
                  { field: '{{trigger.monetary_value}}', op: 'greater_than', value: 0 },
                  { field: '{{trigger.contact_email}}', op: 'exists' },
                ],
                steps: [
                  {
                    id: 'customer',
                    kind: 'other',
                    app: 'QuickBooks Online',
                    action: 'Find or Create Customer',
                    does: 'find_or_create',
                    things: 'customers',
                    by: ['email'],
                    input: {
                      email: '{{trigger.contact_email}}',
                      display_name: '{{trigger.contact_name}}',
                      company_name: '{{trigger.contact_company_name}}',
                    },
                  },
                  {
                    id: 'invoice',
                    kind: 'other',
                    app: 'QuickBooks Online',
                    action: 'Find or Create Invoice',
                    does: 'find_or_create',
                    things: 'invoices',
                    by: ['memo'],
                    input: {
                      memo: 'HighLevel {{trigger.id}}',
                      customer_id: '{{customer.id}}',
                      bill_email: '{{trigger.contact_email}}',
                      line_description: '{{trigger.name}}',
                      line_amount: '{{trigger.monetary_value}}',
                      line_quantity: '1',
                    },
                  },
                  tell(
                    'cheer',
                    '{{trigger.owner_name}} won "{{trigger.name}}": {{trigger.monetary_value}}. Invoice {{invoice.id}} is ready. {{trigger.url}}',
                  ),
                ],
              },
              {
                name: 'It has no value',
                rules: [{ field: '{{trigger.monetary_value}}', op: 'equals', value: '0' }],
                steps: [ask('ask_value', 'no value')],
              },
              {
                name: 'Its contact has no e-mail address',
                rules: [
                  { field: '{{trigger.monetary_value}}', op: 'greater_than', value: 0 },
                  { field: '{{trigger.contact_email}}', op: 'not_exists' },
                ],
                steps: [ask('ask_email', 'a contact without e-mail address')],
              },
            ],
          },
        ],
      },
    },
  ],
  samples: [invoice, message],
  scenes: [
    {
      says: 'One opportunity is won with a value, one without, and one is lost',
      act: async (world) => {
        const [first, second, third] = openSales(world);
        world.sandbox.editOpportunity(first?.id ?? '', { monetaryValue: 4800 });
        world.sandbox.editOpportunity(second?.id ?? '', { monetaryValue: 0 });
        withEmail(world, first?.contactId);
        world.pause();
        world.sandbox.changeOpportunity(first?.id ?? '', { status: 'won' });
        world.sandbox.changeOpportunity(second?.id ?? '', { status: 'won' });
        world.sandbox.changeOpportunity(third?.id ?? '', { status: 'lost' });
        await world.poll(ZAP);
      },
      holds: {
        'There is one invoice, for the right customer and amount': (world) => {
          const [one, ...others] = world.apps.records('QuickBooks Online', 'invoices');
          const [customer] = world.apps.records('QuickBooks Online', 'customers');
          deepEqual(others, []);
          deepEqual(
            [one?.customer_id, one?.line_amount, customer?.email],
            [customer?.id, 4800, 'winner@example.com'],
          );
        },
        'The channel hears of the win, and is asked about the opportunity without a value': (world) => {
          const texts = world.apps.records('Slack', 'messages').map(({ text }) => String(text));
          equal(texts.length, 2);
          match(texts.join('\n'), /won ".*": 4800\. Invoice \d+ is ready\. https:/);
          match(texts.join('\n'), /was won with no value: no invoice was made/);
        },
        'HighLevel was not written to': (world) => deepEqual(world.writes(), []),
      },
    },
    {
      says: 'The opportunity is opened again, and won once more',
      act: async (world) => {
        const won = world
          .opportunities()
          .find(({ status, monetaryValue }) => status === 'won' && monetaryValue === 4800);
        for (const status of ['open', 'won'] as const) {
          world.pause();
          world.sandbox.changeOpportunity(won?.id ?? '', { status });
          await world.poll(ZAP);
        }
      },
      holds: {
        'There is still one invoice and one customer': (world) => {
          equal(world.runs().length, 1);
          equal(world.apps.records('QuickBooks Online', 'invoices').length, 1);
          equal(world.apps.records('QuickBooks Online', 'customers').length, 1);
        },
      },
    },
  ],
  template: {
    title: 'Create invoices in QuickBooks Online and send Slack messages for won HighLevel opportunities',
    description:
      'The moment an opportunity is won in HighLevel, its invoice is ready in QuickBooks Online, for the right customer and amount, and your team hears of it in Slack.',
  },
};

function ask(id: string, what: string) {
  return tell(id, `"{{trigger.name}}" was won with ${what}: no invoice was made. {{trigger.url}}`);
}

function tell(id: string, text: string) {
  return {
    id,
    kind: 'other',
    app: 'Slack',
    action: 'Send Channel Message',
    does: 'create',
    things: 'messages',
    input: { channel: '#wins', text },
  } as const;
}

function openSales(world: Parameters<Story['scenes'][number]['act']>[0]) {
  const sales = world.sandbox.seeded.pipelines.Sales?.id;
  return world.opportunities().filter(({ pipelineId, status }) => pipelineId === sales && status === 'open');
}

function withEmail(world: Parameters<Story['scenes'][number]['act']>[0], id = ''): void {
  const contact = world.sandbox.state.contacts.get(id);
  if (contact) world.sandbox.state.contacts.set(id, { ...contact, email: 'winner@example.com' });
}
