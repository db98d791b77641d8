import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { call } from '../support/call.ts';

describe('GET /opportunities/search', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({
      opportunities: 45,
      rateLimit: { max: 1000, intervalMs: 10_000, daily: 200_000 },
    });
  });
  afterAll(() => sandbox.close());

  const search = (query: Record<string, string | number> = {}) => {
    const text = new URLSearchParams({ locationId: sandbox.locationId });
    for (const [key, value] of Object.entries(query)) text.set(key, String(value));
    return call(sandbox, 'GET', `/opportunities/search?${text}`);
  };
  const ids = (answer: { body: { opportunities: { id: string }[] } }) =>
    answer.body.opportunities.map(({ id }) => id);
  const newestFirst = () =>
    [...sandbox.state.opportunities.values()]
      .filter((one) => one.locationId === sandbox.locationId)
      .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
      .map(({ id }) => id);

  it('takes each version its own spelling', async () => {
    const { locationId } = sandbox;
    const v2 = { version: '2021-07-28' };
    const snake = `/opportunities/search?location_id=${locationId}`;
    const camel = `/opportunities/search?locationId=${locationId}`;
    expect((await call(sandbox, 'GET', snake, v2)).status).toBe(200);
    expect((await call(sandbox, 'GET', camel)).status).toBe(200);
    const wrong = await call(sandbox, 'GET', camel, v2);
    expect([wrong.status, wrong.body.message]).toEqual([422, ['property locationId should not exist']]);
    expect((await call(sandbox, 'GET', snake)).body.message).toEqual([
      'property location_id should not exist',
    ]);
    expect((await call(sandbox, 'GET', '/opportunities/search')).body.message).toEqual([
      "locationId can't be undefined",
    ]);
  });

  it('gives 20 rows, newest first, with nulls where nothing is', async () => {
    const answer = await search();
    expect(ids(answer)).toEqual(newestFirst().slice(0, 20));
    expect(answer.body.meta).toMatchObject({ total: 45, currentPage: 1, nextPage: 2, prevPage: null });
    const unowned = answer.body.opportunities.find((one: { assignedTo: unknown }) => one.assignedTo === null);
    expect(unowned).toHaveProperty('lostReasonId', null);
    const [first] = answer.body.opportunities;
    expect(first.sort).toEqual([Date.parse(first.createdAt), first.id]);
    expect(first.relations[0]).toMatchObject({
      primary: true,
      objectKey: 'contact',
      recordId: first.contactId,
    });
    expect(first.customFields[0]).toHaveProperty('type');
  });

  it('pages by number, and by cursor with both its parts', async () => {
    const all = newestFirst();
    expect(ids(await search({ page: 3, limit: 20 }))).toEqual(all.slice(40));
    const { startAfter, startAfterId } = (await search({ limit: 20 })).body.meta;
    expect(ids(await search({ limit: 20, startAfter, startAfterId }))).toEqual(all.slice(20, 40));
    expect(ids(await search({ limit: 20, startAfter }))).toEqual(all.slice(0, 20));
    expect(ids(await search({ limit: 20, startAfterId }))).toEqual(all.slice(0, 20));
  });

  it('still gives a cursor on the last page, which leads to nothing', async () => {
    const last = await search({ page: 3, limit: 20 });
    const { startAfter, startAfterId, nextPage } = last.body.meta;
    expect([typeof startAfter, nextPage]).toEqual(['number', null]);
    expect(ids(await search({ startAfter, startAfterId }))).toEqual([]);
  });

  it.each([0, 101, 'many'])('refuses a limit of %s', async (limit) => {
    expect((await search({ limit })).status).toBe(422);
  });

  it('orders by age and by name', async () => {
    expect(ids(await search({ order: 'added_asc', limit: 100 }))).toEqual(newestFirst().reverse());
    const names = (await search({ order: 'name_asc', limit: 100 })).body.opportunities.map(
      (one: { name: string }) => one.name,
    );
    expect(names).toEqual([...names].sort());
  });

  it('filters by pipeline, stage, status, owner, contact and id', async () => {
    const [one] = (await search()).body.opportunities;
    for (const key of ['pipelineId', 'pipelineStageId', 'status', 'assignedTo', 'contactId', 'id']) {
      const { body } = await search({ [key]: one[key], limit: 100 });
      expect(body.meta.total).toBeGreaterThan(0);
      for (const row of body.opportunities) expect(row[key]).toBe(one[key]);
    }
    expect((await search({ status: 'all' })).body.meta.total).toBe(45);
  });

  it('filters the creation date by mm-dd-yyyy, and by no other format', async () => {
    const day = new Date(sandbox.context.now() - 10 * 86_400_000).toISOString().slice(0, 10);
    const [year, month, date] = day.split('-');
    const { body } = await search({ date: `${month}-${date}-${year}`, limit: 100 });
    expect(body.meta.total).toBeGreaterThan(0);
    expect(body.meta.total).toBeLessThan(45);
    for (const row of body.opportunities) expect(row.createdAt.slice(0, 10) >= day).toBe(true);
    expect((await search({ date: day })).body.meta.total).toBe(45);
    expect((await search({ start_date: day })).status).toBe(422);
  });

  it('finds by text of opportunity or contact, up to 75 characters', async () => {
    const [one] = (await search()).body.opportunities;
    const { body } = await search({ q: one.contact.email.toUpperCase() });
    expect(body.opportunities.map((row: { contactId: string }) => row.contactId)).toContain(one.contactId);
    expect((await search({ q: 'x'.repeat(76) })).status).toBe(422);
  });

  it('runs behind writes by the lag, while a read by id does not', async () => {
    sandbox.setSettings({ searchLagMs: 2000 });
    const [id = ''] = newestFirst();
    sandbox.changeOpportunity(id, { name: 'Renamed' });
    const read = await call(sandbox, 'GET', `/opportunities/${id}`);
    expect(read.body.opportunity.name).toBe('Renamed');
    const named = async () => (await search({ id })).body.opportunities[0]?.name;
    expect(await named()).not.toBe('Renamed');
    sandbox.moveClock({ by: 2000 });
    expect(await named()).toBe('Renamed');
    sandbox.removeOpportunity(id);
    expect(await named()).toBe('Renamed');
    sandbox.moveClock({ by: 2000 });
    expect(await named()).toBeUndefined();
    sandbox.setSettings({ searchLagMs: 0 });
  });
});
