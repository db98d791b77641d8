import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { opportunityOutput } from '../../fields/outputs/opportunity.ts';
import trigger from '../../triggers/stale_opportunity.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { filters, OF_ROWS, SAMPLE, SEARCH_REFUSED, TURNED_ON } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { startRunner } from '../support/runner.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  stale_opportunity: {
    live: ['Choose 1 day, and leave an opportunity alone for two', 'the Zap runs once for it'],
    runs: (sandbox) => {
      const inputData = { ...filters(sandbox), days: '14', movement: 'update', include_contact: 'yes' };
      return {
        all: [
          { inputData },
          { inputData, fault: SEARCH_REFUSED },
          { inputData: { days: '1' }, meta: TURNED_ON },
          { inputData: { days: '1' }, meta: SAMPLE },
        ],
        least: [{ inputData: { days: '1' } }],
      };
    },
  },
};

/** As when the Zap is turned on: what went stale at any time counts. */
const ALL = { meta: { isPopulatingDedupe: true } };
const PERFORM = 'triggers.stale_opportunity.operation.perform';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

const opportunitiesOf = (connection: Connection) =>
  [...connection.sandbox.state.opportunities.values()].filter(
    ({ locationId }) => locationId === connection.sandbox.locationId,
  );

describe('stale_opportunity', () => {
  let connection: Connection;
  const age = (time: string) => Date.now() - Date.parse(time);

  beforeAll(async () => {
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());

  it('shows open opportunities that rest in their stage for so long, the most recently gone stale first', async () => {
    const rows = await connection.run(PERFORM, { days: 30 }, ALL);
    const stale = opportunitiesOf(connection).filter(
      ({ status, lastStageChangeAt }) => status === 'open' && age(lastStageChangeAt) > 30 * DAY,
    );
    expect(stale.length).toBeGreaterThan(1);
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set(stale.map(({ id }) => id)));
    const since = rows.map(({ stale_since }) => String(stale_since));
    expect(since).toEqual([...since].sort().reverse());
    for (const row of rows) {
      expect(row.stale_since).toBe(row.last_stage_change_at);
      expect(row.days_stale).toBe(Math.floor(age(String(row.stale_since)) / DAY));
      expect(row.days_stale).toBeGreaterThanOrEqual(30);
    }
  });

  it('asks once a poll, for open opportunities before the day, the latest first', async () => {
    await connection.run(PERFORM, { days: '30' });
    connection.requests();
    connection.sandbox.clearRequests();
    await connection.run(PERFORM, { days: '30', pipeline_id: 'Sales' });
    const [search, ...more] = connection.sandbox.requests();
    expect(more).toEqual([]);
    expect(search?.body).toMatchObject({
      limit: 100,
      filters: [
        { field: 'pipeline_id', operator: 'eq', value: connection.sandbox.seeded.pipelines.Sales?.id },
        { field: 'status', operator: 'eq', value: 'open' },
        {
          field: 'last_stage_change_date',
          operator: 'range',
          value: { lt: expect.any(String) },
        },
      ],
      sort: [{ field: 'last_stage_change_date', direction: 'desc' }],
    });
    const { filters } = search?.body as { filters: { value: { lt?: string } }[] };
    expect(Math.abs(age(String(filters[2]?.value.lt)) - 30 * DAY)).toBeLessThan(10_000);
  });

  it('counts any change of an opportunity as movement where that was chosen', async () => {
    const [one] = await connection.run(PERFORM, { days: 30 }, ALL);
    connection.sandbox.editOpportunity(String(one?.id), { updatedAt: ago(HOUR) });
    const ids = (rows: Record<string, unknown>[]) => rows.map(({ id }) => id);
    expect(ids(await connection.run(PERFORM, { days: 30, movement: 'stage' }, ALL))).toContain(one?.id);
    const rows = await connection.run(PERFORM, { days: 30, movement: 'update' }, ALL);
    expect(ids(rows)).not.toContain(one?.id);
    expect(rows.every((row) => row.stale_since === row.updated_at)).toBe(true);
  });

  it('counts from when it was opened again where that is later, and from the stage where it was not', async () => {
    const { sandbox } = connection;
    const [id = '', other = ''] = opportunitiesOf(connection)
      .filter(({ status }) => status === 'open')
      .map((one) => one.id);
    const [moved, opened] = [ago(50 * DAY), ago(20 * DAY)];
    sandbox.editOpportunity(id, { lastStageChangeAt: moved, lastStatusChangeAt: opened });
    sandbox.editOpportunity(other, { lastStageChangeAt: opened, lastStatusChangeAt: moved });
    const stale = async (days: number) =>
      (await connection.run(PERFORM, { days }, ALL))
        .filter((row) => row.id === id || row.id === other)
        .map(({ stale_since, days_stale }) => ({ stale_since, days_stale }));
    const one = { stale_since: opened, days_stale: 20 };
    expect(await stale(19)).toEqual([one, one]);
    expect(await stale(21)).toEqual([]);
  });

  it('has the keys of the sample and of the described output', async () => {
    const own = ['custom_fields', 'stale_since', 'days_stale', ...OF_ROWS];
    const all = [...opportunityOutput.map(({ key }) => key), ...own].sort();
    const described = all.filter((key) => !key.startsWith('lost_reason'));
    const rows = await connection.run(PERFORM, { days: 30 }, ALL);
    for (const row of rows) expect(Object.keys(row).sort()).toEqual(described);
    expect(Object.keys(trigger.operation.sample ?? {}).sort()).toEqual(described);
  });

  it.each(['two weeks', '0', '-3', '1.5', '4000'])('refuses %p as a number of days', async (days) => {
    const error = await errorOf(connection.run(PERFORM, { days }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toBe(
      `Days Without Movement: "${days}" is not a whole number from 1 to 3650. Write one in digits, for example 14.`,
    );
  });

  it('says that the number of days is empty', async () => {
    const error = await errorOf(connection.run(PERFORM, { days: '' }));
    expect(sentenceOf(error)).toMatch(/^Days Without Movement: this is empty/);
  });

  it('refuses a movement that is no choice', async () => {
    const error = await errorOf(connection.run(PERFORM, { days: 3, movement: 'value' }));
    expect(sentenceOf(error)).toMatch(/^What Counts as Movement: "value" is not one of the choices/);
  });

  it('shows nothing where nothing is stale', async () => {
    expect(await connection.run(PERFORM, { days: 3650 })).toEqual([]);
  });

  it('fires once each time an opportunity goes stale', async () => {
    const { sandbox } = connection;
    const { runner, connection: account } = await startRunner(sandbox);
    const zap = { name: 'stale', trigger: { key: 'stale_opportunity', input: { days: '14' } }, steps: [] };
    const live = await runner.turnOn(zap, account);
    const fired = async () => (await live.poll()).map(({ trigger: row }) => row.id);
    const id = opportunitiesOf(connection).find(({ status }) => status === 'open')?.id ?? '';

    expect(await fired()).toEqual([]);
    sandbox.editOpportunity(id, {
      lastStageChangeAt: ago(14 * DAY + 1000),
      lastStatusChangeAt: ago(14 * DAY + 1000),
    });
    expect(await fired()).toEqual([id]);
    sandbox.editOpportunity(id, { monetaryValue: 7, updatedAt: ago(0) });
    expect(await fired()).toEqual([]);
    sandbox.editOpportunity(id, { lastStageChangeAt: ago(HOUR) });
    expect(await fired()).toEqual([]);
    sandbox.editOpportunity(id, { lastStageChangeAt: ago(14 * DAY + 500) });
    expect(await fired()).toEqual([id]);
    await runner.close();
  });
});

describe('stale_opportunity in a busy account', () => {
  it('finds one that rested since it was opened again, beneath 150 whose stage changed later', async () => {
    const connection = await connect({ opportunities: 400, ...AMPLE });
    const { sandbox } = connection;
    const [reopened, ...others] = opportunitiesOf(connection).slice(0, 151);
    for (const [index, opportunity] of others.entries()) {
      opportunity.status = 'open';
      opportunity.createdAt = opportunity.lastStatusChangeAt = ago(60 * DAY);
      opportunity.lastStageChangeAt = ago(20 * DAY + index * HOUR);
    }
    for (const meta of [{}, { isPopulatingDedupe: true }]) {
      sandbox.editOpportunity(reopened?.id ?? '', {
        status: 'open',
        createdAt: ago(90 * DAY),
        lastStageChangeAt: ago(80 * DAY),
        lastStatusChangeAt: ago(14 * DAY + HOUR),
      });
      sandbox.context.index.rebuild();
      const rows = await connection.run(PERFORM, { days: 14 }, { meta });
      expect(rows.filter(({ id }) => id === reopened?.id)).toHaveLength(1);
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    }
    connection.requests();
    await connection.run(PERFORM, { days: 14 });
    expect(connection.requests()).toEqual(['POST /opportunities/search']);
    await connection.close();
  });

  it('loses none of 300 opportunities that went stale together', async () => {
    const connection = await connect({ opportunities: 700, ...AMPLE });
    const together = opportunitiesOf(connection).slice(0, 300);
    for (const [index, opportunity] of together.entries()) {
      opportunity.status = 'open';
      opportunity.lastStageChangeAt = ago(14 * DAY + 1000 + index * 100);
      opportunity.lastStatusChangeAt = opportunity.lastStageChangeAt;
    }
    connection.sandbox.context.index.rebuild();
    const rows = await connection.run(PERFORM, { days: 14 });
    expect(new Set(rows.map(({ id }) => id)).isSupersetOf(new Set(together.map(({ id }) => id)))).toBe(true);
    await connection.close();
  });
});
