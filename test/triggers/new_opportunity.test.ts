import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { opportunityOutput, opportunityRowSample } from '../../fields/outputs/opportunity.ts';
import type { Opportunity } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { OF_ROWS, pollRuns } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  new_opportunity: {
    live: ['Add an opportunity', 'the Zap runs once for it, with its own custom fields'],
    runs: pollRuns,
  },
};

/** As when the Zap is turned on: an opportunity of any age counts. */
const ALL = { meta: { isPopulatingDedupe: true } };
const PERFORM = 'triggers.new_opportunity.operation.perform';
const HOUR = 3_600_000;

describe('new_opportunity', () => {
  let connection: Connection;
  const opportunities = () =>
    [...connection.sandbox.state.opportunities.values()].filter(
      ({ locationId }) => locationId === connection.sandbox.locationId,
    );
  const edit = (opportunity: Opportunity | undefined, changes: Partial<Opportunity>) => {
    Object.assign(opportunity ?? {}, changes);
    connection.sandbox.context.index.rebuild();
  };

  beforeAll(async () => {
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  it('shows each opportunity with names, a link and times with offset, newest first', async () => {
    const rows = await connection.run(PERFORM, {}, ALL);
    expect(rows).toHaveLength(30);
    const created = rows.map((row) => String(row.created_at));
    expect(created).toEqual([...created].sort().reverse());
    expect(rows[0]).toMatchObject({
      pipeline_name: expect.any(String),
      stage_name: expect.any(String),
      contact_name: expect.any(String),
      created_at: expect.stringMatching(/Z$/),
      url: expect.stringContaining('/opportunities/list?opportunity='),
    });
  });

  it('has the keys of the sample and of the described output, whichever opportunity it is', async () => {
    const described = [...opportunityOutput.map(({ key }) => key), 'custom_fields', ...OF_ROWS];
    for (const row of await connection.run(PERFORM))
      expect(Object.keys(row).sort()).toEqual([...described].sort());
    expect(Object.keys(opportunityRowSample).sort()).toEqual([...described].sort());
  });

  it('costs one request a poll once the names are known, even with a former user’s opportunity among the rows', async () => {
    await connection.run(PERFORM);
    connection.requests();
    await connection.run(PERFORM);
    expect(connection.requests()).toEqual(['GET /opportunities/search']);
  });

  it('names the owner where there is one, and leaves the name of a deleted one empty', async () => {
    const rows = await connection.run(PERFORM, {}, ALL);
    const former = rows.find(({ owner_id }) => owner_id === connection.sandbox.seeded.formerUserId);
    expect(former).toMatchObject({ owner_name: null });
    const [name, id] = Object.entries(connection.sandbox.seeded.users)[0] ?? [];
    expect(rows.find(({ owner_id }) => owner_id === id)).toMatchObject({
      owner_name: name,
      owner_email: expect.stringContaining('@'),
    });
  });

  it('shows opportunities without names of owners where users.readonly was not granted', async () => {
    const authData = { ...connection.authData, scope: 'opportunities.readonly' };
    const rows = await connection.run(PERFORM, {}, { ...ALL, bundle: { authData } });
    expect(rows).toHaveLength(30);
    expect(rows.every(({ owner_name }) => owner_name === null)).toBe(true);
  });

  it('reads a few rows for a sample, in one request', async () => {
    expect(await connection.run(PERFORM, {}, { meta: { isLoadingSample: true } })).toHaveLength(10);
  });

  it('filters by pipeline, stage, status and owner, given as ids or as names', async () => {
    const { pipelines, users } = connection.sandbox.seeded;
    const byName = await connection.run(PERFORM, { pipeline_id: ' sales ' });
    const byId = await connection.run(PERFORM, { pipeline_id: pipelines.Sales?.id });
    expect(byName).toEqual(byId);
    expect(byName.length).toBeGreaterThan(0);
    expect(byName.every(({ pipeline_name }) => pipeline_name === 'Sales')).toBe(true);

    const [owner] = Object.entries(users)[0] ?? [];
    const owned = await connection.run(PERFORM, { owner_id: owner, status: 'open' });
    expect(owned.length).toBeGreaterThan(0);
    expect(owned.every((row) => row.owner_name === owner && row.status === 'open')).toBe(true);
  });

  it('does not take an old opportunity that was moved into the stage for a new one', async () => {
    const { Sales } = connection.sandbox.seeded.pipelines;
    const [stageName, stageId] = Object.entries(Sales?.stages ?? {})[2] ?? [];
    const [still, moved] = opportunities().filter(({ pipelineId }) => pipelineId === Sales?.id);
    edit(still, {
      pipelineStageId: stageId,
      lastStageChangeAt: new Date(Date.parse(still?.createdAt ?? '') + 1).toISOString(),
    });
    edit(moved, {
      pipelineStageId: stageId,
      lastStageChangeAt: new Date(Date.parse(moved?.createdAt ?? '') + HOUR).toISOString(),
    });
    const ids = (await connection.run(PERFORM, { pipeline_id: 'Sales', stage_id: stageName })).map(
      ({ id }) => id,
    );
    expect(ids).toContain(still?.id);
    expect(ids).not.toContain(moved?.id);
  });

  it('does not take an old opportunity that was won for one created as won', async () => {
    const [born, later] = opportunities();
    edit(born, { status: 'won', lastStatusChangeAt: born?.createdAt });
    edit(later, {
      status: 'won',
      lastStatusChangeAt: new Date(Date.parse(later?.createdAt ?? '') + HOUR).toISOString(),
    });
    const ids = (await connection.run(PERFORM, { status: 'won' })).map(({ id }) => id);
    expect(ids).toContain(born?.id);
    expect(ids).not.toContain(later?.id);
  });

  it('says which pipelines there are when the chosen one is gone', async () => {
    const error = await errorOf(connection.run(PERFORM, { pipeline_id: 'Old Pipeline' }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(
      /^Pipeline: there is no pipeline called "Old Pipeline"\. There are: .*"Sales"/,
    );
  });

  it('refuses a stage of another pipeline', async () => {
    const error = await errorOf(
      connection.run(PERFORM, { pipeline_id: 'Onboarding', stage_id: 'Negotiation' }),
    );
    expect(sentenceOf(error)).toMatch(
      /^Stage: there is no stage of the pipeline "Onboarding" called "Negotiation"/,
    );
  });

  it('knows a stage that was added after the names were cached', async () => {
    await connection.run(PERFORM);
    const { Onboarding } = connection.sandbox.seeded.pipelines;
    const pipeline = connection.sandbox.state.pipelines.get(Onboarding?.id ?? '');
    const stage = {
      ...pipeline?.stages[0],
      id: '11111111-2222-4333-8444-555555555555',
      name: 'Brand New',
      position: 9,
    };
    pipeline?.stages.push(stage as never);
    const opportunity = opportunities().find(({ pipelineId }) => pipelineId === Onboarding?.id);
    edit(opportunity, { pipelineStageId: stage.id });
    connection.requests();
    const rows = await connection.run(PERFORM, {}, ALL);
    expect(rows.find(({ id }) => id === opportunity?.id)).toMatchObject({ stage_name: 'Brand New' });
    expect(connection.requests()).toEqual(['GET /opportunities/search', 'GET /opportunities/pipelines']);
  });
});

describe('new_opportunity in a busy account', () => {
  it('loses none of 2,500 opportunities imported between two polls, and reads one page otherwise', async () => {
    const connection = await connect({
      opportunities: 2800,
      ...AMPLE,
    });
    try {
      await connection.run(PERFORM);
      expect(connection.requests().filter((request) => request.includes('search'))).toContain(
        'GET /opportunities/search',
      );

      const imported = [...connection.sandbox.state.opportunities.values()]
        .filter(({ locationId }) => locationId === connection.sandbox.locationId)
        .slice(0, 2500);
      imported.forEach((opportunity, index) => {
        opportunity.createdAt = new Date(Date.now() - 60_000 - index * 1000).toISOString();
      });
      connection.sandbox.context.index.rebuild();
      const rows = await connection.run(PERFORM);
      expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(imported.map(({ id }) => id)));
      expect(connection.requests().filter((request) => request === 'GET /opportunities/search')).toHaveLength(
        26,
      );
    } finally {
      await connection.close();
    }
  });

  it('remembers all of an import in the hour before the Zap was turned on, so that none starts it', async () => {
    const connection = await connect({ opportunities: 30, ...AMPLE });
    try {
      connection.sandbox.importOpportunities({ count: 1_500, events: false });
      const ids = async (meta: Record<string, unknown>) =>
        new Set((await connection.run(PERFORM, {}, { meta })).map(({ id }) => id));
      const remembered = await ids({ isPopulatingDedupe: true });
      expect((await ids({})).difference(remembered)).toEqual(new Set());
    } finally {
      await connection.close();
    }
  });

  it('shows nothing, not an error, in an empty account', async () => {
    const connection = await connect({ opportunities: 0 });
    expect(await connection.run(PERFORM)).toEqual([]);
    expect(connection.requests()).toEqual(['GET /opportunities/search']);
    await connection.close();
  });
});
