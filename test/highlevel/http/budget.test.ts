import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type Connection, connect, errorOf, sentenceOf } from '../../support/connection.ts';
import { startRunner } from '../../support/runner.ts';

const POLLS = ['new_opportunity', 'stage_changed', 'status_changed', 'stale_opportunity'] as const;
const perform = (key: string) => `triggers.${key}.operation.perform`;
const POLL = perform('new_opportunity');
const CREATE = 'creates.create_opportunity.operation.perform';
const DAILY = 200_000;
const WINDOW = 60_000;

describe('the allowance of a sub-account', () => {
  let connection: Connection;
  const start = async (rateLimit: { max: number; intervalMs: number; daily: number }) => {
    connection = await connect({ rateLimit });
    connection.sandbox.setLocation(connection.sandbox.locationId, { allowDuplicateOpportunity: true });
  };
  afterEach(async () => {
    jest.restoreAllMocks();
    await connection.close();
  });

  /** Moves the app's clock and HighLevel's. */
  const pass = (ms: number) => {
    const { now } = Date;
    jest.spyOn(Date, 'now').mockImplementation(() => now() + ms);
    connection.sandbox.moveClock({ by: ms });
  };

  /** What a person's step sends; a warm one takes a single request. */
  const create = () =>
    connection.run(CREATE, {
      contact_id: connection.sandbox.seeded.contactIds[0],
      pipeline_id: connection.sandbox.seeded.pipelines.Sales?.id,
      name: 'An opportunity',
    });
  /** Answers of HighLevel that report this much left. */
  const report = (headers: Record<string, string>) =>
    connection.sandbox.fault({
      path: '/opportunities/search',
      status: 200,
      body: { opportunities: [], meta: {} },
      headers,
    });
  const delayOf = (error: Error) => (JSON.parse(error.message) as { delay: number }).delay;

  it('is left to writes when a tenth of the window remains, and is shared again when the window has passed', async () => {
    await start({ max: 30, intervalMs: WINDOW, daily: DAILY });
    await connection.run(POLL);
    while (connection.sandbox.requests().length < 28) await create();
    connection.requests();

    const error = await errorOf(connection.run(POLL));
    expect(error.name).toBe('ThrottledError');
    expect(sentenceOf(error)).toMatch(/nearly used up.*kept for actions.*is not lost/);
    expect(delayOf(error)).toBeGreaterThan(50);
    expect(delayOf(error)).toBeLessThanOrEqual(80);
    expect(connection.requests()).toEqual([]);

    expect(await create()).toMatchObject({ name: 'An opportunity' });
    pass(WINDOW + 1000);
    expect((await connection.run(POLL)).length).toBeGreaterThan(0);
  });

  it('is not touched while it lasts', async () => {
    await start({ max: 30, intervalMs: WINDOW, daily: DAILY });
    await connection.run(POLL);
    while (connection.sandbox.requests().length < 27) await create();
    await connection.run(POLL);
    expect(connection.sandbox.requests()).toHaveLength(28);
    expect((await errorOf(connection.run(POLL))).name).toBe('ThrottledError');
  });

  it.each(POLLS)('makes the poll of %s yield before its first request', async (key) => {
    await start({ max: 100, intervalMs: 10_000, daily: DAILY });
    report({ 'x-ratelimit-remaining': '9' });
    await connection.run(POLL);
    connection.requests();
    const error = await errorOf(connection.run(perform(key), { days: 14 }));
    expect(error.name).toBe('ThrottledError');
    expect(delayOf(error)).toBeGreaterThanOrEqual(9);
    expect(delayOf(error)).toBeLessThanOrEqual(14);
    expect(connection.requests()).toEqual([]);
  });

  it('goes ahead where a person waits: for a sample, for a dropdown, for the Zap to be turned on', async () => {
    await start({ max: 100, intervalMs: 10_000, daily: DAILY });
    report({ 'x-ratelimit-remaining': '0' });
    await connection.run(POLL);
    expect(await connection.run(POLL, {}, { meta: { isLoadingSample: true } })).toHaveLength(10);
    expect(await connection.run(POLL, {}, { meta: { isPopulatingDedupe: true } })).toHaveLength(30);
    const pipeline_id = connection.sandbox.seeded.pipelines.Sales?.id;
    for (const key of ['pipeline_list', 'user_list', 'contact_list', 'opportunity_list', 'lost_reason_list'])
      expect((await connection.run(perform(key))).length).toBeGreaterThan(0);
    expect((await connection.run(perform('stage_list'), { pipeline_id })).length).toBeGreaterThan(0);
    expect(
      (await connection.run('searches.find_opportunity.operation.perform', { status: 'open' })).length,
    ).toBe(1);
  });

  it('is left to writes for the rest of the day when a twentieth of the day remains', async () => {
    await start({ max: 100, intervalMs: 10_000, daily: DAILY });
    report({ 'x-ratelimit-daily-remaining': '9999', 'x-ratelimit-daily-reset': '7200000' });
    await connection.run(POLL);
    connection.requests();
    const delay = delayOf(await errorOf(connection.run(POLL)));
    expect(delay).toBeGreaterThan(7190);
    expect(delay).toBeLessThanOrEqual(7500);
    expect(connection.requests()).toEqual([]);
  });

  it('is looked at again within the hour where HighLevel does not say when the day ends', async () => {
    await start({ max: 100, intervalMs: 10_000, daily: DAILY });
    report({ 'x-ratelimit-daily-remaining': '5', 'x-ratelimit-daily-reset': '0' });
    await connection.run(POLL);
    expect(delayOf(await errorOf(connection.run(POLL)))).toBeLessThanOrEqual(3900);
  });

  it('is believed used up when HighLevel refuses for want of it', async () => {
    await start({ max: 100, intervalMs: 10_000, daily: DAILY });
    connection.sandbox.fault({
      path: '/opportunities/search',
      status: 429,
      body: { message: 'Too Many Requests' },
      headers: { 'x-ratelimit-remaining': '0' },
    });
    expect(sentenceOf(await errorOf(connection.run(POLL)))).toMatch(/Too Many Requests/);
    connection.requests();
    expect(sentenceOf(await errorOf(connection.run(POLL)))).toMatch(/kept for actions/);
    expect(connection.requests()).toEqual([]);
  });

  it('is one for all Zaps of a connection: one’s writes make another’s polls wait, and expire with their window', async () => {
    await start({ max: 40, intervalMs: WINDOW, daily: DAILY });
    const { sandbox } = connection;
    let now = Date.now();
    const { runner, connection: account, polls } = await startRunner(sandbox, () => now);
    const polled = await runner.turnOn(
      { name: 'moves', trigger: { key: 'stage_changed' }, steps: [] },
      account,
    );
    const writes = {
      name: 'writes',
      trigger: { key: 'new_opportunity', input: { pipeline_id: 'Sales' } },
      steps: [
        {
          id: 'copy',
          kind: 'create' as const,
          key: 'create_opportunity',
          input: { contact_id: '{{trigger.contact_id}}', pipeline_id: 'Onboarding', name: 'Copy' },
        },
      ],
    };
    const writing = await runner.turnOn(writes, account);
    // The consent page and the token endpoint are not charged to the sub-account.
    const charged = () => sandbox.requests().filter(({ token }) => token.present).length;
    const before = charged();
    sandbox.importOpportunities({ count: 36 - before, pipelineId: sandbox.seeded.pipelines.Sales?.id });
    const tasks = await writing.poll();
    expect(tasks.map(({ status }) => status)).toEqual(tasks.map(() => 'success'));
    expect(charged()).toBeGreaterThan(36);

    sandbox.clearRequests();
    await polled.poll();
    expect(polls().at(-1)).toMatchObject({ zap: 'moves', requests: 0, failure: { kind: 'throttled' } });
    expect(sandbox.requests()).toEqual([]);

    now += WINDOW + 1000;
    sandbox.moveClock({ by: WINDOW + 1000 });
    await polled.poll();
    expect(polls().at(-1)).toMatchObject({ zap: 'moves', requests: 1 });
    expect(polls().at(-1)).not.toHaveProperty('failure');
    await runner.close();
  });
});
