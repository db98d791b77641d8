import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, caller, eventsOf } from '../support/call.ts';

let sandbox: Sandbox;
let call: (method: string, path: string, body?: unknown) => Promise<Answer>;
let locationId: string;

beforeEach(async () => {
  sandbox = await startSandbox({ seed: 1 });
  locationId = sandbox.locationId;
  call = caller(sandbox);
});

afterEach(() => sandbox.close());

async function created(fields: Record<string, unknown>): Promise<string> {
  const { body } = await call('POST', '/contacts/', { locationId, ...fields });
  return String((body.contact as { id: string }).id);
}

describe('a contact', () => {
  test('is created, read, changed and deleted, and each sends its event', async () => {
    const made = await call('POST', '/contacts/', {
      locationId,
      name: 'Ada Byron King',
      email: 'Ada@Example.com',
      phone: '+1 (415) 555-0100',
      tags: ['VIP', 'vip'],
      companyName: 'Engines',
      city: 'London',
      customFields: [{ key: 'account_number', fieldValue: 'A-1' }],
    });
    expect(made.status).toBe(201);
    expect(made.body.contact).toMatchObject({
      firstName: 'Ada',
      lastName: 'Byron King',
      email: 'Ada@Example.com',
      phone: '+14155550100',
      tags: ['vip'],
      city: 'London',
      customFields: [{ id: sandbox.seeded.customFields['contact.account_number'], value: 'A-1' }],
    });
    const { id } = made.body.contact as { id: string };

    const changed = await call('PUT', `/contacts/${id}`, { firstName: 'Augusta', source: '' });
    expect(changed.body).toMatchObject({
      succeded: true,
      contact: { firstName: 'Augusta', companyName: 'Engines' },
    });

    await call('DELETE', `/contacts/${id}`);
    const gone = await call('GET', `/contacts/${id}`);
    expect(gone).toMatchObject({
      status: 400,
      body: { message: `Contact not found for id:${id}`, error: 'Bad Request', statusCode: 400 },
    });
    expect(eventsOf(sandbox)).toEqual(['ContactCreate', 'ContactUpdate', 'ContactDelete']);
  });

  test.each([
    [{ email: '' }, 'email must be an email'],
    [{ additionalEmails: [] }, 'property additionalEmails should not exist'],
  ])('with %j is refused with a list', async (fields, message) => {
    const { status, body } = await call('POST', '/contacts/', { locationId, ...fields });
    expect(status).toBe(422);
    expect(body.message).toContain(message);
  });

  test('of the same email or phone is refused with the id of the first', async () => {
    const id = await created({ firstName: 'Ada', email: 'ada@example.com', phone: '+14155550100' });
    const again = await call('POST', '/contacts/', { locationId, email: 'ADA@example.com' });
    expect(again).toMatchObject({
      status: 400,
      body: {
        message: 'This location does not allow duplicated contacts.',
        meta: { contactId: id, contactName: 'Ada', matchingField: 'email' },
      },
    });
    const byPhone = await call('POST', '/contacts/', { locationId, phone: '(415) 555-0100' });
    expect(byPhone.body.meta).toMatchObject({ contactId: id, matchingField: 'phone' });

    const location = sandbox.state.locations.get(locationId);
    if (location !== undefined) location.settings.allowDuplicateContact = true;
    expect((await call('POST', '/contacts/', { locationId, email: 'ada@example.com' })).status).toBe(201);
  });

  test('of another location is out of reach', async () => {
    const { other } = sandbox.seeded;
    expect((await call('GET', `/contacts/${other.contactId}`)).status).toBe(403);
    expect((await call('POST', '/contacts/', { locationId: other.locationId, firstName: 'X' })).status).toBe(
      403,
    );
  });

  test('takes its opportunities along when it is deleted', async () => {
    const opportunityId = sandbox.seeded.opportunityIds[0] ?? '';
    const contactId = sandbox.state.opportunities.get(opportunityId)?.contactId;
    await call('DELETE', `/contacts/${contactId}`);
    expect(
      [...sandbox.state.opportunities.values()].some((opportunity) => opportunity.contactId === contactId),
    ).toBe(false);
    const found = await call('POST', '/opportunities/search', { locationId, limit: 100 });
    expect(
      (found.body.opportunities as { contactId: string }[]).some((row) => row.contactId === contactId),
    ).toBe(false);
  });

  test('shares its owner with its opportunities', async () => {
    const opportunityId = sandbox.seeded.opportunityIds[1] ?? '';
    const userId = sandbox.seeded.users['Sofia Lindqvist'];
    const contactId = sandbox.state.opportunities.get(opportunityId)?.contactId;
    await call('PUT', `/contacts/${contactId}`, { assignedTo: userId });
    expect(sandbox.state.opportunities.get(opportunityId)?.assignedTo).toBe(userId);
    expect(eventsOf(sandbox)).toContain('OpportunityAssignedToUpdate');
    const refused = await call('PUT', `/contacts/${contactId}`, { assignedTo: sandbox.seeded.formerUserId });
    expect(refused.status).toBe(400);
  });
});

