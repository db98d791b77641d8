import { afterAll, afterEach, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import nock from 'nock';
import { opportunityOutput, opportunityRowSample } from '../../fields/outputs/opportunity.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { OF_ROWS, pollRuns } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { startRunner } from '../support/runner.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  stage_changed: {
    live: ['Drag a card to another stage', 'the Zap runs once, with the new stage and its moment'],
    runs: pollRuns,
  },
};

const PERFORM = 'triggers.stage_changed.operation.perform';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** The searches, without the lists of names that a cold cache asks for. */
const searches = (requests: string[]) =>
  requests.filter((request) => request.endsWith('/opportunities/search'));
const bodies = (connection: Connection) =>
  connection.sandbox
    .requests()
    .filter(({ method, path }) => method === 'POST' && path === '/opportunities/search')
    .map(({ body }) => body as Record<string, unknown>);

const opportunitiesOf = (connection: Connection) =>
  [...connection.sandbox.state.opportunities.values()].filter(
    ({ locationId }) => locationId === connection.sandbox.locationId,
  );

describe('stage_changed', () => {
  let connection: Connection;
  const sales = () => connection.sandbox.seeded.pipelines.Sales;

  beforeAll(async () => {
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });
  afterEach(() => connection.sandbox.clearFaults());

  it('shows opportunities that moved, the latest first, and none that was only created', async () => {
    const rows = await connection.run(PERFORM, {}, { meta: { isPopulatingDedupe: true } });
    const moved = opportunitiesOf(connection).filter(
      ({ createdAt, lastStageChangeAt }) => Date.parse(lastStageChangeAt) - Date.parse(createdAt) > 1,
    );
    expect(moved.length).toBeGreaterThan(0);
    expect(moved.length).toBeLessThan(opportunitiesOf(connection).length);
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(moved.map(({ id }) => id)));
    const times = rows.map(({ last_stage_change_at }) => String(last_stage_change_at));
    expect(times).toEqual([...times].sort().reverse());
  });

  it('has the keys of the sample and of the described output', async () => {
    const described = [...opportunityOutput.map(({ key }) => key), 'custom_fields', ...OF_ROWS].sort();
    for (const row of await connection.run(PERFORM)) expect(Object.keys(row).sort()).toEqual(described);
    expect(Object.keys(opportunityRowSample).sort()).toEqual(described);
  });

  it('asks once a poll, by the time of the change, and sends no filter that was not set', async () => {
    await connection.run(PERFORM);
    connection.requests();
    await connection.run(PERFORM, { pipeline_id: '', stage_id: null, status: '' });
    expect(bodies(connection)).toEqual([
      {
        locationId: connection.sandbox.locationId,
        query: '',
        limit: 100,
        sort: [{ field: 'last_stage_change_date', direction: 'desc' }],
        additionalDetails: { notes: false, tasks: false, calendarEvents: false, unReadConversations: false },
      },
    ]);
    expect(connection.requests()).toEqual(['POST /opportunities/search']);
  });

  it('filters by pipeline, stage moved into, status and owner, given as ids or as names', async () => {
    const [stageName = '', stageId = ''] = Object.entries(sales()?.stages ?? {})[1] ?? [];
    const [owner = '', ownerId = ''] = Object.entries(connection.sandbox.seeded.users)[0] ?? [];
    const [one] = opportunitiesOf(connection).filter(({ pipelineId }) => pipelineId === sales()?.id);
    connection.sandbox.editOpportunity(one?.id ?? '', {
      pipelineStageId: stageId,
      status: 'open',
      assignedTo: ownerId,
      createdAt: ago(9 * HOUR),
      lastStageChangeAt: ago(HOUR),
    });
    const input = { pipeline_id: 'sales', stage_id: stageName, status: 'open', owner_id: owner };
    const rows = await connection.run(PERFORM, input);
    expect(rows.map(({ id }) => id)).toContain(one?.id);
    expect(
      rows.every((row) => row.stage_name === stageName && row.status === 'open' && row.owner_name === owner),
    ).toBe(true);
    expect(bodies(connection).at(-1)?.filters).toEqual([
      { field: 'pipeline_id', operator: 'eq', value: sales()?.id },
      { field: 'pipeline_stage_id', operator: 'eq', value: stageId },
      { field: 'assigned_to', operator: 'eq', value: ownerId },
      { field: 'status', operator: 'eq', value: 'open' },
    ]);
    expect(await connection.run(PERFORM, { stage_id: stageId, owner_id: ownerId, status: 'open' })).toEqual(
      rows,
    );
  });

  it.each([
    [1999, false],
    [2001, true],
  ])('takes a change %i ms after the creation for a move: %s', async (ms, isMove) => {
    const [one] = opportunitiesOf(connection);
    const createdAt = Date.now() - HOUR;
    connection.sandbox.editOpportunity(one?.id ?? '', {
      createdAt: new Date(createdAt).toISOString(),
      lastStageChangeAt: new Date(createdAt + ms).toISOString(),
    });
    const ids = (await connection.run(PERFORM)).map(({ id }) => id);
    expect(ids.includes(one?.id)).toBe(isMove);
  });

  it('shows opportunities that never moved as samples, so that a new account has some', async () => {
    const fresh = await connect();
    for (const { id, createdAt } of opportunitiesOf(fresh))
      fresh.sandbox.editOpportunity(id, { lastStageChangeAt: createdAt });
    expect(await fresh.run(PERFORM)).toEqual([]);
    expect(await fresh.run(PERFORM, {}, { meta: { isLoadingSample: true } })).toHaveLength(10);
    await fresh.close();
  });

  it('says which pipelines, and which stages, there are when the chosen one is gone', async () => {
    const pipeline = await errorOf(connection.run(PERFORM, { pipeline_id: 'Old Pipeline' }));
    expect(pipeline.name).toBe('AppError');
    expect(sentenceOf(pipeline)).toMatch(
      /^Pipeline: there is no pipeline called "Old Pipeline"\. There are: .*"Sales"/,
    );
    const stage = await errorOf(connection.run(PERFORM, { pipeline_id: 'Sales', stage_id: 'Old Stage' }));
    expect(sentenceOf(stage)).toMatch(
      /^Moved to Stage: there is no stage of the pipeline "Sales" called "Old Stage"/,
    );
    expect(searches(connection.requests())).toEqual([]);
  });

  it('shows nothing, not an error, in an empty account, and asks twice before it believes that', async () => {
    const empty = await connect({ opportunities: 0 });
    expect(await empty.run(PERFORM)).toEqual([]);
    expect(searches(empty.requests())).toEqual(['POST /opportunities/search', 'GET /opportunities/search']);
    await empty.close();
  });
});

