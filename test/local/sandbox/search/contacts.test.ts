import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { caller } from '../support/call.ts';

interface Row {
  id: string;
  dateAdded: string;
  firstNameLowerCase: string;
  opportunities: { id: string }[];
  searchAfter: (string | number)[];
}

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ rateLimit: { max: 1000, intervalMs: 10_000, daily: 200_000 } });
});

afterAll(() => sandbox.close());

async function search(body: Record<string, unknown>) {
  const answer = await caller(sandbox)('POST', '/contacts/search', {
    locationId: sandbox.locationId,
    ...body,
  });
  return { ...answer, rows: (answer.body.contacts ?? []) as Row[] };
}

const filter = async (field: string, operator: string, value?: unknown): Promise<Row[]> =>
  (await search({ pageLimit: 500, filters: [{ field, operator, value }] })).rows;

test('shows the newest first, in pages, by number and by cursor', async () => {
  const { rows: all, body } = await search({ pageLimit: 100 });
  expect(body.total).toBe(25);
  const dates = all.map((row) => row.dateAdded);
  expect(dates).toEqual([...dates].sort().reverse());
  expect(all[0]?.searchAfter).toEqual([Date.parse(all[0]?.dateAdded ?? ''), all[0]?.id]);

  const second = await search({ pageLimit: 10, page: 2 });
  expect(second.rows.map((row) => row.id)).toEqual(all.slice(10, 20).map((row) => row.id));
  const after = await search({ pageLimit: 10, searchAfter: all[9]?.searchAfter });
  expect(after.rows.map((row) => row.id)).toEqual(second.rows.map((row) => row.id));
});

test('rows have names in lower case only, nulls, and the opportunities', async () => {
  const { rows } = await search({ pageLimit: 1, query: 'amara' });
  expect(rows[0]).toMatchObject({ firstNameLowerCase: 'amara', businessName: null });
  expect(rows[0]).not.toHaveProperty('firstName');
  expect(rows[0]?.opportunities).toHaveLength(2);
});

test.each([
  [{}, 422, 'pageLimit'],
  [{ pageLimit: 501 }, 422, 'pageLimit'],
  [{ pageLimit: 10, limit: 5 }, 422, 'property limit should not exist'],
  [{ pageLimit: 10, page: 1, searchAfter: [1, 'x'] }, 400, 'searchAfter'],
  [{ pageLimit: 500, page: 21 }, 400, 'searchAfter'],
  [{ pageLimit: 10, filters: [{ field: 'first_name', operator: 'eq', value: 'x' }] }, 422, 'first_name'],
  [{ pageLimit: 10, filters: [{ field: 'dateAdded', operator: 'eq', value: 'x' }] }, 422, 'operator eq'],
  [{ pageLimit: 10, sort: [{ field: 'phone', direction: 'asc' }] }, 422, 'sort field'],
])('refuses %j with %i', async (body, status, message) => {
  const answer = await search(body);
  expect(answer.status).toBe(status);
  expect(String(answer.body.message)).toContain(message);
});

test('filters by text, list, emptiness, time and custom field', async () => {
  expect((await filter('firstNameLowerCase', 'eq', 'Bruno')).map((row) => row.firstNameLowerCase)).toEqual([
    'bruno',
  ]);
  expect(await filter('email', 'contains', '@mail')).toHaveLength(23);
  expect(await filter('email', 'not_exists')).toHaveLength(2);
  expect((await filter('tags', 'eq', ['vip'])).length).toBeGreaterThan(0);

  const { rows } = await search({ pageLimit: 100 });
  const middle = rows[12]?.dateAdded;
  expect(await filter('dateAdded', 'range', { gte: middle })).toHaveLength(13);
  expect(await filter('dateAdded', 'range', { gt: middle })).toHaveLength(12);
  expect(await filter('dateAdded', 'range', { low: middle })).toHaveLength(13);

  const accountId = sandbox.seeded.customFields['contact.account_number'];
  expect(await filter(`customFields.${accountId}`, 'eq', 'HP-1003')).toHaveLength(1);
  const either = { group: 'OR', filters: [{ field: 'firstNameLowerCase', operator: 'eq', value: 'bruno' }] };
  either.filters.push({ field: 'firstNameLowerCase', operator: 'eq', value: 'carla' });
  expect((await search({ pageLimit: 10, filters: [either] })).body.total).toBe(2);
});

test('sorts by up to two fields', async () => {
  const { rows } = await search({
    pageLimit: 50,
    sort: [
      { field: 'source', direction: 'asc' },
      { field: 'firstNameLowerCase', direction: 'desc' },
    ],
  });
  const pages = await search({
    pageLimit: 5,
    searchAfter: rows[4]?.searchAfter,
    sort: [
      { field: 'source', direction: 'asc' },
      { field: 'firstNameLowerCase', direction: 'desc' },
    ],
  });
  expect(pages.rows.map((row) => row.id)).toEqual(rows.slice(5, 10).map((row) => row.id));
});
