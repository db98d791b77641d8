import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, caller } from '../support/call.ts';

const KEY = 'OPPORTUNITIES_CONTACTS_ASSOCIATION';
let sandbox: Sandbox;
let call: (method: string, path: string, body?: unknown) => Promise<Answer>;
beforeAll(async () => {
  sandbox = await startSandbox();
  call = caller(sandbox);
});
afterAll(() => sandbox.close());

test('the association is found by key, by object, by id, and in the list', async () => {
  const at = `locationId=${sandbox.locationId}`;
  const byKey = await call('GET', `/associations/key/${KEY}?${at}`);
  expect(byKey.body).toMatchObject({
    id: KEY,
    key: KEY,
    firstObjectKey: 'opportunity',
    secondObjectKey: 'contact',
    associationType: 'SYSTEM_DEFINED',
  });
  const { traceId, ...record } = byKey.body;
  expect((await call('GET', `/associations/?${at}&skip=0&limit=10`)).body.associations).toEqual([record]);
  expect((await call('GET', `/associations/objectKey/opportunity?${at}`)).body.associations).toEqual([
    record,
  ]);
  expect((await call('GET', '/associations/objectKey/contact')).body.total).toBe(1);
  expect((await call('GET', `/associations/objectKey/business?${at}`)).body.associations).toEqual([]);
  expect((await call('GET', `/associations/${record.id}`)).body).toMatchObject(record);
});

test('what is not there is refused, and so is another location', async () => {
  const at = `locationId=${sandbox.locationId}`;
  expect((await call('GET', `/associations/key/none?${at}`)).status).toBe(400);
  expect((await call('GET', '/associations/none')).status).toBe(400);
  expect((await call('GET', `/associations/?${at}`)).status).toBe(422);
  const elsewhere = `locationId=${sandbox.seeded.other.locationId}`;
  expect((await call('GET', `/associations/key/${KEY}?${elsewhere}`)).status).toBe(403);
});

test('a further contact is in the rows of a search until its relation is deleted', async () => {
  const { locationId } = sandbox;
  const [id = ''] = sandbox.seeded.opportunityIds;
  const secondRecordId = sandbox.seeded.contactIds[9];
  const relations = async () => {
    const filters = [{ field: 'id', operator: 'eq', value: id }];
    const { body } = await call('POST', '/opportunities/search', { locationId, limit: 1, filters });
    return body.opportunities[0].relations as { recordId: string; primary: boolean; relationId: string }[];
  };
  const body = { locationId, associationId: KEY, firstRecordId: id, secondRecordId };
  await call('POST', '/associations/relations', body);
  const further = (await relations()).find(({ primary }) => !primary);
  expect(further).toMatchObject({ recordId: secondRecordId, associationId: KEY });
  await call('DELETE', `/associations/relations/${further?.relationId}?locationId=${locationId}`);
  expect(await relations()).toHaveLength(1);
});

test('an ad that brought the contact is in the rows and in the contact', async () => {
  const contactId = [...sandbox.state.contacts.values()].find((one) => one.attribution?.first.gclid)?.id;
  const { locationId } = sandbox;
  const filters = [{ field: 'contact_id', operator: 'eq', value: contactId }];
  const { body } = await call('POST', '/opportunities/search', { locationId, limit: 1, filters });
  expect(body.opportunities[0].attributions).toMatchObject([
    { isFirst: true, utmSource: 'google', gclid: expect.any(String) },
    { isLast: true, utmSource: 'newsletter' },
  ]);
  expect((await call('GET', `/contacts/${contactId}`)).body.contact).toMatchObject({
    attributionSource: { utmSource: 'google' },
    lastAttributionSource: { utmMedium: 'email' },
  });
});
