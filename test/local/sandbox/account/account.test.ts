import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, caller, eventsOf } from '../support/call.ts';

let sandbox: Sandbox;
let call: (method: string, path: string, body?: unknown) => Promise<Answer>;

beforeAll(async () => {
  sandbox = await startSandbox();
  call = caller(sandbox);
});

afterAll(() => sandbox.close());

describe('users', () => {
  const search = (query: string) => call('GET', `/users/search?companyId=${sandbox.companyId}&${query}`);

  test('are found in the own location, without the archived', async () => {
    const { body } = await search('');
    expect((body.users as { name: string }[]).map((user) => user.name)).toEqual([
      'Dana Whitfield',
      'Marcus Boyd',
      'Sofia Lindqvist',
    ]);
    expect(body.count).toBe(3);
    expect((await search('query=boyd')).body.count).toBe(1);
    expect((await search('skip=1&limit=1')).body).toMatchObject({
      users: [{ name: 'Marcus Boyd' }],
      count: 3,
    });
    expect((await search(`ids=${sandbox.seeded.installerId},x`)).body.count).toBe(1);
    expect((await search(`locationId=${sandbox.seeded.other.locationId}`)).status).toBe(403);
  });

  test('need the company', async () => {
    expect((await call('GET', '/users/search')).status).toBe(422);
    expect((await call('GET', '/users/search?companyId=other')).status).toBe(403);
  });

  test('are shown by id, the archived marked', async () => {
    expect((await call('GET', `/users/${sandbox.seeded.installerId}`)).body).toMatchObject({
      firstName: 'Dana',
      deleted: false,
    });
    expect((await call('GET', `/users/${sandbox.seeded.formerUserId}`)).body).toMatchObject({
      deleted: true,
    });
    expect((await call('GET', `/users/${sandbox.seeded.other.userId}`)).status).toBe(400);
  });

  test('are listed by location in v2 only', async () => {
    const path = `/users/?locationId=${sandbox.locationId}`;
    expect((await call('GET', path)).status).toBe(400);
    const old = await caller(sandbox, { version: '2021-07-28' })('GET', path);
    expect(old.body.users).toHaveLength(3);
  });
});

describe('a location', () => {
  test('shows its name and settings, the other one nothing', async () => {
    expect((await call('GET', `/locations/${sandbox.locationId}`)).body.location).toMatchObject({
      name: 'Harbor & Pine Consulting',
      companyId: sandbox.companyId,
      settings: { allowDuplicateContact: false, allowDuplicateOpportunity: false },
    });
    expect((await call('GET', `/locations/${sandbox.seeded.other.locationId}`)).status).toBe(403);
  });

  test('shows contact fields unless a model is named', async () => {
    const path = `/locations/${sandbox.locationId}/customFields`;
    expect((await call('GET', path)).body.customFields).toHaveLength(5);
    expect((await call('GET', `${path}?model=opportunity`)).body.customFields).toHaveLength(12);
    expect((await call('GET', `${path}?model=all`)).body.customFields).toHaveLength(17);
    expect((await call('GET', `${path}?model=deal`)).status).toBe(422);
    const id = sandbox.seeded.customFields['opportunity.plan'];
    expect((await call('GET', `${path}/${id}`)).body.customField).toMatchObject({
      fieldKey: 'opportunity.plan',
      dataType: 'SINGLE_OPTIONS',
      picklistOptions: ['Starter', 'Growth', 'Scale'],
    });
    expect((await call('GET', `${path}/none`)).status).toBe(400);
  });

  test('shows the tags of its contacts', async () => {
    const { body } = await call('GET', `/locations/${sandbox.locationId}/tags`);
    expect((body.tags as { name: string }[]).map((tag) => tag.name)).toContain('vip');
  });
});

test('an opportunity gets a further contact and loses it again', async () => {
  const [opportunityId = ''] = sandbox.seeded.opportunityIds;
  const contactId = sandbox.seeded.contactIds[7];
  const { locationId } = sandbox;
  const body = {
    locationId,
    associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
    firstRecordId: contactId,
    secondRecordId: opportunityId,
  };
  const made = await call('POST', '/associations/relations', body);
  expect(made).toMatchObject({
    status: 201,
    body: { firstRecordId: opportunityId, secondRecordId: contactId },
  });
  expect((await call('POST', '/associations/relations', body)).status).toBe(400);
  const list = `/associations/relations/${opportunityId}?locationId=${locationId}`;
  expect((await call('GET', list)).status).toBe(422);
  expect((await call('GET', `${list}&skip=0&limit=10`)).body.total).toBe(1);
  await call('DELETE', `/associations/relations/${made.body.id}?locationId=${locationId}`);
  expect((await call('GET', `${list}&skip=0&limit=10`)).body.total).toBe(0);
  expect(eventsOf(sandbox)).toEqual(['RelationCreate', 'RelationDelete']);
});
