import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { opportunityDelivery } from '../support/deliveries.ts';
import { startRunner } from '../support/runner.ts';

/** The whole contact of an opportunity, where a person chose it: one request for each run, and none for what starts none. */
describe('the contact’s own fields', () => {
  let connection: Connection;
  let field = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 6, ...AMPLE });
    field = connection.sandbox.seeded.customFields['contact.account_number'] ?? '';
    for (const contact of connection.sandbox.state.contacts.values()) {
      contact.customFields = [{ id: field, value: `C-${contact.firstName}` }];
    }
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  const asked = () => connection.requests().filter((one) => one.startsWith('GET /contacts/'));
  const contactOf = (id: unknown) => {
    const { state } = connection.sandbox;
    const contact = state.contacts.get(state.opportunities.get(String(id))?.contactId ?? '');
    return {
      id: contact?.id,
      first_name: contact?.firstName,
      last_name: contact?.lastName,
      custom_fields: { [field]: `C-${contact?.firstName}` },
    };
  };

  it('are not there, and cost nothing, where they were not chosen', async () => {
    const perform = 'searches.find_opportunity.operation.perform';
    const [row] = await connection.run(perform, { status: 'open', include_contact: 'no' });
    expect(row).not.toHaveProperty('contact');
    expect(asked()).toEqual([]);
    const error = await errorOf(connection.run(perform, { status: 'open', include_contact: 'perhaps' }));
    expect(sentenceOf(error)).toMatch(/^Include the Whole Contact: "perhaps" is neither yes nor no\./);
  });

  it('come with an opportunity that is found, in one more request', async () => {
    const input = { status: 'open', include_contact: 'yes' };
    const [row] = await connection.run('searches.find_opportunity.operation.perform', input);
    expect(row?.contact).toMatchObject(contactOf(row?.id));
    expect(asked()).toHaveLength(1);
  });

  it('come with a delivery, and are null where the contact is gone or may not be read', async () => {
    const [id = ''] = connection.sandbox.seeded.opportunityIds;
    const cleanedRequest = opportunityDelivery('stage_changed', id);
    const deliver = (bundle: object = {}) =>
      connection.run(
        'triggers.stage_changed_instant.operation.perform',
        { include_contact: 'yes' },
        { bundle: { cleanedRequest, ...bundle } },
      );
    const [row] = await deliver();
    expect(row?.contact).toMatchObject(contactOf(id));
    const authData = { ...connection.authData, scope: 'opportunities.readonly' };
    expect(await deliver({ authData })).toMatchObject([{ id, contact: null }]);
    connection.sandbox.fault({ path: '/contacts/*', status: 404, body: { message: 'Contact not found' } });
    expect(await deliver()).toMatchObject([{ id, contact: null }]);
    connection.sandbox.fault({ path: '/contacts/*', status: 403, body: { message: 'Forbidden' } });
    expect(await deliver()).toMatchObject([{ id, contact: null }]);
  });

  it('are described among the outputs where they were chosen, and else not', async () => {
    const keys = async (input: Record<string, unknown>) =>
      (await connection.run<{ key: string }[]>('triggers.new_opportunity.operation.outputFields', input)).map(
        ({ key }) => key,
      );
    expect(await keys({ include_contact: 'yes' })).toEqual(
      expect.arrayContaining([
        'contact__first_name',
        'contact__last_name',
        `contact__custom_fields__${field}`,
      ]),
    );
    expect((await keys({})).some((key) => key.startsWith('contact__'))).toBe(false);
  });
});

describe('the contact’s own fields in a polled Zap', () => {
  it('are asked for when the Zap runs, once for each run, and by no poll', async () => {
    const connection = await connect({ opportunities: 6, ...AMPLE });
    const { sandbox } = connection;
    const { runner, connection: account } = await startRunner(sandbox);
    try {
      const zap = {
        name: 'own fields',
        trigger: { key: 'new_opportunity', input: { include_contact: 'yes' } },
        steps: [
          {
            id: 'note',
            kind: 'create' as const,
            key: 'create_note',
            input: {
              contact_id: '{{trigger.contact_id}}',
              body: 'Hello {{trigger.contact.first_name}} {{trigger.contact.last_name}}',
            },
          },
        ],
      };
      const live = await runner.turnOn(zap, account);
      sandbox.moveClock({ by: 60_000 });
      const [id = ''] = sandbox.importOpportunities({ count: 1 });
      sandbox.clearRequests();
      expect(await live.poll()).toMatchObject([{ trigger: { id } }]);
      const contact = sandbox.state.contacts.get(sandbox.opportunity(id).contactId);
      const reads = sandbox.requests().filter(({ path }) => path === `/contacts/${contact?.id}`);
      // Once for the trigger's row, once by the step that writes the note.
      expect(reads).toHaveLength(2);
      const bodies = [...sandbox.state.notes.values()].map(({ body }) => body);
      expect(bodies).toContain(`Hello ${contact?.firstName} ${contact?.lastName}`);
      sandbox.clearRequests();
      expect(await live.poll()).toEqual([]);
      expect(sandbox.requests().map(({ path }) => path)).toEqual(['/opportunities/search']);
    } finally {
      await runner.close();
      await connection.close();
    }
  });
});
