import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { opportunityOutput } from '../../fields/outputs/opportunity.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { OF_ROWS, pollRuns } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { startRunner } from '../support/runner.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  status_changed: {
    live: ['Mark an opportunity as won', 'the Zap runs once, with the status won'],
    runs: pollRuns,
  },
};

const PERFORM = 'triggers.status_changed.operation.perform';

describe('status_changed', () => {
  let connection: Connection;
  const opportunities = () =>
    [...connection.sandbox.state.opportunities.values()].filter(
      ({ locationId }) => locationId === connection.sandbox.locationId,
    );

  beforeAll(async () => {
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());

  it('shows any change of status, the latest first, and asks by the time of that change', async () => {
    const rows = await connection.run(PERFORM);
    const statuses = new Set(rows.map(({ status }) => status));
    expect(statuses).toEqual(new Set(['won', 'lost', 'abandoned']));
    const times = rows.map(({ last_status_change_at }) => String(last_status_change_at));
    expect(times).toEqual([...times].sort().reverse());
    const [search] = connection.sandbox.requests().filter(({ method }) => method === 'POST');
    expect(search?.body).toMatchObject({ sort: [{ field: 'last_status_change_date', direction: 'desc' }] });
    expect(search?.body).not.toHaveProperty('filters');
  });

  it('costs one request a poll once the names are known', async () => {
    await connection.run(PERFORM);
    connection.requests();
    await connection.run(PERFORM, { status: 'lost' });
    expect(connection.requests()).toEqual(['POST /opportunities/search']);
  });

  it('names the reason of a lost opportunity', async () => {
    const reasons = connection.sandbox.seeded.lostReasons;
    const rows = await connection.run(PERFORM, { status: 'lost' });
    expect(rows.every(({ status }) => status === 'lost')).toBe(true);
    const withReason = rows.filter(({ lost_reason_id }) => lost_reason_id !== null);
    expect(withReason.length).toBeGreaterThan(0);
    for (const { lost_reason_id, lost_reason_name } of withReason) {
      expect(reasons[String(lost_reason_name)]).toBe(lost_reason_id);
    }
  });

  it('shows lost opportunities without reasons and owners where HighLevel refuses those lists, and goes on', async () => {
    connection.forget();
    const body = { statusCode: 401, message: 'The token is not authorized for this scope.' };
    connection.sandbox.fault({ path: '/opportunities/lost-reason', status: 401, body });
    connection.sandbox.fault({ path: '/users/search', status: 401, body });
    const rows = await connection.run(PERFORM, { status: 'lost' });
    expect(rows.some(({ lost_reason_id }) => lost_reason_id !== null)).toBe(true);
    expect(rows.some(({ owner_id }) => owner_id !== null)).toBe(true);
    for (const row of rows) expect(row).toMatchObject({ lost_reason_name: null, owner_name: null });
    connection.forget();
  });

  it('filters by pipeline, stage and owner', async () => {
    const [one] = await connection.run(PERFORM, { status: 'won' });
    const rows = await connection.run(PERFORM, {
      status: 'Won',
      pipeline_id: one?.pipeline_name,
      stage_id: one?.stage_name,
      owner_id: one?.owner_id,
    });
    expect(rows.map(({ id }) => id)).toContain(one?.id);
    expect(rows.every((row) => row.stage_id === one?.stage_id && row.owner_id === one?.owner_id)).toBe(true);
  });

  it('has the same keys for every opportunity', async () => {
    const described = [...opportunityOutput.map(({ key }) => key), 'custom_fields', ...OF_ROWS].sort();
    for (const row of await connection.run(PERFORM)) expect(Object.keys(row).sort()).toEqual(described);
  });

  it('does not take an opportunity created as won for one that was won', async () => {
    const [born] = opportunities();
    connection.sandbox.editOpportunity(born?.id ?? '', {
      status: 'won',
      lastStatusChangeAt: born?.createdAt ?? '',
    });
    expect((await connection.run(PERFORM, { status: 'won' })).map(({ id }) => id)).not.toContain(born?.id);
  });

  it('says which words it knows as a status', async () => {
    const error = await errorOf(connection.run(PERFORM, { status: 'closed' }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(/^New Status: "closed" is not a status\. Choose Open, Won/);
  });

  it('fires when an opportunity is lost, and again when it is lost once more', async () => {
    const { sandbox } = connection;
    const { runner, connection: account } = await startRunner(sandbox);
    const zap = { name: 'lost', trigger: { key: 'status_changed', input: { status: 'lost' } }, steps: [] };
    const live = await runner.turnOn(zap, account);
    const id = opportunities().find(({ status }) => status === 'open')?.id ?? '';
    const [[reason, lostReasonId] = ['', '']] = Object.entries(sandbox.seeded.lostReasons);
    const set = (status: 'lost' | 'open') => {
      sandbox.moveClock({ by: 1000 });
      sandbox.changeOpportunity(id, status === 'lost' ? { status, lostReasonId } : { status });
    };
    const fired = async () =>
      (await live.poll()).map(({ trigger }) => [trigger.id, trigger.status, trigger.lost_reason_name]);

    set('lost');
    expect(await fired()).toEqual([[id, 'lost', reason]]);
    expect(await fired()).toEqual([]);
    set('open');
    expect(await fired()).toEqual([]);
    set('lost');
    expect(await fired()).toEqual([[id, 'lost', reason]]);
    await runner.close();
  });
});
