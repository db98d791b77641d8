import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { startOfDay } from '../../fields/inputs/days.ts';
import type { Opportunity } from '../../local/sandbox/index.ts';
import { namedPeriod } from '../../searches/support/period.ts';
import { summarySample } from '../../searches/support/summary-output.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, SEARCH_REFUSED } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  summarize_opportunities: {
    live: ['Choose the last 30 days', 'the numbers are those of the dashboard'],
    runs: (sandbox) => {
      const inputData = {
        period: 'custom',
        pipeline_id: idsOf(sandbox).sales.id,
        period_start: '2024-01-01',
        period_end: '2030-01-01',
        time_zone: 'sub_account',
      };
      return {
        all: [{ inputData }, { inputData, fault: SEARCH_REFUSED }],
        least: [{ inputData: { period: 'today' } }],
      };
    },
    example: () => ({}),
  },
};

const PERFORM = 'searches.summarize_opportunities.operation.perform';
const POST = 'POST /opportunities/search';
const GET = 'GET /opportunities/search';
/** The Zap's, as the tests' connection has it. */
const ZONE = 'America/Chicago';
const SUB_ACCOUNT_ZONE = 'America/Los_Angeles';

type Summary = typeof summarySample;

describe('summarize_opportunities', () => {
  let connection: Connection;
  const summarize = async (input: Record<string, unknown> = {}) => {
    const results = await connection.run<Summary[]>(PERFORM, input);
    expect(results).toHaveLength(1);
    return results[0] as Summary;
  };
  const opportunities = () =>
    [...connection.sandbox.state.opportunities.values()].filter(
      ({ locationId }) => locationId === connection.sandbox.locationId,
    );
  const searches = () => connection.requests().filter((request) => request.endsWith('/opportunities/search'));
  const refuse = (status: number) =>
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status,
      times: 99,
      body: { message: 'no' },
    });

  beforeAll(async () => {
    connection = await connect({
      opportunities: 240,
      ...AMPLE,
    });
    for (const location of connection.sandbox.state.locations.values()) location.timezone = SUB_ACCOUNT_ZONE;
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
    connection.requests();
  });

  /** The same by another way: from the sandbox's own records. */
  const expected = (from: number, before: number, all: Opportunity[] = opportunities()) => {
    const within = (time: string) => Date.parse(time) >= from && Date.parse(time) < before;
    const open = all.filter(({ status }) => status === 'open');
    const became = (status: string) =>
      all.filter((opportunity) => opportunity.status === status && within(opportunity.lastStatusChangeAt));
    const value = (some: Opportunity[]) => some.reduce((sum, { monetaryValue }) => sum + monetaryValue, 0);
    const created = all.filter(({ createdAt }) => within(createdAt));
    const read = new Set([
      ...open,
      ...created,
      ...all.filter((opportunity) => within(opportunity.lastStatusChangeAt)),
    ]);
    return {
      open_count: open.length,
      open_value: value(open),
      created_count: created.length,
      created_value: value(created),
      won_count: became('won').length,
      won_value: value(became('won')),
      lost_count: became('lost').length,
      lost_value: value(became('lost')),
      abandoned_count: became('abandoned').length,
      opportunities_read: read.size,
    };
  };

  it.each([
    'today',
    'yesterday',
    'last_7_days',
    'this_month',
    'last_month',
    'last_30_days',
  ] as const)('is exact for %s, and reads only what matters', async (period) => {
    const { from, before, firstDay, lastDay } = namedPeriod(period, Date.now(), ZONE);
    expect(await summarize({ period })).toMatchObject({
      ...expected(from, before),
      period_start: firstDay,
      period_end: lastDay,
      time_zone: ZONE,
      search_requests: 1,
    });
  });

  it('costs one request once the names are known', async () => {
    await summarize({ period: 'today' });
    connection.requests();
    await summarize({ period: 'today' });
    expect(connection.requests()).toEqual([POST]);
  });

  it('sums up one pipeline, by stage and by owner, with parts that add up to the whole', async () => {
    const id = connection.sandbox.seeded.pipelines.Sales?.id;
    const { from, before } = namedPeriod('last_30_days', Date.now(), ZONE);
    const summary = await summarize({ period: 'last_30_days', pipeline_id: 'sales' });
    expect(summary).toMatchObject({
      pipeline_id: id,
      pipeline_name: 'Sales',
      ...expected(
        from,
        before,
        opportunities().filter(({ pipelineId }) => pipelineId === id),
      ),
    });
    const sum = (values: number[]) => Math.round(values.reduce((all, one) => all + one, 0) * 100) / 100;
    expect(summary.stages.every(({ pipeline_name }) => pipeline_name === 'Sales')).toBe(true);
    expect(sum(summary.stages.map(({ open_count }) => open_count))).toBe(summary.open_count);
    expect(sum(summary.stages.map(({ weighted_value }) => weighted_value))).toBe(summary.weighted_value);
    expect(sum(summary.owners.map(({ open_value }) => open_value))).toBe(summary.open_value);
    expect(sum(summary.owners.map(({ won_count }) => won_count))).toBe(summary.won_count);
    expect(summary.largest_opportunities[0]?.monetary_value).toBe(
      Math.max(
        ...opportunities()
          .filter(({ pipelineId, status }) => pipelineId === id && status === 'open')
          .map(({ monetaryValue }) => monetaryValue),
      ),
    );
    const { users, pipelines } = connection.sandbox.seeded;
    const names = new Map(Object.entries(users).map(([name, userId]) => [userId, name]));
    const owned = summary.owners.filter(({ owner_id }) => names.has(owner_id ?? ''));
    expect(owned.length).toBeGreaterThan(1);
    for (const { owner_id, owner_name } of owned) expect(owner_name).toBe(names.get(owner_id ?? ''));
    const stages = new Map(
      Object.entries(pipelines.Sales?.stages ?? {}).map(([name, stage]) => [stage, name]),
    );
    for (const { stage_id, stage_name } of summary.stages) expect(stage_name).toBe(stages.get(stage_id));
    expect(summary.text).toContain('Sales: ');
    expect(summary.markdown).toContain('](https://app.gohighlevel.com/');
  });

  it('has the keys of the sample', async () => {
    const summary = await summarize({ period: 'last_month' });
    expect(Object.keys(summary).sort()).toEqual(Object.keys(summarySample).sort());
    for (const key of ['stages', 'owners', 'largest_opportunities', 'stalest_opportunities'] as const) {
      expect(Object.keys(summary[key][0] ?? {})).toEqual(Object.keys(summarySample[key][0] ?? {}));
    }
  });

  it('counts days as List and Find do, in the Zap’s zone', async () => {
    const [opportunity] = opportunities();
    connection.sandbox.editOpportunity(opportunity?.id ?? '', { createdAt: '2026-02-14T20:00:00.000Z' });
    const counts = async (day: string, timezone: string) => {
      const ask = async (search: string, input: Record<string, unknown>) =>
        connection.run<Record<string, unknown>[]>(`searches.${search}.operation.perform`, input, {
          meta: { timezone },
        });
      const range = { created_from: day, created_to: day };
      const [summary] = await ask('summarize_opportunities', {
        period: 'custom',
        period_start: day,
        period_end: day,
      });
      const [list] = await ask('list_opportunities', range);
      const found = await ask('find_opportunity', { ...range, opportunity_id: opportunity?.id });
      return [summary?.created_count, list?.count, found.length];
    };
    expect(await counts('2026-02-14', 'America/Chicago')).toEqual([1, 1, 1]);
    expect(await counts('2026-02-15', 'America/Chicago')).toEqual([0, 0, 0]);
    expect(await counts('2026-02-14', 'Australia/Sydney')).toEqual([0, 0, 0]);
    expect(await counts('2026-02-15', 'Australia/Sydney')).toEqual([1, 1, 1]);
  });

  it('says in each of the three whose days they are', async () => {
    for (const search of ['list_opportunities', 'find_opportunity', 'summarize_opportunities']) {
      const fields = await connection.run<{ key: string; helpText?: string }[]>(
        `searches.${search}.operation.inputFields`,
      );
      const saying = fields.filter(({ helpText }) => /\bthe Zap’s time zone\b/.test(helpText ?? ''));
      expect([search, saying.map(({ key }) => key)]).toEqual([
        search,
        expect.arrayContaining([search === 'summarize_opportunities' ? 'time_zone' : 'created_from']),
      ]);
    }
  });

  it('takes days of its own, whole in the Zap’s zone or the sub-account’s', async () => {
    const day = '2026-03-08';
    const opportunity = opportunities()[0];
    const at = (createdAt: string) =>
      connection.sandbox.editOpportunity(opportunity?.id ?? '', { createdAt });
    const created = async (over: Record<string, unknown> = {}) => {
      const input = { period: 'custom', period_start: day, period_end: `${day}T09:00:00-05:00`, ...over };
      return (await summarize(input)).created_count;
    };
    const ofSubAccount = { time_zone: 'sub_account' };
    const others = await created();
    // The clocks go forward that day, so it ends an hour earlier than it would.
    at(new Date(startOfDay('2026-03-09', ZONE) - 1).toISOString());
    expect(await created()).toBe(others + 1);
    at(new Date(startOfDay('2026-03-09', ZONE)).toISOString());
    expect(await created()).toBe(others);
    expect(await created(ofSubAccount)).toBe(others + 1);
    at(new Date(startOfDay('2026-03-09', SUB_ACCOUNT_ZONE)).toISOString());
    expect(await created(ofSubAccount)).toBe(others);
    expect(await summarize()).toMatchObject({ time_zone: ZONE });
    expect(await summarize({ time_zone: 'zap' })).toMatchObject({ time_zone: ZONE });
    expect(await summarize(ofSubAccount)).toMatchObject({ time_zone: SUB_ACCOUNT_ZONE });
  });

  it('says that the sub-account’s zone is not to be had, rather than count in another', async () => {
    const [location] = connection.sandbox.state.locations.values();
    if (!location) throw new Error('The sandbox has no sub-account.');
    connection.forget();
    location.timezone = 'Nowhere/Else';
    const unknown = await errorOf(summarize({ time_zone: 'sub_account' }));
    location.timezone = SUB_ACCOUNT_ZONE;
    connection.forget();
    expect(unknown.name).toBe('HaltedError');
    expect(sentenceOf(unknown)).toMatch(/^Time Zone: HighLevel names none for this sub-account/);
    const authData = { ...connection.authData, scope: 'opportunities.readonly' };
    const refused = await errorOf(
      connection.run(PERFORM, { time_zone: 'sub_account' }, { bundle: { authData } }),
    );
    expect(sentenceOf(refused)).toMatch(
      /not allowed to read the sub-account: .*View Locations \(locations\.readonly\)/,
    );
  });

  it('takes a custom period that begins today, and one whose days are all to come', async () => {
    const { period_start: today } = await summarize({ period: 'today' });
    expect(await summarize({ period: 'custom', period_start: today })).toMatchObject({
      period_start: today,
      period_end: today,
    });
    const days = { period_start: '2099-01-01', period_end: '2099-01-02' };
    expect(await summarize({ period: 'custom', ...days })).toMatchObject({ ...days, created_count: 0 });
  });

  it('sums up where only opportunities may be read', async () => {
    const authData = { ...connection.authData, scope: 'opportunities.readonly' };
    const [summary] = await connection.run<Summary[]>(PERFORM, {}, { bundle: { authData } });
    // Nobody's name may be read, so nobody is said to have left.
    const named = summary?.owners.filter(({ owner_id }) => owner_id !== null) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(named.map(({ owner_name }) => owner_name)).toEqual(named.map(({ owner_id }) => owner_id));
  });

  it.each([
    ['an unknown period', { period: 'fortnight' }, /^Period: "fortnight" is not one of the choices/],
    ['no first day', { period: 'custom', period_end: '2026-01-01' }, /^First Day: this is empty/],
    [
      'days that run backwards',
      { period: 'custom', period_start: '2026-02-02', period_end: '2026-02-01' },
      /^Last Day: 2026-02-01 is before 2026-02-02/,
    ],
    [
      'a first day to come',
      { period: 'custom', period_start: '2099-01-01' },
      /^First Day: 2099-01-01 is still/,
    ],
    [
      'days that the period does not count',
      { period: 'last_week', period_start: '2026-02-02' },
      /^First Day: this counts for the Period Custom alone, while Period is "Last Week"\. Choose Custom, or empty First/,
    ],
    [
      'a last day beside the period that is chosen by itself',
      { period_end: '2026-02-02' },
      /^Last Day: this counts for the Period Custom alone, while Period is "Today"\./,
    ],
    ['an unknown pipeline', { pipeline_id: 'Nope' }, /^Pipeline: there is no pipeline called "Nope"/],
  ])('stops at %s', async (_, input, sentence) => {
    const error = await errorOf(summarize(input));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(searches()).toEqual([]);
  });

  it.each([
    401, 422,
  ])('lists the account where HighLevel refuses the search with %s, with the same numbers', async (status) => {
    connection.forget();
    const whole = await summarize({ period: 'last_30_days' });
    refuse(status);
    const instead = await summarize({ period: 'last_30_days' });
    expect(instead).toEqual({
      ...whole,
      search_requests: 1 + Math.ceil(opportunities().length / 100),
    });
  });

  it('does not believe an empty answer while there are open opportunities', async () => {
    connection.forget();
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status: 201,
      body: { opportunities: [], total: 0 },
    });
    const summary = await summarize({ period: 'today' });
    expect(summary.open_count).toBe(opportunities().filter(({ status }) => status === 'open').length);
    expect(searches()).toEqual([POST, GET, GET, GET, GET]);
  });

  it('names a stage and a user that came since the lists were read, and calls one who left a former user', async () => {
    const { state } = connection.sandbox;
    await summarize({ period: 'today' });
    const [first, second, third] = opportunities().filter(({ status }) => status === 'open');
    const pipeline = state.pipelines.get(first?.pipelineId ?? '');
    const [stage] = pipeline?.stages ?? [];
    const [user] = [...state.users.values()].filter(({ deleted }) => !deleted);
    if (!stage || !user) throw new Error('There is no stage or no user.');
    pipeline?.stages.push({ ...stage, id: 'stage-new', name: 'Brand New', position: 99 });
    state.users.set('user-new', { ...user, id: 'user-new', name: 'Nora New' });
    const edit = (one: Opportunity | undefined, changes: Partial<Opportunity>) =>
      connection.sandbox.editOpportunity(one?.id ?? '', changes);
    edit(first, { pipelineStageId: 'stage-new' });
    edit(second, { assignedTo: 'user-new' });
    edit(third, { assignedTo: 'user-gone' });
    const { stages, owners } = await summarize({ period: 'today' });
    expect(stages).toContainEqual(
      expect.objectContaining({ stage_id: 'stage-new', stage_name: 'Brand New' }),
    );
    expect(owners).toContainEqual(expect.objectContaining({ owner_id: 'user-new', owner_name: 'Nora New' }));
    pipeline?.stages.push({ ...stage, id: 'stage-newer', name: 'Newer Still', position: 100 });
    edit(first, { pipelineStageId: 'stage-newer' });
    const ofOne = await summarize({ period: 'today', pipeline_id: pipeline?.id });
    expect(ofOne.stages.map(({ stage_name }) => stage_name)).toContain('Newer Still');
    expect(ofOne.stages.map(({ stage_name }) => stage_name)).not.toContain('Former Stage');
    pipeline?.stages.pop();
    expect(owners).toContainEqual(
      expect.objectContaining({ owner_id: 'user-gone', owner_name: 'Former User' }),
    );
    pipeline?.stages.pop();
    state.users.delete('user-new');
    edit(first, { pipelineStageId: stage.id });
    edit(second, { assignedTo: null });
    edit(third, { assignedTo: null });
  });

  it('says that it is not all where rows cannot be told', async () => {
    connection.forget();
    expect(await summarize({ period: 'today' })).toMatchObject({ is_complete: true, left_out_count: 0 });
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status: 201,
      body: { opportunities: [{ id: 'a', status: 'open' }, { status: 'open' }], total: 2 },
    });
    expect(await summarize({ period: 'today' })).toMatchObject({ is_complete: false, left_out_count: 1 });
  });

  it('fails rather than leave out rows that HighLevel counted', async () => {
    connection.forget();
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status: 201,
      body: { opportunities: [{ id: 'a', status: 'open' }], total: 900 },
      times: 3,
    });
    const error = await errorOf(summarize({ period: 'today' }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(/counted 900 opportunities and gave only 1\. No summary was made/);
  });

  it('fails with a sentence when time runs out, and never with half a summary', async () => {
    connection.sandbox.importOpportunities({ count: 1100, events: false });
    const clock = jest.spyOn(Date, 'now');
    let now = 0;
    // As if each look at the clock came seven seconds after the one before.
    clock.mockImplementation(() => {
      now += 7000;
      return 1_800_000_000_000 + now;
    });
    try {
      const error = await errorOf(summarize({ period: 'today' }));
      expect(sentenceOf(error)).toMatch(
        /^HighLevel answered too slowly to sum everything up: after 25 seconds, [\d,]+ of [\d,]+ opportunities/,
      );
    } finally {
      clock.mockRestore();
    }
  });
});

