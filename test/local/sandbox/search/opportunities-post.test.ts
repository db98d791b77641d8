import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { call } from '../support/call.ts';

describe('POST /opportunities/search', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({
      opportunities: 60,
      rateLimit: { max: 1000, intervalMs: 10_000, daily: 200_000 },
    });
  });
  afterAll(() => sandbox.close());

  const search = (body: object = {}, version = 'v3') =>
    call(sandbox, 'POST', '/opportunities/search', {
      version,
      body: { locationId: sandbox.locationId, limit: 100, ...body },
    });
  const filter = (field: string, operator: string, value?: unknown) =>
    search({ filters: [{ field, operator, value }] });
  const total = async (field: string, operator: string, value?: unknown) => {
    const { status, body } = await filter(field, operator, value);
    expect(status).toBe(201);
    return body.total as number;
  };
  const opportunities = () =>
    [...sandbox.state.opportunities.values()].filter((one) => one.locationId === sandbox.locationId);

  it('answers 201 with total and no meta', async () => {
    const { status, body } = await search();
    expect([status, body.total, body.opportunities.length]).toEqual([201, 60, 60]);
    expect(body).not.toHaveProperty('meta');
  });

  it('takes the body as the spec marks it required, and the cursor only in place of a page', async () => {
    const spec = {
      query: '',
      page: 1,
      searchAfter: [],
      additionalDetails: { notes: false, tasks: false, calendarEvents: false, unReadConversations: false },
    };
    expect((await search(spec)).status).toBe(201);
    expect((await search({ ...spec, searchAfter: [1, 'x'] })).status).toBe(400);
    expect((await search({ colour: 'red' })).body.message).toEqual(['property colour should not exist']);
  });

  it.each([0, 501, 1.5, undefined])('refuses a limit of %s', async (limit) => {
    expect((await search({ limit })).status).toBe(422);
  });

  it('pages from 1, and 0 is the same page', async () => {
    const page = async (number: number) =>
      (await search({ limit: 10, page: number })).body.opportunities[0].id;
    expect(await page(0)).toBe(await page(1));
    expect(await page(2)).not.toBe(await page(1));
  });

  it.each([
    [[{ field: 'date_updated', direction: 'desc' }]],
    [[{ field: 'monetary_value', direction: 'asc' }]],
    [
      [
        { field: 'monetary_value', direction: 'desc' },
        { field: 'date_added', direction: 'asc' },
      ],
    ],
  ])('walks every row once by the last row’s sort: %j', async (sort) => {
    const seen: string[] = [];
    let searchAfter: unknown[] = [];
    for (;;) {
      const { body } = await search({ sort, limit: 7, searchAfter });
      if (body.opportunities.length === 0) break;
      seen.push(...body.opportunities.map(({ id }: { id: string }) => id));
      searchAfter = body.opportunities.at(-1).sort;
      expect(searchAfter).toHaveLength(sort.length + 1);
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
  });

  it('sorts and filters by the date of change, as ISO text or ms', async () => {
    const since = sandbox.context.now() - 20 * 86_400_000;
    const wanted = opportunities().filter((one) => Date.parse(one.updatedAt) >= since).length;
    expect(await total('date_updated', 'range', { gte: new Date(since).toISOString() })).toBe(wanted);
    expect(await total('date_updated', 'range', { gte: since })).toBe(wanted);
    const { body } = await search({ sort: [{ field: 'date_updated', direction: 'desc' }] });
    const dates = body.opportunities.map((one: { updatedAt: string }) => one.updatedAt);
    expect(dates).toEqual([...dates].sort().reverse());
  });

  it('filters ids by one value or several, and by absence', async () => {
    const open = opportunities().filter((one) => one.status === 'open').length;
    expect(await total('status', 'eq', ['open'])).toBe(open);
    expect(await total('status', 'eq', 'open')).toBe(open);
    expect(await total('status', 'not_eq', ['open'])).toBe(60 - open);
    const unowned = opportunities().filter((one) => one.assignedTo === null).length;
    expect(unowned).toBeGreaterThan(0);
    expect(await total('assigned_to', 'not_exists')).toBe(unowned);
    expect(await total('assigned_to', 'exists')).toBe(60 - unowned);
  });

  it('finds nothing, without an error, where a value has the wrong shape', async () => {
    const [one] = opportunities();
    const word = one?.name.slice(0, 5) ?? '';
    expect(await total('name', 'contains', word)).toBeGreaterThan(0);
    expect(await total('name', 'contains', [word])).toBe(0);
    expect(await total('monetary_value', 'eq', String(one?.monetaryValue))).toBe(0);
    expect(await total('date_updated', 'range', '2020-01-01')).toBe(0);
    expect(await total('date_updated', 'range', { low: 1 })).toBe(0);
    expect(await total('pipeline_id', 'eq', { id: one?.pipelineId })).toBe(0);
  });

  it('wants a list of whole values for the source', async () => {
    const some = opportunities().filter((one) => one.source === 'Website').length;
    expect(await total('source', 'eq', ['Website'])).toBe(some);
    expect(await total('source', 'contains', ['Website'])).toBe(some);
    expect(await total('source', 'contains', ['Web'])).toBe(0);
    expect((await filter('source', 'eq', 'Website')).status).toBe(400);
  });

  it.each([
    ['monetary_value', 'gt', 5],
    ['colour', 'eq', 'red'],
    ['date_updated', 'eq', '2026-01-01'],
    ['name', 'contains', 'x'.repeat(76)],
  ])('refuses %s %s', async (field, operator, value) => {
    expect((await filter(field, operator, value)).status).toBe(422);
  });

  it('joins filters by AND and OR, within each other', async () => {
    const price = { field: 'monetary_value', operator: 'range', value: { gt: 3000, lte: 9000 } };
    const won = { field: 'status', operator: 'eq', value: ['won'] };
    const lost = { field: 'status', operator: 'eq', value: ['lost'] };
    const either = { group: 'OR', filters: [won, lost] };
    const { body } = await search({ filters: [{ group: 'AND', filters: [price, either] }] });
    const wanted = opportunities().filter(
      (one) => one.monetaryValue > 3000 && one.monetaryValue <= 9000 && ['won', 'lost'].includes(one.status),
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(body.total).toBe(wanted.length);
  });

  it('filters by the contact and by custom fields', async () => {
    const [row] = (await search()).body.opportunities;
    expect(await total('email', 'eq', row.contact.email)).toBeGreaterThan(0);
    expect(await total('contact_name', 'contains', row.contact.name.slice(0, 4))).toBeGreaterThan(0);
    const id = sandbox.seeded.customFields['opportunity.external_id'] ?? '';
    const value = opportunities()
      .flatMap((one) => one.customFields)
      .find((one) => one.id === id)?.value;
    expect(await total(`custom_fields.${id}`, 'eq', value)).toBe(1);
    expect(await total(`custom_fields.${id}`, 'exists')).toBeGreaterThan(10);
    const seats = sandbox.seeded.customFields['opportunity.seats'] ?? '';
    expect(await total(`custom_fields.${seats}`, 'range', { gte: 0 })).toBeGreaterThan(0);
  });

  it('sums up stages in v3 when a pipeline is asked for', async () => {
    const pipelineId = sandbox.seeded.pipelines.Sales?.id;
    const filters = [{ field: 'pipeline_id', operator: 'eq', value: pipelineId }];
    const { body } = await search({ filters, limit: 1 });
    const count = body.stageAggregations.reduce(
      (sum: number, one: { totalCount: number }) => sum + one.totalCount,
      0,
    );
    expect(count).toBe(body.total);
    expect((await search({ filters }, '2021-07-28')).body).not.toHaveProperty('stageAggregations');
    expect((await search()).body).not.toHaveProperty('stageAggregations');
  });

  it('adds the contact’s tasks when asked', async () => {
    const { body } = await search({ additionalDetails: { tasks: true } });
    expect(body.opportunities.some((one: { tasks: unknown[] }) => one.tasks.length > 0)).toBe(true);
  });
});