describe('stage_changed as a Zap', () => {
  it('fires once for each move, twice for an opportunity that moves twice, and never for a creation', async () => {
    const connection = await connect(AMPLE);
    const { sandbox } = connection;
    const { runner, connection: account } = await startRunner(sandbox);
    try {
      const zap = {
        name: 'moves',
        trigger: { key: 'stage_changed', input: { pipeline_id: 'Sales' } },
        steps: [],
      };
      const live = await runner.turnOn(zap, account);
      const stages = Object.values(sandbox.seeded.pipelines.Sales?.stages ?? {});
      const opportunity = opportunitiesOf(connection).find(
        ({ pipelineId }) => pipelineId === sandbox.seeded.pipelines.Sales?.id,
      );
      const id = opportunity?.id ?? '';
      const move = () => {
        const at = stages.indexOf(sandbox.opportunity(id).pipelineStageId);
        sandbox.moveClock({ by: 1000 });
        sandbox.changeOpportunity(id, { pipelineStageId: stages[(at + 1) % stages.length] ?? '' });
      };
      const fired = async () => (await live.poll()).map(({ trigger }) => trigger.id);

      expect(await fired()).toEqual([]);
      move();
      expect(await fired()).toEqual([id]);
      expect(await fired()).toEqual([]);
      move();
      sandbox.importOpportunities({ count: 3, pipelineId: sandbox.seeded.pipelines.Sales?.id });
      expect(await fired()).toEqual([id]);
      sandbox.changeOpportunity(id, { monetaryValue: 1 });
      expect(await fired()).toEqual([]);
    } finally {
      await runner.close();
      await connection.close();
    }
  });
});