describe('summarize_opportunities in a large account', () => {
  it('sums up 10,000 open opportunities exactly in 21 requests', async () => {
    const connection = await connect(AMPLE);
    const before = [...connection.sandbox.state.opportunities.values()].filter(
      ({ locationId, status }) => locationId === connection.sandbox.locationId && status === 'open',
    );
    connection.sandbox.importOpportunities({ count: 10_000, monetaryValue: 100.1, events: false });
    const [summary] = await connection.run<Summary[]>(PERFORM, { period: 'last_7_days' });
    const seeded = before.reduce((sum, { monetaryValue }) => sum + monetaryValue, 0);
    expect(summary).toMatchObject({
      open_count: 10_000 + before.length,
      open_value: 1_001_000 + seeded,
      search_requests: 21,
    });
    await connection.close();
  });

  it('refuses to list an account that is too large for it', async () => {
    const connection = await connect(AMPLE);
    connection.sandbox.importOpportunities({ count: 5100, events: false });
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/search',
      status: 422,
      times: 9,
      body: { message: ['no'] },
    });
    const error = await errorOf(connection.run(PERFORM, { period: 'today' }));
    expect(sentenceOf(error)).toMatch(/Without it only 5,000 opportunities can be read, and there are more/);
    expect(connection.requests().filter((request) => request === GET)).toHaveLength(1);
    await connection.close();
  });

  it('says plainly that there is nothing in an empty account', async () => {
    const connection = await connect({ opportunities: 0 });
    const [summary] = await connection.run<Summary[]>(PERFORM, { period: 'today' });
    expect(summary).toMatchObject({
      open_count: 0,
      win_rate: null,
      owners: [],
      largest_opportunities: [],
      opportunities_read: 0,
    });
    expect(summary?.text).toContain('Open now: none');
    await connection.close();
  });
});