describe('an account of 100,000 opportunities', () => {
  it('starts in seconds, answers a search at once and pages beyond 10,000 by cursor alone', async () => {
    const begun = performance.now();
    const sandbox = await startSandbox({ opportunities: 100_000 });
    // A second or two, and a tenth of one, on an idle machine; one that is at work must not make this red.
    expect(performance.now() - begun).toBeLessThan(60_000);
    const search = (body: object) =>
      call(sandbox, 'POST', '/opportunities/search', {
        body: { locationId: sandbox.locationId, limit: 500, ...body },
      });
    try {
      const sort = [{ field: 'date_updated', direction: 'desc' }];
      const filters = [{ field: 'status', operator: 'eq', value: ['open'] }];
      await search({ sort, filters });
      sandbox.changeOpportunity(sandbox.seeded.opportunityIds[7] ?? '', { name: 'Changed' });
      const warm = performance.now();
      const { body } = await search({ sort, limit: 100 });
      expect(performance.now() - warm).toBeLessThan(5_000);
      expect([body.total, body.opportunities[0].name]).toEqual([100_000, 'Changed']);

      const edge = await search({ page: 20 });
      expect(edge.status).toBe(201);
      expect((await search({ page: 21 })).status).toBe(400);
      const beyond = await search({ searchAfter: edge.body.opportunities.at(-1).sort });
      expect(beyond.body.opportunities).toHaveLength(500);
    } finally {
      await sandbox.close();
    }
  });
});
