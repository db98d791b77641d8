import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, ownFields, values } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { writes } from '../support/writes.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  create_contact_and_opportunity: {
    live: ['Test the step twice', 'one contact and one opportunity, not two'],
    runs: (sandbox) => {
      const known = idsOf(sandbox);
      const lead = {
        email: 'lead@new.example',
        first_name: 'Kim',
        pipeline_id: known.sales.id,
        name: 'Website for Kim',
      };
      sandbox.setSettings({ acceptSource: true });
      return {
        all: [
          {
            inputData: {
              ...lead,
              ...values,
              ...ownFields(known),
              ...contactFields(known.customFields),
              lost_reason_id: known.lostReason,
              phone: '+12025550166',
              last_name: 'Reed',
              company_name: 'Harbor Cafe',
              address: '12 Pier Road',
              city: 'Portland',
              state: 'ME',
              postal_code: '04101',
              country: 'us',
              full_name: 'Kim Reed',
              tags: ['lead'],
              note: 'Wants a call.',
              stage_id: known.secondStage,
              owner_id: known.owner,
              source: 'Webinar',
              find_contact_by: 'email',
              if_exists: 'update_any',
              value_rule: 'add',
            },
          },
        ],
        least: [
          { inputData: { ...lead, email: 'another@new.example' } },
          {
            inputData: {
              ...lead,
              email: 'third@new.example',
              status: 'lost',
              lost_reason_id: known.lostReason,
            },
          },
        ],
      };
    },
    example: () => ({
      email: 'lead.example@new.example',
      first_name: 'Kim',
      pipeline_id: 'Sales',
      name: 'Website for Kim',
      status: 'won',
      lost_reason_id: 'Too Expensive',
    }),
  },
};

function contactFields(ids: Record<string, string>) {
  return {
    [`contact_field_${ids['contact.account_number']}`]: 'A-1',
    [`contact_field_${ids['contact.customer_since']}`]: '02/29/2024',
    [`contact_field_${ids['contact.preferred_channel']}`]: 'Email',
    [`contact_field_${ids['contact.interests']}`]: ['Website', 'Ads'],
  };
}

const PERFORM = 'creates.create_contact_and_opportunity.operation.perform';

