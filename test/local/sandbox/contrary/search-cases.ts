import type { ContraryName } from '../../../../local/sandbox/index.ts';
import type { Case, Tools } from './cases.ts';

const firstRow = async (tools: Tools) => (await tools.postSearch()).body.opportunities[0];
const withField = { filters: [{ field: 'status', operator: 'eq', value: 'open' }] };

const refused =
  (status: number, message: RegExp): Case =>
  async ({ getSearch, postSearch }) => {
    const answer = await postSearch();
    expect([answer.status, String(answer.body.message)]).toEqual([status, expect.stringMatching(message)]);
    expect((await getSearch()).status).toBe(200);
  };

const filterRefused =
  (status: number): Case =>
  async ({ postSearch }) => {
    expect((await postSearch(withField)).status).toBe(status);
    expect((await postSearch()).status).toBe(201);
  };

export const searchCases = {
  'text-amounts': async (tools) => {
    const row = await firstRow(tools);
    expect(row.monetaryValue).toMatch(/^\d+\.\d\d$/);
    const { body } = await tools.get(`/opportunities/${row.id}`);
    expect(body.opportunity.monetaryValue).toBe(row.monetaryValue);
  },
  'text-counters': async ({ sandbox, get, getSearch, postSearch }) => {
    expect((await postSearch()).body.total).toBe('30');
    expect((await getSearch('limit=5')).body.meta).toMatchObject({
      total: '30',
      nextPage: '2',
      currentPage: '1',
    });
    const { body } = await get(`/opportunities/pipelines?locationId=${sandbox.locationId}`);
    expect(body.pipelines[0].stages[0]).toMatchObject({ position: '0', stageWinProbability: '10' });
  },
  'custom-fields-object': async (tools) => {
    const { opportunities } = (await tools.getSearch()).body;
    expect(opportunities[0].customFields).toEqual({});
    expect(opportunities[1].customFields).toBeInstanceOf(Array);
  },
  'ms-dates': async (tools) => {
    const { opportunities } = (await tools.postSearch()).body;
    const ms = Date.parse(tools.sandbox.opportunity(opportunities[0].id).createdAt);
    expect(opportunities[0]).toMatchObject({ createdAt: ms, updatedAt: expect.any(Number) });
    expect(opportunities[1].createdAt).toMatch(/^\d{4}-/);
  },
  'row-without-id': async (tools) => {
    const { opportunities } = (await tools.getSearch()).body;
    expect(opportunities[0]).not.toHaveProperty('id');
    expect(opportunities[0]).toHaveProperty('name');
    expect(opportunities[1]).toHaveProperty('id');
  },
  'null-row': async (tools) => {
    const { opportunities } = (await tools.postSearch()).body;
    expect(opportunities[0]).toBeNull();
    expect(opportunities[1]).toHaveProperty('id');
  },
  'boolean-field-value': async (tools) => {
    const { opportunities } = (await tools.postSearch()).body;
    const values = opportunities.flatMap((row: { customFields: object[] }) => row.customFields.slice(0, 1));
    expect(values.length).toBeGreaterThan(5);
    for (const value of values) expect(value).toMatchObject({ type: 'boolean', fieldValueBoolean: true });
  },
  'search-post-400': refused(400, /Bad Request/),
  'search-post-401': refused(401, /IAM Service/),
  'search-post-403': refused(403, /Forbidden/),
  'search-post-404': refused(404, /Cannot POST/),
  'search-post-422': refused(422, /filters/),
  'search-post-removed': refused(400, /API endpoint has been removed/),
  'search-post-wants-page': async ({ postSearch }) => {
    expect(await postSearch()).toMatchObject({
      status: 400,
      body: { message: ['page should not be empty', 'page must be a number'] },
    });
    const { body, status } = await postSearch({ page: 2, limit: 3 });
    expect([status, body.opportunities.length]).toEqual([201, 3]);
    expect((await postSearch({ page: 1, searchAfter: [1, 'a'] })).status).toBe(400);
  },
  'search-filter-400': filterRefused(400),
  'search-filter-422': filterRefused(422),
  'search-without-fields': async ({ getSearch, postSearch }) => {
    for (const { body } of [await getSearch(), await postSearch()]) {
      for (const row of body.opportunities) expect(row.customFields).toEqual([]);
    }
  },
  'search-get-without-fields': async ({ getSearch, postSearch }) => {
    for (const row of (await getSearch()).body.opportunities) expect(row.customFields).toEqual([]);
    const rows = (await postSearch()).body.opportunities as { customFields: unknown[] }[];
    expect(rows.some(({ customFields }) => customFields.length > 0)).toBe(true);
  },
  'search-without-meta': async ({ getSearch }) => {
    const { body } = await getSearch('limit=10');
    expect(body.opportunities).toHaveLength(10);
    expect(body).not.toHaveProperty('meta');
  },
  'search-ignores-order': async ({ sandbox, getSearch }) => {
    const oldest = sandbox.seeded.opportunityIds.at(-1);
    expect((await getSearch('order=added_desc')).body.opportunities[0].id).toBe(oldest);
  },
  'search-index-late': async ({ sandbox, get, send, postSearch, newOpportunity }) => {
    const { opportunity } = (await send('POST', '/opportunities/', await newOpportunity())).body;
    const total = async () => (await postSearch()).body.total;
    const before = await total();
    expect((await get(`/opportunities/${opportunity.id}`)).status).toBe(200);
    sandbox.moveClock({ by: 59_000 });
    expect(await total()).toBe(before);
    sandbox.moveClock({ by: 1_001 });
    expect(await total()).toBe(before + 1);
  },
} satisfies Partial<Record<ContraryName, Case>>;
