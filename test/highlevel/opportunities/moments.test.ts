import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { happenedAfterCreation } from '../../../highlevel/opportunities/moments.ts';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf } from '../../support/connection.ts';
import { startRunner } from '../../support/runner.ts';

const STAGE_CHANGED = 'triggers.stage_changed.operation.perform';
const STALE = 'triggers.stale_opportunity.operation.perform';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const REFUSALS = [
  [401, { message: 'This route is not yet supported by the IAM Service.' }],
  [422, { message: ['filter field last_stage_change_date is not supported'] }],
] as const;

describe('a change', () => {
  const createdAt = '2026-11-22T08:00:00.000Z';

  it.each([
    ['2026-11-22T08:00:02.001Z', true],
    ['2026-11-22T08:00:02.000Z', false],
    ['2026-11-22T08:00:00.001Z', false],
    ['', false],
    [null, false],
    ['soon', false],
  ])('at %s of an opportunity created at eight: %j', (lastStageChangeAt, is) => {
    expect(happenedAfterCreation({ id: 'o1', createdAt, lastStageChangeAt }, 'lastStageChangeAt')).toBe(is);
  });

  it('is one where HighLevel names no creation', () => {
    expect(happenedAfterCreation({ id: 'o1', updatedAt: createdAt }, 'updatedAt')).toBe(true);
  });
});

describe('where HighLevel refuses the search by the time of a change', () => {
  let connection: Connection;
  const searches = () =>
    connection
      .requests()
      .filter((request) => request.endsWith('/opportunities/search'))
      .map((request) => request.split(' ')[0]);
  const refuse = (status: number, body: unknown, times = 1) =>
    connection.sandbox.fault({ method: 'POST', path: '/opportunities/search', status, body, times });

  beforeEach(async () => {
    connection = await connect(AMPLE);
  });
  afterEach(() => connection.close());

  it.each(
    REFUSALS,
  )('reads the newest opportunities instead (%i), the same rows in a small account', async (status, body) => {
    const input = { pipeline_id: 'Sales', status: 'open' };
    const before = await connection.run(STAGE_CHANGED, input);
    expect(before.length).toBeGreaterThan(0);
    connection.requests();
    refuse(status, body);
    const instead = await connection.run(STAGE_CHANGED, input);
    expect(new Set(instead.map(({ id }) => id))).toEqual(new Set(before.map(({ id }) => id)));
    expect(searches()).toEqual(['POST', 'GET']);
  });

  it.each(
    REFUSALS,
  )('remembers the refusal (%i), so that it does not cost a request each poll', async (status, body) => {
    refuse(status, body);
    await connection.run(STAGE_CHANGED);
    connection.requests();
    await connection.run(STAGE_CHANGED);
    await connection.run('triggers.status_changed.operation.perform');
    expect(searches()).toEqual(['GET', 'GET']);
  });

  it('takes an answer in another order for a refusal, as changes of older opportunities would be beyond its first page', async () => {
    const row = (id: string, movedAgo: number) => ({
      id,
      createdAt: ago(DAY),
      lastStageChangeAt: ago(movedAgo),
    });
    refuse(201, { opportunities: [row('one', 2 * HOUR), row('two', HOUR)], total: 2 });
    const rows = await connection.run(STAGE_CHANGED);
    expect(rows.map(({ id }) => id)).not.toContain('one');
    expect(searches()).toEqual(['POST', 'GET']);
  });

  it('asks again within the hour', async () => {
    let now = Date.now();
    const { runner, connection: account } = await startRunner(connection.sandbox, () => now);
    const poll = () => runner.call('trigger', 'stage_changed', {}, account);
    refuse(422, { message: ['no'] });
    await poll();
    connection.requests();
    now += 59 * 60_000;
    await poll();
    expect(searches()).toEqual(['GET']);
    now += 2 * 60_000;
    await poll();
    expect(searches()).toEqual(['POST']);
    await runner.close();
  });

  it('takes an expired token for what it is: nothing is remembered, and core refreshes it', async () => {
    connection.sandbox.fault({
      path: '/opportunities/search',
      status: 401,
      body: { message: 'Invalid JWT' },
      times: 2,
    });
    expect((await errorOf(connection.run(STAGE_CHANGED))).name).toBe('RefreshAuthError');
    connection.requests();
    await connection.run(STAGE_CHANGED);
    expect(searches()).toEqual(['POST']);
  });

  it('shows other trouble as an error instead of hiding it', async () => {
    refuse(500, { message: 'Internal server error' });
    expect((await errorOf(connection.run(STAGE_CHANGED))).name).toBe('AppError');
    expect(searches()).toEqual(['POST']);
  });

  it('does not believe an answer without rows that the other search contradicts', async () => {
    refuse(201, { opportunities: [], total: 0 });
    expect((await connection.run(STAGE_CHANGED)).length).toBeGreaterThan(0);
    connection.requests();
    await connection.run(STAGE_CHANGED);
    expect(searches()).toEqual(['GET']);
  });

  it('finds stale opportunities among the newest that can be stale, with the chosen filters', async () => {
    const before = await connection.run(
      STALE,
      { days: 40, pipeline_id: 'Sales' },
      { meta: { isPopulatingDedupe: true } },
    );
    expect(before.length).toBeGreaterThan(0);
    refuse(422, { message: ['no'] });
    connection.sandbox.clearRequests();
    const instead = await connection.run(
      STALE,
      { days: 40, pipeline_id: 'Sales' },
      { meta: { isPopulatingDedupe: true } },
    );
    expect(new Set(instead.map(({ id }) => id))).toEqual(new Set(before.map(({ id }) => id)));
    const [year, month, day] = ago(39 * DAY)
      .slice(0, 10)
      .split('-');
    expect(connection.sandbox.requests().at(-1)?.query).toEqual({
      locationId: connection.sandbox.locationId,
      pipelineId: connection.sandbox.seeded.pipelines.Sales?.id,
      status: 'open',
      endDate: `${month}-${day}-${year}`,
      order: 'added_desc',
      limit: '100',
    });
  });
});

describe('the newest opportunities in place of the latest changed ones', () => {
  it('are 500 for a poll, and 1,000 for the dedupe table', async () => {
    const connection = await connect({ opportunities: 1200, ...AMPLE });
    const gets = () => connection.requests().filter((request) => request === 'GET /opportunities/search');
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status: 422,
      body: { message: 'no' },
    });
    await connection.run(STAGE_CHANGED);
    expect(gets()).toHaveLength(5);
    await connection.run(STAGE_CHANGED, {}, { meta: { isPopulatingDedupe: true } });
    expect(gets()).toHaveLength(10);
    await connection.run(STAGE_CHANGED, {}, { meta: { isLoadingSample: true } });
    expect(gets()).toHaveLength(1);
    await connection.close();
  });
});
