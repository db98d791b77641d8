import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { contactSample } from '../../fields/outputs/contact.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  create_or_update_contact: {
    live: ['Test it with an email that exists', 'that contact changed, and no second one is there'],
    runs: (sandbox) => {
      const { customFields, owner } = idsOf(sandbox);
      const key = (name: string) => `custom_field_${customFields[`contact.${name}`]}`;
      const inputData = {
        email: 'kim@example.com',
        phone: '+12025550199',
        first_name: 'Kim',
        last_name: 'Reed',
        name: 'Kim Reed',
        company_name: 'Harbor Cafe',
        tags: ['newsletter', 'cafe'],
        owner_id: owner,
        source: 'Webinar',
        find_contact_by: 'either',
        [key('account_number')]: '4711',
        [key('customer_since')]: '2024-02-29',
        [key('preferred_channel')]: 'Email',
        [key('interests')]: ['Website', 'Ads'],
      };
      return {
        all: [{ inputData }, { inputData: { first_name: 'Zoe' } }],
        least: [{ inputData: { email: 'lee@example.com' } }],
      };
    },
    example: () => ({ email: 'new.person@example.com', first_name: 'New' }),
  },
};

const PERFORM = 'creates.create_or_update_contact.operation.perform';

describe('create_or_update_contact', () => {
  let connection: Connection;
  let count = 0;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 20,
      ...AMPLE,
    });
    await connection.run('creates.create_or_update_contact.operation.inputFields');
    await connection.run('triggers.user_list.operation.perform');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    count = connection.sandbox.state.contacts.size;
    connection.requests();
  });
  afterEach(() => connection.sandbox.clearFaults());

  const save = (input: Record<string, unknown>) => connection.run<Record<string, unknown>>(PERFORM, input);
  const contacts = () => [...connection.sandbox.state.contacts.values()];
  const bodyOf = (path: string) => connection.sandbox.requests().findLast((one) => one.path === path)?.body;
  const made = () => contacts().length - count;

  it('says that it created the contact, where the answer of an earlier run was lost', async () => {
    const person = { email: 'kim@lost.example', first_name: 'Kim' };
    connection.sandbox.fault({ method: 'POST', path: '/contacts/upsert', cut: true, when: 'after' });
    await errorOf(save(person));
    expect(await save(person)).toMatchObject({ email: 'kim@lost.example', was_created: true });
    expect(await save(person)).toMatchObject({ was_created: false });
    expect(made()).toBe(1);
  });

  it('says so of one with a phone number too, whom the second run finds as it was sent', async () => {
    const person = { email: 'both@lost.example', phone: '+12025550166', first_name: 'Kim' };
    connection.sandbox.fault({ method: 'POST', path: '/contacts/upsert', cut: true, when: 'after' });
    await errorOf(save(person));
    expect(await save(person)).toMatchObject({ email: 'both@lost.example', was_created: true });
    expect(await save(person)).toMatchObject({ was_created: false });
    const other = { ...person, email: 'other@lost.example', phone: '+12025550167', tags: ['x'] };
    connection.sandbox.fault({ method: 'POST', path: '/contacts/*', skip: 1, status: 429, body: {} });
    expect((await errorOf(save(other))).name).toBe('ThrottledError');
    expect(await save(other)).toMatchObject({ tags: ['x'], was_created: true });
    expect(await save(other)).toMatchObject({ was_created: false });
    expect(made()).toBe(2);
  });

  it('does not make a second one of a name alone, where the tags were throttled and the search runs behind', async () => {
    const person = { first_name: 'Zoe', last_name: 'Throttled', tags: ['x'] };
    connection.sandbox.setSettings({ searchLagMs: 60_000 });
    connection.sandbox.fault({ method: 'POST', path: '/contacts/*', skip: 1, status: 429, body: {} });
    expect((await errorOf(save(person))).name).toBe('ThrottledError');
    expect(await save(person)).toMatchObject({ first_name: 'Zoe', tags: ['x'], was_created: true });
    expect(made()).toBe(1);
    await save(person);
    expect(made()).toBe(2);
    connection.sandbox.setSettings({ searchLagMs: 0 });
  });

  it.each([
    ['/contacts/upsert', { email: 'bare@new.example' }],
    ['/contacts/', { last_name: 'Bare' }],
  ])('shows whom it saved where the answer of %s names the ID alone', async (path, person) => {
    const [{ id } = { id: '' }] = contacts();
    const body = { new: true, contact: { id } };
    connection.sandbox.fault({ method: 'POST', path, status: 201, body });
    const held = connection.sandbox.state.contacts.get(id);
    expect(await save({ ...person, first_name: 'Ada' })).toMatchObject({
      id,
      first_name: held?.firstName,
      email: held?.email,
    });
    connection.sandbox.fault({ method: 'POST', path, status: 201, body });
    connection.sandbox.fault({ method: 'GET', path: `/contacts/${id}`, status: 500, body: {}, times: 9 });
    expect(await save({ ...person, first_name: 'Ada' })).toMatchObject({ id, first_name: 'Ada', ...person });
  });

  it('does not say so of a contact that was there before that run', async () => {
    const person = { email: 'old@lost.example' };
    const { id } = await save(person);
    const old = connection.sandbox.state.contacts.get(String(id));
    if (old) old.dateAdded = new Date(Date.now() - 3_600_000).toISOString();
    connection.sandbox.fault({ method: 'POST', path: '/contacts/upsert', cut: true, when: 'after' });
    await errorOf(save(person));
    expect(await save(person)).toMatchObject({ id, was_created: false });
  });

  it('creates a contact, sending only what was set', async () => {
    const result = await save({
      email: 'sam@new.example',
      first_name: 'Sam',
      last_name: '',
      phone: null,
      tags: [],
      owner_id: ' ',
      test_mode: 'false',
    });
    expect(bodyOf('/contacts/upsert')).toEqual({
      locationId: connection.sandbox.locationId,
      email: 'sam@new.example',
      firstName: 'Sam',
    });
    expect(connection.requests()).toEqual(['POST /contacts/upsert']);
    expect(made()).toBe(1);
    expect(result).toMatchObject({
      first_name: 'Sam',
      last_name: null,
      name: 'Sam',
      email: 'sam@new.example',
      phone: null,
      tags: [],
      owner_name: null,
      was_created: true,
      is_test: false,
      url: `https://app.gohighlevel.com/v2/location/${connection.sandbox.locationId}/contacts/detail/${result.id}`,
    });
    expect(Object.keys(result).sort()).toEqual([...Object.keys(contactSample), 'notice', 'is_test'].sort());
  });

  it('updates the one who has the email address, and adds tags to those there are', async () => {
    const before = contacts().find(({ email, tags }) => email && tags.length > 0);
    const { users, customFields } = connection.sandbox.seeded;
    const [ownerName = '', ownerId] = Object.entries(users)[1] ?? [];
    const result = await save({
      email: before?.email?.toUpperCase(),
      company_name: 'Harbor Cafe',
      source: 'Webinar',
      owner_id: ownerName.toUpperCase(),
      tags: ['Hot Lead', 'zapier, hot lead'],
      [`custom_field_${customFields['contact.account_number']}`]: 4711,
      [`custom_field_${customFields['contact.interests']}`]: 'ads',
    });
    expect(made()).toBe(0);
    expect(bodyOf('/contacts/upsert')).not.toHaveProperty('tags');
    expect(bodyOf('/contacts/upsert')).toMatchObject({
      customFields: [
        { id: customFields['contact.account_number'], fieldValue: '4711' },
        { id: customFields['contact.interests'], fieldValue: ['Ads'] },
      ],
    });
    expect(connection.requests()).toEqual(['POST /contacts/upsert', `POST /contacts/${before?.id}/tags`]);
    expect(result).toMatchObject({
      id: before?.id,
      first_name: before?.firstName,
      company_name: 'Harbor Cafe',
      source: 'Webinar',
      owner_id: ownerId,
      owner_name: ownerName,
      tags: [...(before?.tags ?? []), 'hot lead', 'zapier'],
      was_created: false,
    });
    expect(result.custom_fields).toMatchObject({
      [customFields['contact.account_number'] ?? '']: '4711',
      [customFields['contact.interests'] ?? '']: ['Ads'],
    });
  });

  it('makes one contact of the same Zap run twice', async () => {
    const first = await save({ phone: '+12025550199', name: 'Ana Maria de Souza', tags: 'new' });
    const second = await save({ phone: '+1 (202) 555-0199', name: 'Ana Maria de Souza', tags: 'new' });
    expect(made()).toBe(1);
    expect(first).toMatchObject({ first_name: 'Ana', last_name: 'Maria de Souza', was_created: true });
    expect(second).toEqual({ ...first, was_created: false, updated_at: expect.any(String) });
  });

  it.each([
    ['Lee, Ann', 'Ann', 'Lee'],
    ['Reed,Sam Jo', 'Sam Jo', 'Reed'],
    ['Acme, Inc.', 'Acme,', 'Inc.'],
    ['Ann Lee, MD', 'Ann', 'Lee, MD'],
    ['Lee, Ann, PhD', 'Ann', 'Lee, PhD'],
    ['van der Berg, Jan', 'Jan', 'van der Berg'],
    ['De La Cruz, Ana Maria', 'Ana Maria', 'De La Cruz'],
    ['Harbor Cafe, Portland', 'Harbor', 'Cafe, Portland'],
    ['Dr. Ann Lee', 'Dr. Ann', 'Lee'],
    ['Prof. Dr. Ann Lee', 'Prof. Dr. Ann', 'Lee'],
    ['Dr. Lee', 'Dr.', 'Lee'],
    ['Ana  Maria\nde Souza', 'Ana', 'Maria de Souza'],
    ['Drew Lee', 'Drew', 'Lee'],
  ])('splits the full name %s', async (name, first_name, last_name) => {
    expect(await save({ email: 'full@new.example', name, test_mode: 'yes' })).toMatchObject({
      first_name,
      last_name,
    });
  });

  it('prefers the names that are split', async () => {
    const result = await save({ email: 'split@new.example', last_name: 'Reed', name: 'Somebody Else' });
    expect(result).toMatchObject({ first_name: null, last_name: 'Reed', name: 'Reed' });
  });

  it('makes a contact of somebody without email and phone, each time', async () => {
    const input = { name: 'Zoe Walkin', phone: '', email: null };
    expect(await save({ ...input, test_mode: 'yes' })).toMatchObject({ was_created: true, is_test: true });
    expect(made()).toBe(0);
    expect(await save(input)).toMatchObject({ name: 'Zoe Walkin', email: null, was_created: true });
    expect(connection.requests().filter((request) => request.startsWith('POST'))).toEqual([
      'POST /contacts/',
    ]);
    await save(input);
    expect(made()).toBe(2);
  });

  it('says so where HighLevel takes nobody without email and phone', async () => {
    const body = { statusCode: 422, message: ['email or phone should not be empty'] };
    connection.sandbox.fault({ method: 'POST', path: '/contacts/', status: 422, body });
    const error = await errorOf(save({ first_name: 'Zoe' }));
    expect(sentenceOf(error)).toMatch(/could not create the contact: .*should not be empty/);
  });

  describe('where two people share a phone number', () => {
    const phone = '+12025550188';
    const anna = { email: 'anna@family.example', phone, first_name: 'Anna' };
    const ben = { email: 'ben@family.example', phone, first_name: 'Ben' };
    const named = (name: string) => contacts().filter(({ firstName }) => firstName === name);
    beforeEach(async () => {
      for (const { id, phone: held } of contacts()) {
        if (held === phone) connection.sandbox.state.contacts.delete(id);
      }
      await save(anna);
      connection.requests();
    });

    it('says who was changed', async () => {
      const result = await save(ben);
      expect(result).toMatchObject({
        email: 'ben@family.example',
        was_created: false,
        notice:
          'Phone: the contact "Anna" (anna@family.example) had this number, and was changed by this step. To change nobody by a phone number, choose "Email Only" under "Find the Contact By".',
      });
    });

    it('changes nobody by the phone number, where only the email is to count', async () => {
      const expected = {
        email: 'ben@family.example',
        phone: null,
        was_created: true,
        notice: 'Phone: it was left out, because the contact "Anna" (anna@family.example) has this number.',
      };
      const input = { ...ben, find_contact_by: 'Email Only' };
      expect(await save({ ...input, test_mode: 'yes' })).toMatchObject(expected);
      expect(await save(input)).toMatchObject(expected);
      expect(named('Anna')).toMatchObject([{ email: 'anna@family.example', phone }]);
    });

    it('says what else HighLevel did not keep, and nothing of what its answer leaves out', async () => {
      const contact = { id: 'c1', email: anna.email, phone: null, source: 'Fair' };
      const body = { new: false, contact };
      connection.sandbox.fault({ method: 'POST', path: '/contacts/upsert', status: 200, body, times: 1 });
      const sent = { phone: '+12025550188', source: 'Webinar', company_name: 'Harbor Cafe' };
      expect((await save(sent)).notice).toBe('HighLevel did not keep what was sent for: Phone, Source.');
    });

    it('has nothing to say of one and the same person', async () => {
      expect(await save({ ...anna, email: 'ANNA@family.example' })).toMatchObject({
        was_created: false,
        notice: null,
      });
      expect(await save({ email: 'cleo@family.example', phone: '+12025550177' })).toMatchObject({
        was_created: true,
        notice: null,
      });
    });
  });

  it.each([
    [
      'nothing at all',
      { first_name: ' ', email: ' ', phone: '' },
      /^Email, Phone, First Name, Last Name: all are empty/,
    ],
    [
      'a bad phone number',
      { phone: 'TBD' },
      /^Phone: "TBD" is not a phone number\. Write it with the country/,
    ],
    ['a phone number with words', { phone: '+1 202 555 0107 ext. 12' }, /^Phone: .* is not a phone number/],
    ['half a phone number', { phone: '555-01' }, /^Phone: "555-01" is not a phone number/],
    ['a bad email address', { email: 'sam at home' }, /^Email: "sam at home" is not an email address/],
    ['an unknown owner', { email: 'a@new.example', owner_id: 'Nobody' }, /^Owner: there is no user called/],
    ['a bad yes or no', { email: 'a@new.example', test_mode: 'perhaps' }, /^Test Mode: "perhaps" is neither/],
  ])('stops at %s, and writes nothing', async (_, input, sentence) => {
    const error = await errorOf(save(input));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(connection.requests().filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  it('stops at a choice that the contact’s field does not have', async () => {
    const id = connection.sandbox.seeded.customFields['contact.preferred_channel'];
    const error = await errorOf(save({ email: 'a@new.example', [`custom_field_${id}`]: 'Fax' }));
    expect(sentenceOf(error)).toMatch(/^Preferred Channel: "Fax" is not one of the choices/);
    expect(made()).toBe(0);
  });

  it('says what was saved and what was not, when the tags cannot be added', async () => {
    connection.sandbox.fault({
      method: 'POST',
      path: '/contacts/*',
      skip: 1,
      status: 422,
      body: { statusCode: 422, message: ['each value in tags must be shorter'] },
    });
    const error = await errorOf(save({ email: 'half@new.example', tags: ['x'] }));
    const id = contacts().at(-1)?.id;
    expect(made()).toBe(1);
    expect(sentenceOf(error)).toMatch(
      /^The contact was created \(https:.*\), but its tags could not be added: each value in tags must be shorter\. .*replay this step/,
    );
    expect(sentenceOf(error)).toContain(String(id));
    expect(await save({ email: 'half@new.example', tags: ['x'] })).toMatchObject({ id, tags: ['x'] });
  });

  it('says that a contact was updated, and that HighLevel gave no reason', async () => {
    await save({ email: 'half@new.example' });
    connection.sandbox.fault({ method: 'POST', path: '/contacts/*', skip: 1, status: 422, body: {} });
    const error = await errorOf(save({ email: 'half@new.example', tags: ['x'] }));
    expect(sentenceOf(error)).toMatch(
      /^The contact was updated \(https:.*\), but its tags could not be added: HighLevel gave no reason\. Add them/,
    );
  });

  it('lets Zapier repeat the step when the tags come too fast', async () => {
    connection.sandbox.fault({ method: 'POST', path: '/contacts/*', skip: 1, status: 429, body: {} });
    const error = await errorOf(save({ email: 'fast@new.example', tags: ['x'] }));
    expect(error.name).toBe('ThrottledError');
    expect(await save({ email: 'fast@new.example', tags: ['x'] })).toMatchObject({ tags: ['x'] });
    expect(made()).toBe(1);
  });

  it('saves a contact with email and phone though contacts may not be read, unless the phone decides', async () => {
    const { authData } = connection;
    const person = (number: number) => ({
      email: `kim${number}@unread.example`,
      phone: `+1202555014${number}`,
    });
    const bundle = { authData: { ...authData, scope: 'contacts.write' } };
    expect(await connection.run(PERFORM, person(1), { bundle })).toMatchObject({
      ...person(1),
      was_created: true,
    });
    const path = '/contacts/search/duplicate';
    const refused = { status: 403, body: { message: 'The token does not have access to this location' } };
    connection.sandbox.fault({ method: 'GET', path, ...refused });
    expect(await save(person(2))).toMatchObject({ ...person(2), was_created: true });
    connection.sandbox.fault({ method: 'GET', path, ...refused });
    const byEmail = { ...person(3), find_contact_by: 'email' };
    expect(sentenceOf(await errorOf(save(byEmail)))).toMatch(/could not look the contact up/);
    const error = await errorOf(connection.run(PERFORM, byEmail, { bundle }));
    expect(sentenceOf(error)).toContain('(contacts.readonly) was not granted');
    expect(made()).toBe(2);
  });

  it('asks for the permission first', async () => {
    const bundle = { authData: { ...connection.authData, scope: 'contacts.readonly' } };
    const error = await errorOf(connection.run(PERFORM, { email: 'a@new.example' }, { bundle }));
    expect(sentenceOf(error)).toContain('(contacts.write) was not granted');
    expect(connection.requests()).toEqual([]);
  });

  describe('in Test Mode', () => {
    it('shows the contact that would be made', async () => {
      const result = await save({
        email: 'test@new.example',
        name: 'Sam Reed',
        tags: 'a',
        test_mode: 'true',
      });
      expect(result).toMatchObject({
        id: 'test-mode-nothing-saved',
        name: 'Sam Reed',
        first_name: 'Sam',
        email: 'test@new.example',
        tags: ['a'],
        url: null,
        was_created: true,
        is_test: true,
      });
      expect(Object.keys(result).sort()).toEqual([...Object.keys(contactSample), 'notice', 'is_test'].sort());
      expect(made()).toBe(0);
      expect(connection.requests()).toEqual(['GET /contacts/search/duplicate']);
    });

    it('shows the contact that would be changed as it would then be', async () => {
      const before = contacts().find(({ phone, tags, customFields }) => phone && tags[0] && customFields[0]);
      const id = connection.sandbox.seeded.customFields['contact.account_number'] ?? '';
      const result = await save({
        phone: before?.phone,
        last_name: 'Changed',
        tags: [before?.tags[0], 'b'],
        [`custom_field_${id}`]: 'new',
        test_mode: true,
      });
      expect(result).toMatchObject({
        id: before?.id,
        first_name: before?.firstName,
        last_name: 'Changed',
        tags: [...(before?.tags ?? []), 'b'],
        was_created: false,
        is_test: true,
      });
      expect(result.custom_fields).toMatchObject({ [id]: 'new' });
      expect(connection.sandbox.state.contacts.get(before?.id ?? '')).toEqual(before);
    });
  });
});