describe('stage_changed in a busy account', () => {
  it('loses none of 900 opportunities moved between two polls, and keeps its filters on every page', async () => {
    const connection = await connect({ opportunities: 1500, ...AMPLE });
    try {
      const { Sales } = connection.sandbox.seeded.pipelines;
      const [, stageId] = Object.entries(Sales?.stages ?? {})[1] ?? [];
      await connection.run(PERFORM, { pipeline_id: 'Sales' });
      expect(searches(connection.requests())).toHaveLength(1);

      const moved = opportunitiesOf(connection)
        .filter(({ pipelineId }) => pipelineId === Sales?.id)
        .slice(0, 900);
      expect(moved).toHaveLength(900);
      for (const [index, opportunity] of moved.entries()) {
        Object.assign(opportunity, {
          pipelineStageId: stageId,
          createdAt: ago(2 * HOUR),
          lastStageChangeAt: ago(MINUTE + index * 1000),
        });
      }
      connection.sandbox.context.index.rebuild();
      const rows = await connection.run(PERFORM, { pipeline_id: 'Sales', stage_id: stageId });
      expect(new Set(rows.map(({ id }) => id)).isSupersetOf(new Set(moved.map(({ id }) => id)))).toBe(true);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
      const pages = bodies(connection);
      // The docs disagree on where page numbers begin: one would skip the newest changes, so none is ever sent.
      expect(pages.map(({ limit, page, searchAfter }) => [limit, page, Array.isArray(searchAfter)])).toEqual([
        [100, undefined, false],
        [500, undefined, true],
        [500, undefined, true],
      ]);
      expect(new Set(pages.map(({ filters, sort }) => JSON.stringify([filters, sort]))).size).toBe(1);
    } finally {
      await connection.close();
    }
  });

  it('loses none of 700 opportunities moved in the five hours in which its polls failed, and then reads no more than before', async () => {
    const connection = await connect({ opportunities: 1500, ...AMPLE });
    const { now } = Date;
    try {
      const zap = { meta: { zap: { id: '7' } } };
      connection.sandbox.fault({ path: '/opportunities/search', status: 500, times: 2, body: {} });
      await errorOf(connection.run(PERFORM, {}, zap));
      jest.spyOn(Date, 'now').mockImplementation(() => now() + 3 * HOUR);
      await errorOf(connection.run(PERFORM, {}, zap));
      jest.spyOn(Date, 'now').mockImplementation(() => now() + 5 * HOUR);

      const moved = opportunitiesOf(connection).slice(0, 700);
      for (const [index, opportunity] of opportunitiesOf(connection).entries()) {
        const movedAt = index < 700 ? ago(5 * MINUTE + index * 25_000) : ago(30 * HOUR);
        Object.assign(opportunity, { createdAt: ago(90 * HOUR), lastStageChangeAt: movedAt });
      }
      connection.sandbox.context.index.rebuild();
      // Another Zap, whose polls did not fail.
      expect(await connection.run(PERFORM, {}, { meta: { zap: { id: '8' } } })).toHaveLength(600);
      const rows = await connection.run(PERFORM, {}, zap);
      expect(new Set(rows.map(({ id }) => id)).isSupersetOf(new Set(moved.map(({ id }) => id)))).toBe(true);
      expect(await connection.run(PERFORM, {}, zap)).toHaveLength(600);

      // What failed before the Zap was turned off and on says nothing of what is new.
      connection.sandbox.fault({ path: '/opportunities/search', status: 500, body: {} });
      await errorOf(connection.run(PERFORM, {}, zap));
      jest.spyOn(Date, 'now').mockImplementation(() => now() + 10 * HOUR);
      await connection.run(PERFORM, {}, { meta: { ...zap.meta, isPopulatingDedupe: true } });
      expect(await connection.run(PERFORM, {}, zap)).toHaveLength(100);
    } finally {
      jest.restoreAllMocks();
      await connection.close();
    }
  });

  it('finds a move beneath an import of 2,000 new opportunities', async () => {
    const connection = await connect(AMPLE);
    try {
      const [, last] = opportunitiesOf(connection);
      connection.sandbox.editOpportunity(last?.id ?? '', {
        createdAt: ago(30 * HOUR),
        lastStageChangeAt: ago(5 * MINUTE),
      });
      connection.sandbox.importOpportunities({ count: 2000, events: false });
      const rows = await connection.run(PERFORM);
      expect(rows.map(({ id }) => id)).toContain(last?.id);
    } finally {
      await connection.close();
    }
  });

  it('reads a thousand opportunities for the dedupe table in two requests', async () => {
    const connection = await connect({ opportunities: 1200, ...AMPLE });
    await connection.run(PERFORM, {}, { meta: { isPopulatingDedupe: true } });
    expect(bodies(connection).map(({ limit }) => limit)).toEqual([500, 500]);
    await connection.close();
  });

  it('stops on a cursor that it has had before', async () => {
    const connection = await connect({ opportunities: 0 });
    const moved = ago(MINUTE);
    const opportunities = Array.from({ length: 500 }, (_, index) => ({
      id: `o${index}`,
      createdAt: ago(HOUR),
      lastStageChangeAt: moved,
      sort: [1, 'same'],
    }));
    let asked = 0;
    nock('http://highlevel.test')
      .persist()
      .post('/opportunities/search')
      .reply((_uri, body) => {
        asked += 1;
        return [201, { opportunities: opportunities.slice(0, (body as { limit: number }).limit) }];
      })
      .get(/pipelines/)
      .reply(200, { pipelines: [] })
      .get(/customFields/)
      .reply(200, { customFields: [] });
    connection.sandbox.url = 'http://highlevel.test';
    expect(await connection.run(PERFORM)).toHaveLength(500);
    expect(asked).toBe(2);
    nock.cleanAll();
    await connection.close();
  });
});