describe('create_contact_and_opportunity', () => {
  let connection: Connection;
  let number = 0;

  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    for (const list of ['pipeline_list', 'user_list'])
      await connection.run(`triggers.${list}.operation.perform`);
    await connection.run('creates.create_contact_and_opportunity.operation.inputFields');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    number += 1;
    connection.requests();
  });
  afterEach(() => connection.sandbox.clearFaults());

  const lead = () => ({
    email: `kim${number}@new.example`,
    first_name: 'Kim',
    last_name: 'Reed',
    pipeline_id: 'Sales',
    name: 'Website for Kim',
  });
  const run = (input: Record<string, unknown>) => connection.run<Record<string, unknown>>(PERFORM, input);
  const contacts = () =>
    [...connection.sandbox.state.contacts.values()].filter(({ email }) => email === lead().email);
  const opportunities = () =>
    [...connection.sandbox.state.opportunities.values()].filter(
      ({ contactId }) => contactId === contacts()[0]?.id,
    );
  const field = (key: string) => connection.sandbox.seeded.customFields[key] ?? '';

  it('shows the company and all tags of the contact, whether the opportunity is created or updated', async () => {
    const person = { ...lead(), company_name: 'Harbor Cafe', tags: ['quote'], if_exists: 'update_open' };
    const shown = { contact_company_name: 'Harbor Cafe', contact_name: 'Kim Reed' };
    expect(await run(person)).toMatchObject({ ...shown, contact_tags: ['quote'] });
    const bare = connection.sandbox.opportunity(opportunities()[0]?.id ?? '');
    const path = '/opportunities/*';
    connection.sandbox.fault({ method: 'PUT', path, status: 200, body: { opportunity: bare } });
    expect(await run({ ...person, tags: ['vip'] })).toMatchObject({
      ...shown,
      contact_tags: ['quote', 'vip'],
      was_created: false,
    });
  });

  it('updates the opportunity of somebody who comes back by three requests, and a won one by none', async () => {
    const rule = { if_exists: 'update_open' };
    await run({ ...lead(), ...rule });
    const id = opportunities()[0]?.id;
    connection.requests();
    expect(await run({ ...lead(), ...rule, monetary_value: 70 })).toMatchObject({ id, monetary_value: 70 });
    expect(connection.requests()).toEqual([
      'POST /contacts/upsert',
      `GET /opportunities/${id}`,
      `PUT /opportunities/${id}`,
    ]);
    connection.sandbox.editOpportunity(id ?? '', { status: 'won' });
    connection.sandbox.context.index.rebuild();
    expect(await run({ ...lead(), ...rule, monetary_value: 5 })).toMatchObject({
      id,
      monetary_value: 70,
      was_left_alone: true,
    });
    expect(opportunities()).toHaveLength(1);
  });

  it('saves nothing of a contact who has email, phone and names already, which leaves three requests as well', async () => {
    const person = { ...lead(), phone: '+12025550192', if_exists: 'update_open' };
    await run(person);
    const id = opportunities()[0]?.id;
    connection.requests();
    expect(await run({ ...person, monetary_value: 90 })).toMatchObject({ id, contact_was_created: false });
    expect(connection.requests()).toEqual([
      'GET /contacts/search/duplicate',
      `GET /opportunities/${id}`,
      `PUT /opportunities/${id}`,
    ]);
    connection.requests();
    await run({ ...person, last_name: 'REED' });
    expect(connection.requests()).toContain('POST /contacts/upsert');
    expect(contacts()).toMatchObject([{ lastName: 'REED', phone: '+12025550192' }]);
  });

  it('goes on with another opportunity where the one of last time is gone or moved', async () => {
    const rule = { if_exists: 'update_open' };
    await run({ ...lead(), ...rule });
    const first = opportunities()[0]?.id ?? '';
    connection.sandbox.removeOpportunity(first);
    const again = await run({ ...lead(), ...rule });
    expect(again).toMatchObject({ was_created: true });
    expect(again.id).not.toBe(first);
  });

  it('says what is wrong with a country, before anything is written', async () => {
    const error = await errorOf(run({ ...lead(), country: 'Atlantis' }));
    expect(sentenceOf(error)).toMatch(/^Country: "Atlantis" is not the two letters of a country/);
    expect(connection.requests()).toEqual([]);
  });

  it.each([
    ['custom_field_', /^Custom Fields: a field that this step fills no longer exists/],
    ['contact_field_', /^Contact Custom Fields: a field that this step fills no longer exists/],
  ])('says among which fields one is gone: %s', async (prefix, sentence) => {
    const error = await errorOf(run({ ...lead(), [`${prefix}deletedField00000000`]: 'x' }));
    expect(sentenceOf(error)).toMatch(sentence);
  });

  it('makes the contact and the opportunity by two requests', async () => {
    const result = await run({
      ...lead(),
      company_name: 'Harbor Cafe',
      address: '12 Pier Road',
      city: 'Portland',
      country: 'us',
      monetary_value: '$1,250.00',
      [`custom_field_${field('opportunity.seats')}`]: '12',
      [`contact_field_${field('contact.account_number')}`]: 'A-1',
    });
    expect(connection.requests()).toEqual(['POST /contacts/upsert', 'POST /opportunities/']);
    expect(result).toMatchObject({
      id: opportunities()[0]?.id,
      contact_id: contacts()[0]?.id,
      contact_name: 'Kim Reed',
      contact_email: lead().email,
      monetary_value: 1250,
      was_created: true,
      contact_was_created: true,
      notice: null,
      is_test: false,
    });
    expect(contacts()).toMatchObject([
      {
        companyName: 'Harbor Cafe',
        customFields: [{ id: field('contact.account_number'), value: 'A-1' }],
        details: { address1: '12 Pier Road', city: 'Portland', country: 'US' },
      },
    ]);
    expect(opportunities()).toMatchObject([
      { name: 'Website for Kim', customFields: [{ id: field('opportunity.seats') }] },
    ]);
  });

  it('adds tags and a note', async () => {
    const notes = connection.sandbox.state.notes.size;
    await run({ ...lead(), tags: 'lead, webinar', note: 'Wants a call.' });
    expect(contacts()).toMatchObject([{ tags: ['lead', 'webinar'] }]);
    expect(connection.sandbox.state.notes.size).toBe(notes + 1);
  });

  it.each([
    [422, /^Note: it could not be added\. Add it in HighLevel\.$/],
    [500, /^Note: HighLevel did not answer whether it was added\. Look at the contact in HighLevel\.$/],
  ])('says that the note could not be added, and is done: %s', async (status, notice) => {
    const { contact_id } = await run(lead());
    const note = { method: 'POST', path: `/contacts/${contact_id}/notes`, status, times: 9 };
    connection.sandbox.fault(note);
    expect(await run({ ...lead(), note: 'Wants a call.', if_exists: 'update_open' })).toMatchObject({
      was_created: false,
      notice: expect.stringMatching(notice),
    });
    expect(opportunities()).toHaveLength(1);
  });

  it('shows the contact as far as it is known', async () => {
    const { last_name: _, ...first } = lead();
    expect(await run({ ...first, phone: '+12025550133' })).toMatchObject({
      contact_name: 'Kim',
      contact_email: lead().email,
      contact_phone: '+12025550133',
      notice: null,
    });
    number += 1;
    const { email: __, ...reached } = lead();
    expect(await run({ ...reached, phone: '+12025550134' })).toMatchObject({
      contact_name: 'Kim Reed',
      contact_email: null,
      contact_phone: '+12025550134',
    });
  });

  it('waits like any other step where the opportunity meets a usage limit', async () => {
    connection.sandbox.fault({ method: 'POST', path: '/opportunities/', status: 429, times: 9 });
    const error = await errorOf(run(lead()));
    expect(error.name).toBe('ThrottledError');
    expect(sentenceOf(error)).not.toMatch(/all the same/);
  });

  it('finds the contact by email and follows the rule for the opportunity', async () => {
    const first = await run({ ...lead(), monetary_value: 100 });
    const second = await run({ ...lead(), monetary_value: 50, if_exists: 'update_open', value_rule: 'add' });
    expect(second).toMatchObject({
      id: first.id,
      contact_id: first.contact_id,
      monetary_value: 150,
      value_before: 100,
      was_created: false,
      contact_was_created: false,
    });
    connection.sandbox.changeOpportunity(String(first.id), { status: 'won' });
    const third = await run({ ...lead(), name: 'Again', monetary_value: 5, if_exists: 'update_or_reopen' });
    expect(third).toMatchObject({ name: 'Website for Kim', monetary_value: 150, was_left_alone: true });
    expect(opportunities()).toHaveLength(1);
    expect(contacts()).toHaveLength(1);
  });

  it('says that the contact was saved where the opportunity was not, and goes on from there', async () => {
    await run(lead());
    const error = await errorOf(run(lead()));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(
      /^This contact already has an opportunity.* The contact was updated all the same \(https/s,
    );
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/',
      status: 422,
      body: { statusCode: 422, message: ['name must be shorter'] },
    });
    number += 1;
    expect(sentenceOf(await errorOf(run(lead())))).toMatch(/The contact was created all the same/);
    connection.sandbox.clearFaults();
    expect(await run(lead())).toMatchObject({ was_created: true, contact_was_created: true });
    expect(contacts()).toHaveLength(1);
  });

  it.each([
    403, 500,
  ])('says that the contact was saved where the opportunity was answered with %s', async (status) => {
    connection.sandbox.fault({ method: 'POST', path: '/opportunities/', status, times: 9 });
    const error = await errorOf(run(lead()));
    connection.sandbox.clearFaults();
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(
      /^HighLevel (?:could not|did not say whether it could) create the opportunity: .*\) The contact was created all the same \(https/s,
    );
    expect(contacts()).toHaveLength(1);
  });

  it.each([
    ['a bad email address', { email: 'kim at home' }, /^Email: /],
    ['a bad phone number', { phone: 'TBD' }, /^Phone: "TBD" is not a phone number/],
    ['a bad value', { monetary_value: '12.500' }, /^Value: "12.500" could mean/],
    ['an unknown pipeline', { pipeline_id: 'Nope' }, /^Pipeline: there is no pipeline called "Nope"/],
    ['an unknown stage', { stage_id: 'Kickoff' }, /^Stage: /],
    ['no name', { name: '' }, /^Opportunity Name: this is empty/],
    ['an unknown owner', { owner_id: 'Nobody' }, /^Owner: there is no user called/],
    [
      'a bad rule',
      { if_exists: 'sometimes' },
      /^If It Exists Already: "sometimes" is not one of the choices/,
    ],
  ])('stops at %s before anything is written', async (_, over, sentence) => {
    const error = await errorOf(run({ ...lead(), ...over }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(writes(connection)).toEqual([]);
  });

  it('shows in Test Mode what would be saved, and saves nothing', async () => {
    const input = { ...lead(), monetary_value: 5, tags: 'lead', note: 'x', test_mode: 'yes' };
    expect(await run(input)).toMatchObject({
      id: 'test-mode-nothing-saved',
      contact_id: 'test-mode-nothing-saved',
      contact_name: 'Kim Reed',
      name: 'Website for Kim',
      stage_name: 'New Lead',
      url: null,
      was_created: true,
      contact_was_created: true,
      is_test: true,
    });
    const real = await run(lead());
    expect(await run({ ...input, if_exists: 'update_any' })).toMatchObject({
      id: real.id,
      monetary_value: 5,
      was_created: false,
      contact_was_created: false,
    });
    expect(contacts()).toHaveLength(1);
  });
});
