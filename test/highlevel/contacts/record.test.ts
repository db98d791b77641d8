import { describe, expect, it } from '@jest/globals';
import { notKept } from '../../../highlevel/contacts/writes.ts';
import { scripted } from '../../support/scripted.ts';

const WHOLE = {
  id: 'c1',
  firstName: 'Sam',
  lastName: 'Reed',
  email: 'sam@example.com',
  phone: '+12025550107',
  companyName: 'Harbor Cafe',
  address1: '1 Main St',
  city: 'Portland',
  state: 'OR',
  postalCode: '97201',
  country: 'US',
  website: 'https://example.com',
  dateOfBirth: '1985-06-01',
  dnd: false,
  tags: ['vip'],
  assignedTo: 'u2',
  source: 'Webinar',
  customFields: [{ id: 'f1', value: 'x' }],
  dateAdded: '2026-11-20T14:30:00.000Z',
  dateUpdated: '2026-11-21T14:30:00.000Z',
};

/** A sub-account with two users and two custom fields of contacts. */
const account = (path: string) => {
  if (path.endsWith('/customFields')) {
    return {
      customFields: ['f1', 'f2'].map((id) => ({ id, name: id, model: 'contact', dataType: 'TEXT' })),
    };
  }
  const users = ['u1', 'u2'].map((id) => ({ id, name: `User ${id}`, roles: { locationIds: ['l1'] } }));
  return { users };
};

describe('a contact', () => {
  it('is shown with all that HighLevel has of it', async () => {
    const { highlevel } = scripted(({ path }) => account(path));
    const { url, ...shown } = await highlevel.contacts.present(WHOLE);
    expect(shown).toEqual({
      id: 'c1',
      name: 'Sam Reed',
      first_name: 'Sam',
      last_name: 'Reed',
      email: 'sam@example.com',
      phone: '+12025550107',
      company_name: 'Harbor Cafe',
      address: '1 Main St',
      city: 'Portland',
      state: 'OR',
      postal_code: '97201',
      country: 'US',
      website: 'https://example.com',
      date_of_birth: '1985-06-01',
      do_not_disturb: false,
      tags: ['vip'],
      owner_id: 'u2',
      owner_name: 'User u2',
      source: 'Webinar',
      created_at: '2026-11-20T14:30:00.000Z',
      updated_at: '2026-11-21T14:30:00.000Z',
      custom_fields: { f1: 'x', f2: null },
    });
    expect(url).toMatch(/\/l1\/contacts\/detail\/c1$/);
  });

  it('has null for what is empty or not told, and costs no look at the users where nobody owns it', async () => {
    for (const value of ['', null, undefined]) {
      const empty = Object.fromEntries(
        Object.keys(WHOLE)
          .filter((key) => !['id', 'tags', 'dnd', 'customFields', 'dateAdded', 'dateUpdated'].includes(key))
          .map((key) => [key, value]),
      );
      const { highlevel, asked } = scripted(({ path }) => account(path));
      const {
        id,
        tags,
        custom_fields,
        url: _,
        ...rest
      } = await highlevel.contacts.present({
        id: 'c1',
        ...empty,
      });
      expect({ id, tags, custom_fields }).toEqual({
        id: 'c1',
        tags: [],
        custom_fields: { f1: null, f2: null },
      });
      expect(new Set(Object.values(rest))).toEqual(new Set([null]));
      expect(asked.filter(({ path }) => path.startsWith('/users'))).toEqual([]);
    }
  });

  it('has no more custom fields than its own, and asks for none, where those may not be read', async () => {
    const { highlevel, bundle, asked } = scripted(({ path }) => account(path));
    bundle.authData.scope = 'contacts.readonly';
    const { custom_fields } = await highlevel.contacts.present({ ...WHOLE, assignedTo: null });
    expect(custom_fields).toEqual({ f1: 'x' });
    expect(asked).toEqual([]);
  });

  it('has no owner’s name where HighLevel knows no such user', async () => {
    const { highlevel } = scripted(({ path }) => account(path));
    expect(await highlevel.contacts.present({ id: 'c1', assignedTo: 'u9' })).toMatchObject({
      owner_id: 'u9',
      owner_name: null,
    });
  });
});

describe('the contact of an opportunity', () => {
  const shown = (answer: unknown, contactId: string | null = 'c1', scope = '') => {
    const script = scripted(({ path }) => (path === '/contacts/c1' ? answer : account(path)));
    script.bundle.authData.scope = scope;
    return { contact: script.highlevel.contacts.ofOpportunity(contactId), asked: script.asked };
  };

  it('is shown whole', async () => {
    expect(await shown({ contact: WHOLE }).contact).toMatchObject({ id: 'c1', owner_name: 'User u2' });
  });

  it('is null where it is gone or forbidden, and an error where HighLevel has trouble', async () => {
    expect(await shown({ status: 404, data: {} }).contact).toBeNull();
    expect(await shown({ status: 403, data: {} }).contact).toBeNull();
    await expect(shown({ status: 500, data: {} }).contact).rejects.toThrow(/could not read the contact/);
    await expect(shown({ status: 401, data: {} }).contact).rejects.toMatchObject({
      name: 'RefreshAuthError',
    });
  });

  it('costs nothing where there is none, or it may not be read', async () => {
    for (const { contact, asked } of [
      shown({ contact: WHOLE }, null),
      shown({ contact: WHOLE }, 'c1', 'opportunities.readonly'),
    ]) {
      expect(await contact).toBeNull();
      expect(asked).toEqual([]);
    }
  });
});

describe('what HighLevel did not keep of a contact', () => {
  it.each<[string, object, object, string[]]>([
    ['nothing', { city: 'Portland' }, { city: 'Portland' }, []],
    ['another city', { city: 'Portland' }, { city: 'Salem' }, ['City']],
    ['no city', { city: 'Portland' }, {}, ['City']],
    ['what was not sent', { city: undefined }, { city: 'Salem' }, []],
    ['a custom field', { customFields: [{ id: 'f1', value: 'x' }] }, {}, []],
    ['an email in capitals', { email: 'Sam@Example.com' }, { email: 'sam@example.com' }, []],
    ['a phone number as it writes it', { phone: '(202) 555-0107' }, { phone: '+12025550107' }, []],
    ['a number whose 0 is no part of it', { phone: '030 123456' }, { phone: '+4930123456' }, []],
    ['a number dialed from abroad', { phone: '0032 2 123 45 67' }, { phone: '+3221234567' }, []],
    ['a number with an 8 before the area', { phone: '8 912 345 67 89' }, { phone: '+79123456789' }, []],
    ['a number without its country', { phone: '+3221234567' }, { phone: '02 123 45 67' }, []],
    ['another phone number', { phone: '(202) 555-0107' }, { phone: '+12025550108' }, ['Phone']],
    ['no phone number', { phone: '(202) 555-0107' }, { phone: null }, ['Phone']],
    ['a birthday in ms', { dateOfBirth: '1985-06-01' }, { dateOfBirth: Date.UTC(1985, 5, 1) }, []],
    ['a "no" that is left out', { dnd: false }, {}, []],
    ['a "yes" that is left out', { dnd: true }, { dnd: null }, ['Do Not Disturb']],
    ['the other of yes and no', { dnd: false }, { dnd: true }, ['Do Not Disturb']],
    ['another birthday', { dateOfBirth: '1985-06-01' }, { dateOfBirth: '1985-06-02' }, ['Date of Birth']],
  ])('is %s', (_, change, held, labels) => {
    expect(notKept(change, { id: 'c1', ...held })).toEqual(labels);
  });
});
