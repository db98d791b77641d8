import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../relay/support/relay.ts';
import { type InstantWorld, startInstantWorld } from './support/instant-world.ts';

/** What an instant trigger knows of opportunities that nothing happened to since it was turned on. */
describe('instant triggers, from the start', () => {
  let world: InstantWorld;
  let sandbox: InstantWorld['sandbox'];

  beforeAll(async () => {
    world = await startInstantWorld({ opportunities: 1_500 });
    sandbox = world.sandbox;
  }, 60_000);
  afterEach(() => world.turnOff());
  afterAll(() => world.close(), 60_000);

  const turnOn: InstantWorld['turnOn'] = (key, input) => world.turnOn(key, input);
  const open = () => [...sandbox.state.opportunities.values()].filter(({ status }) => status === 'open');
  const asked = () => sandbox.context.log.entries.map(({ method, path }) => `${method} ${path}`);

  it('24 of 24 rises of the value arrive, each with what it was before', async () => {
    sandbox.context.log.clear();
    const zap = await turnOn('value_changed_instant', { direction: 'up' });
    const { length } = open();
    expect(length).toBeGreaterThan(500);
    const searches = asked().filter((line) => line === 'POST /opportunities/search');
    expect(searches).toHaveLength(Math.ceil(length / 500));
    const some = open().slice(0, 24);
    const before = some.map(({ id, monetaryValue }) => ({ id, from: monetaryValue ?? 0 }));
    for (const { id, from } of before) sandbox.changeOpportunity(id, { monetaryValue: from + 50 });
    await until(() => zap.tasks.length === 24);
    const came = zap.tasks.map(({ trigger }) => trigger as { id: string; change: object });
    for (const { id, from } of before) {
      expect(came.find((row) => row.id === id)).toMatchObject({
        monetary_value: from + 50,
        change: { from, to: from + 50, from_known: true, recovered: false },
      });
    }
  });

  it('the first move out of a stage counts, of the pipeline that was chosen', async () => {
    const [[first, firstId], [, secondId]] = Object.entries(sandbox.seeded.pipelines.Sales?.stages ?? {}) as [
      [string, string],
      [string, string],
    ];
    const moved = open().find(({ pipelineStageId }) => pipelineStageId === firstId);
    const zap = await turnOn('stage_changed_instant', { pipeline_id: 'Sales', from_stage_id: first });
    sandbox.changeOpportunity(moved?.id ?? '', { pipelineStageId: secondId });
    await until(() => zap.tasks.length === 1);
    expect(zap.tasks[0]?.trigger).toMatchObject({
      id: moved?.id,
      change: { from_name: first, to: secondId },
    });
  });

  it('is on where the opportunities cannot be read to the end, and goes on when the relay asks', async () => {
    sandbox.context.faults.add({
      method: 'POST',
      path: '/opportunities/search',
      skip: 1,
      times: 50,
      status: 500,
    });
    const zap = await turnOn('status_changed_instant');
    sandbox.context.faults.clear();
    const waiting = () => world.db.query<{ before: Date }>('select before_at as before from relay.readings');
    expect(await waiting()).toEqual([{ before: expect.any(Date) }]);
    // The oldest comes last.
    const oldest = open().sort((a, b) => a.createdAt.localeCompare(b.createdAt))[0];
    sandbox.context.log.clear();
    await world.db.query(`update relay.readings set due_at = now()`);
    await until(async () => (await waiting()).length === 0);
    expect(asked().filter((line) => line === 'POST /opportunities/search')).toHaveLength(1);
    sandbox.changeOpportunity(oldest?.id ?? '', { status: 'won' });
    await until(() => zap.tasks.length > 0);
    expect(zap.tasks.map(({ trigger }) => trigger)).toMatchObject([
      { id: oldest?.id, change: { from: 'open', to: 'won', from_known: true } },
    ]);
    expect(zap.lost).toEqual([]);
  });
});
