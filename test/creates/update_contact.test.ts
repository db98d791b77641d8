import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  update_contact: {
    live: ['Change the city', 'the contact has it'],
    runs: (sandbox) => {
      const { contactId: contact_id, owner, customFields } = idsOf(sandbox);
      const key = (name: string) => `custom_field_${customFields[`contact.${name}`]}`;
      const own = {
        [key('account_number')]: '4711',
        [key('customer_since')]: '2024-02-29',
        [key('preferred_channel')]: 'Email',
        [key('interests')]: ['Website', 'Ads'],
      };
      const names = {
        first_name: 'Sam',
        last_name: 'Reed',
        email: 'sam.reed@example.com',
        phone: '+12025550188',
      };
      const home = {
        address: '12 Pier Road',
        city: 'Portland',
        state: 'ME',
        postal_code: '04101',
        country: 'US',
      };
      const more = {
        website: 'https://harborcafe.example.com',
        date_of_birth: '1988-04-17',
        do_not_disturb: 'no',
        owner_id: owner,
        source: 'Webinar',
      };
      return {
        all: [{ inputData: { contact_id, ...names, ...home, ...more, ...own } }],
        least: [{ inputData: { contact_id, city: 'Portland' } }],
      };
    },
    example: (sandbox) => ({
      contact_id: idsOf(sandbox).contactId,
      address: '12 Pier Road',
      city: 'Portland',
      state: 'ME',
      postal_code: '04101',
      country: 'US',
      website: 'https://harborcafe.example.com',
      date_of_birth: '1988-04-17',
      do_not_disturb: 'yes',
    }),
  },
};

const PERFORM = 'creates.update_contact.operation.perform';

describe('update_contact', () => {
  let connection: Connection;
  let contactId = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    contactId = connection.sandbox.seeded.contactIds[0] ?? '';
  });
  afterAll(() => connection.close());
  beforeEach(() => void connection.requests());

  const update = (input: Record<string, unknown>) =>
    connection.run<Record<string, unknown>>(PERFORM, { contact_id: contactId, ...input });
  const lastBody = () => connection.sandbox.requests().findLast(({ method }) => method === 'PUT')?.body;
  const writes = () => connection.requests().filter((request) => !request.startsWith('GET'));

  it('changes only what is filled in', async () => {
    const answer = await update({
      city: 'Portland',
      country: 'us',
      date_of_birth: '4/17/1988',
      do_not_disturb: 'yes',
      last_name: '',
    });
    expect(lastBody()).toEqual({ city: 'Portland', country: 'US', dateOfBirth: '1988-04-17', dnd: true });
    expect(answer).toMatchObject({
      id: contactId,
      city: 'Portland',
      country: 'US',
      date_of_birth: '1988-04-17',
      do_not_disturb: true,
      not_kept: [],
      is_test: false,
    });
  });

  it('says what HighLevel did not keep', async () => {
    const other = connection.sandbox.seeded.contactIds[1] ?? '';
    const phone = connection.sandbox.state.contacts.get(other)?.phone;
    connection.sandbox.fault({ method: 'PUT', status: 200, body: { succeded: true }, when: 'before' });
    expect(await update({ phone, city: 'Boston' })).toMatchObject({ not_kept: ['Phone', 'City'] });
  });

  it('shows in Test Mode what it would be, and writes nothing', async () => {
    expect(await update({ first_name: 'Robin', test_mode: 'yes' })).toMatchObject({
      first_name: 'Robin',
      is_test: true,
    });
    expect(writes()).toEqual([]);
  });

  it('takes in Test Mode the contact that an earlier step in Test Mode would have made', async () => {
    expect(
      await update({ contact_id: 'test-mode-nothing-saved', first_name: 'Robin', test_mode: 'yes' }),
    ).toMatchObject({ id: 'test-mode-nothing-saved', first_name: 'Robin', url: null, is_test: true });
    expect(writes()).toEqual([]);
  });

  it.each([
    [{}, /^There is nothing to change/],
    [{ country: 'Atlantis' }, /^Country: "Atlantis" is not the two letters/],
    [{ email: 'nobody' }, /^Email: "nobody" is not an email address/],
    [{ phone: 'ask her' }, /^Phone: "ask her" is not a phone number/],
    [{ date_of_birth: 'in the spring' }, /^Date of Birth: "in the spring"/],
    [{ do_not_disturb: 'perhaps' }, /^Do Not Disturb: "perhaps" is neither yes nor no/],
    [{ owner_id: 'Nobody Here' }, /^Owner: there is no user called "Nobody Here"/],
    [{ contact_id: '', city: 'x' }, /^Contact: this is empty/],
  ])('refuses %p before anything is written', async (input, sentence) => {
    expect(sentenceOf(await errorOf(update(input)))).toMatch(sentence);
    expect(writes()).toEqual([]);
  });

  it('says that a contact is gone', async () => {
    expect((await errorOf(update({ contact_id: 'gone', city: 'x' }))).name).toBe('HaltedError');
  });
});
