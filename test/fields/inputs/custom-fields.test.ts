import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';

const CREATE = 'creates.create_opportunity.operation';
const CONTACT = 'creates.create_or_update_contact.operation';

type Row = Record<string, unknown> & { custom_fields: Record<string, unknown> };
type Input = Record<string, unknown> & { key: string; label: string };

describe('a person’s own fields', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 0,
      ...AMPLE,
    });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.state.opportunities.clear();
    connection.sandbox.context.index.rebuild();
    connection.requests();
  });

  const idOf = (key: string) => connection.sandbox.seeded.customFields[`opportunity.${key}`] ?? '';
  const keyOf = (key: string) => `custom_field_${idOf(key)}`;
  const inputsOf = async (operation: string, authData = connection.authData) =>
    (await connection.run<Input[]>(`${operation}.inputFields`, {}, { bundle: { authData } })).filter(
      ({ key }) => key.startsWith('custom_field_'),
    );
  const create = (over: Record<string, unknown>) =>
    connection.run<Row>(`${CREATE}.perform`, {
      contact_id: connection.sandbox.seeded.contactIds[0],
      pipeline_id: 'Sales',
      name: 'Website for Harbor Cafe',
      ...over,
    });
  const written = () => [...connection.sandbox.state.opportunities.values()];

  describe('as inputs', () => {
    it('are offered by name, with the type and the options of each, in a group of their own', async () => {
      const inputs = await inputsOf(CREATE);
      const shown = inputs.map(({ key, required, group, helpText: _, ...rest }) => {
        expect({ required, group }).toEqual({ required: false, group: 'custom_fields' });
        expect(key).toMatch(/^[a-zA-Z]+[a-zA-Z0-9_]*$/);
        return rest;
      });
      expect(shown).toEqual([
        { label: 'External ID', type: 'string' },
        { label: 'Project Brief', type: 'text' },
        { label: 'Seats', type: 'string' },
        { label: 'Setup Fee', type: 'string' },
        { label: 'Site Phone', type: 'string' },
        {
          label: 'Checklist',
          type: 'string',
          list: true,
          choices: ['Contract signed', 'Invoice sent', 'Access granted'],
        },
        { label: 'Plan', type: 'string', choices: ['Starter', 'Growth', 'Scale'] },
        {
          label: 'Services',
          type: 'string',
          list: true,
          choices: ['Branding', 'Website', 'Ads', 'Email', 'Consulting'],
        },
        { label: 'Priority', type: 'string', choices: ['Low', 'Normal', 'High'] },
        { label: 'Contract Date', type: 'string' },
        { label: 'Decision Makers: Buyer', type: 'string' },
        { label: 'Decision Makers: Signer', type: 'string' },
        { label: 'Decision Makers: User', type: 'string' },
        { label: 'Proposal File', type: 'string' },
      ]);
      expect(inputs[0]?.key).toBe(keyOf('external_id'));
      expect(new Set(inputs.map(({ key }) => key)).size).toBe(inputs.length);
    });

    it('keep their keys when HighLevel’s boxes have names that no key could have', async () => {
      const fresh = await connect({ opportunities: 0 });
      const other = fresh.sandbox.state.customFields.get(
        fresh.sandbox.seeded.customFields['opportunity.decision_makers'] ?? '',
      );
      other?.picklistOptions.splice(0, 3, 'Käufer 1', '購買者', 'A-b');
      const keys = (await fresh.run<Input[]>(`${CREATE}.inputFields`))
        .filter(({ label }) => label?.startsWith('Decision Makers: '))
        .map(({ key }) => key);
      await fresh.close();
      expect(new Set(keys).size).toBe(3);
      for (const key of keys) expect(key).toMatch(/^[a-zA-Z]+[a-zA-Z0-9_]*$/);
    });

    it('are a contact’s own in the step for contacts', async () => {
      const inputs = await inputsOf(CONTACT);
      expect(inputs.map(({ label }) => label)).toEqual([
        'Account Number',
        'Customer Since',
        'Preferred Channel',
        'Interests',
      ]);
    });

    it('are there as soon as HighLevel has them, by one request for all fields of a step', async () => {
      const fresh = await connect({ opportunities: 0 });
      const UPDATE = 'creates.update_opportunity.operation';
      await fresh.run(`${UPDATE}.inputFields`);
      fresh.requests();
      const { customFields } = fresh.sandbox.state;
      const [field] = customFields.values();
      if (!field) throw new Error('There is no field.');
      customFields.set('newField000000000001', {
        ...field,
        id: 'newField000000000001',
        name: 'Region',
        fieldKey: 'opportunity.region',
      });
      const shown = await fresh.run<Input[]>(`${UPDATE}.inputFields`);
      expect(fresh.requests()).toEqual([`GET /locations/${fresh.sandbox.locationId}/customFields`]);
      expect(shown.map(({ label }) => label)).toContain('Region');
      const toClear = shown.find(({ key }) => key === 'fields_to_clear');
      expect(toClear?.choices).toMatchObject({ custom_field_newField000000000001: 'Region' });
      await fresh.close();
    });

    it('are as last known where HighLevel has trouble', async () => {
      const fresh = await connect({ opportunities: 0 });
      const known = await fresh.run<Input[]>(`${CREATE}.inputFields`);
      fresh.sandbox.fault({ path: `/locations/${fresh.sandbox.locationId}/customFields`, status: 503 });
      expect(await fresh.run<Input[]>(`${CREATE}.inputFields`)).toEqual(known);
      await fresh.close();
    });

    it('are none where the permission was not granted, and the step works without', async () => {
      const authData = { ...connection.authData, scope: 'opportunities.readonly opportunities.write' };
      expect(await inputsOf(CREATE, authData)).toEqual([]);
      expect(connection.requests()).toEqual([]);
      const result = await connection.run<Row>(
        `${CREATE}.perform`,
        { contact_id: connection.sandbox.seeded.contactIds[0], pipeline_id: 'Sales', name: 'Plain' },
        { bundle: { authData } },
      );
      expect(result).toMatchObject({ name: 'Plain', custom_fields: {} });
    });

    it('stop a step that fills one after the permission was taken away', async () => {
      const fresh = await connect({ opportunities: 0 });
      const authData = { ...fresh.authData, scope: 'opportunities.readonly opportunities.write' };
      const input = { contact_id: fresh.sandbox.seeded.contactIds[0], pipeline_id: 'Sales', name: 'Plain' };
      const filled = { ...input, [keyOf('external_id')]: 'HP-1' };
      const error = await errorOf(fresh.run(`${CREATE}.perform`, filled, { bundle: { authData } }));
      expect(sentenceOf(error)).toContain('(locations/customFields.readonly) was not granted');
      expect(fresh.requests().filter((request) => request.startsWith('POST'))).toEqual([]);
      await fresh.close();
    });

    it('are none in an account that has none', async () => {
      const fresh = await connect({ opportunities: 0 });
      fresh.sandbox.state.customFields.clear();
      const inputs = await fresh.run<Input[]>(`${CREATE}.inputFields`);
      expect(inputs.filter(({ key }) => key.startsWith('custom_field_'))).toEqual([]);
      await fresh.close();
    });
  });

  it.each([
    ['a bad number', () => ({ [keyOf('seats')]: 'many' }), /^Seats: "many" is not a number/],
    [
      'a bad amount',
      () => ({ [keyOf('setup_fee')]: '1.250' }),
      /^Setup Fee: "1.250" could mean 1250 or 1.25/,
    ],
    [
      'a bad date',
      () => ({ [keyOf('contract_date')]: '2026-02-30' }),
      /^Contract Date: "2026-02-30" is not a date/,
    ],
    [
      'an unknown option',
      () => ({ [keyOf('plan')]: 'Enterprise' }),
      /^Plan: "Enterprise" is not one of the choices\. Choose one of these: "Starter", "Growth", "Scale"\./,
    ],
    [
      'an unknown option of many',
      () => {
        const field = connection.sandbox.state.customFields.get(
          connection.sandbox.seeded.customFields['opportunity.priority'] ?? '',
        );
        if (field) field.picklistOptions = Array.from({ length: 253 }, (_, at) => `P${at}`);
        connection.forget();
        return { [keyOf('priority')]: 'Urgent' };
      },
      /Choose one of these: "P0", .*"P9" and 243 more\./,
    ],
    [
      'an unknown option among known ones',
      () => ({ [keyOf('services')]: 'Website, Radio' }),
      /^Services: "Radio" is not one of the choices\. Choose one of these: "Branding", /,
    ],
    [
      'a file that is no link',
      () => ({ [keyOf('proposal_file')]: 'a.pdf' }),
      /^Proposal File: "a.pdf" is not a link/,
    ],
    [
      'a field that is gone',
      () => ({ custom_field_deletedField00000000: 'x' }),
      /^Custom Fields: a field that this step fills no longer exists in HighLevel/,
    ],
    [
      'a box that is gone',
      () => ({ [`${keyOf('decision_makers')}__Boss`]: 'x' }),
      /^Decision Makers: a field that this step fills no longer exists/,
    ],
  ])('stops at %s, and writes nothing', async (_, over, sentence) => {
    const error = await errorOf(create(over()));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(written()).toEqual([]);
  });
});