describe('upsert', () => {
  test('makes a new contact, then changes it; tags overwrite', async () => {
    const first = await call('POST', '/contacts/upsert', {
      locationId,
      email: 'a@b.com',
      tags: ['one'],
      gender: 'f',
    });
    expect(first.body).toMatchObject({ new: true, succeded: true, contact: { tags: ['one'], gender: 'f' } });
    const second = await call('POST', '/contacts/upsert', {
      locationId,
      email: 'a@b.com',
      phone: '+14155550111',
      tags: ['two'],
      gender: 'm',
    });
    expect(second.body).toMatchObject({
      new: false,
      contact: { tags: ['two'], phone: '+14155550111', gender: 'f' },
    });
    expect((await call('POST', '/contacts/upsert', { locationId, firstName: 'X' })).status).toBe(400);
  });

  test('takes email before phone, and leaves the phone to the contact that has it', async () => {
    const byPhone = await created({ phone: '+14155550100' });
    const byEmail = await created({ email: 'a@b.com' });
    const { body } = await call('POST', '/contacts/upsert', {
      locationId,
      email: 'a@b.com',
      phone: '+14155550100',
      lastName: 'New',
    });
    expect(body).toMatchObject({ new: false, contact: { id: byEmail, lastName: 'New' } });
    expect(sandbox.state.contacts.get(byEmail)?.phone).toBeNull();
    expect(sandbox.state.contacts.get(byPhone)?.phone).toBe('+14155550100');
  });

  test('doubles only where the location allows it and the call asks for it', async () => {
    await created({ email: 'a@b.com' });
    const body = { locationId, email: 'a@b.com', createNewIfDuplicateAllowed: true };
    expect((await call('POST', '/contacts/upsert', body)).body.new).toBe(false);
    const location = sandbox.state.locations.get(locationId);
    if (location !== undefined) location.settings.allowDuplicateContact = true;
    expect((await call('POST', '/contacts/upsert', body)).body.new).toBe(true);
  });
});

test('the exact find gives one contact or null', async () => {
  const id = await created({ email: 'plus+sign@b.com', phone: '+14155550100' });
  const find = (query: string) => call('GET', `/contacts/search/duplicate?locationId=${locationId}&${query}`);
  expect((await find('email=plus%2Bsign%40b.com')).body.contact).toMatchObject({ id });
  expect((await find('number=%2B14155550100')).body.contact).toMatchObject({ id });
  expect((await find('email=none%40b.com')).body.contact).toBeNull();
});

test('tags are added and removed one by one', async () => {
  const id = await created({ email: 'a@b.com', tags: ['one'] });
  expect(await call('POST', `/contacts/${id}/tags`, { tags: ['Two'] })).toMatchObject({
    status: 201,
    body: { tags: ['one', 'two'] },
  });
  expect((await call('DELETE', `/contacts/${id}/tags`, { tags: ['one'] })).body.tags).toEqual(['two']);
  expect(eventsOf(sandbox)).toEqual(['ContactCreate', 'ContactTagUpdate', 'ContactTagUpdate']);
});
