import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { retryRules } from '../../local/sandbox/index.ts';
import { until } from '../relay/support/relay.ts';
import { type InstantWorld, startInstantWorld } from './support/instant-world.ts';

type Row = {
  id: string;
  stage_id: string;
  change: { from: string; to: string; from_known: boolean; recovered: boolean };
};

/** An outage of the relay, on the whole way from HighLevel to Zaps. */
describe('what changed while the relay was away', () => {
  let world: InstantWorld;
  afterEach(() => world.close(), 60_000);

  it.each([
    'only-429',
    'any-failure',
  ] as const)('arrives: 8 of 8 opportunities that moved twice, where HighLevel repeats %s', async (policy) => {
    // What is sent again comes after the relay is back, and after it was caught up.
    const retry = { ...retryRules(policy), waitMs: () => 9_000 };
    world = await startInstantWorld({ webhooks: { retry } });
    const { sandbox } = world;
    const [first = '', second = '', third = ''] = Object.values(sandbox.seeded.pipelines.Sales?.stages ?? {});
    const eight = [...sandbox.state.opportunities.values()]
      .filter(({ pipelineId }) => pipelineId === sandbox.seeded.pipelines.Sales?.id)
      .slice(0, 8)
      .map(({ id }) => id);
    expect(eight).toHaveLength(8);
    for (const id of eight) sandbox.changeOpportunity(id, { status: 'open', pipelineStageId: first });
    const zap = await world.turnOn('stage_changed_instant');
    const other = await world.turnOn('stage_changed_instant', { stage_id: third, pipeline_id: 'Sales' });
    await sandbox.context.webhooks.idle();
    const already = zap.tasks.length;
    const seenEvents = async () =>
      (await world.db.query<{ n: number }>('select count(*)::int as n from relay.seen_events'))[0]?.n ?? 0;
    const seen = await seenEvents();

    await world.stopRelay();
    await pause(1_600);
    for (const stage of [second, third]) {
      for (const id of eight) sandbox.changeOpportunity(id, { pipelineStageId: stage });
      await pause(50);
    }
    await world.restartRelay();

    await until(() => other.tasks.length >= 8, 30_000);
    // Those that HighLevel repeats come now.
    await sandbox.context.webhooks.idle();
    await pause(2_000);
    // Two events of each move, or none ever.
    expect((await seenEvents()) - seen).toBe(policy === 'any-failure' ? 32 : 0);
    const rows = zap.tasks.slice(already).map(({ trigger }) => trigger as unknown as Row);
    expect(rows.map(({ id }) => id).sort()).toEqual([...eight].sort());
    for (const row of rows) {
      expect(row).toMatchObject({
        stage_id: third,
        change: { from: first, to: third, from_known: true, recovered: true },
      });
    }
    expect(other.tasks).toHaveLength(8);
    expect([...zap.lost, ...other.lost]).toEqual([]);

    // From here on all is as before.
    const [one = ''] = eight;
    sandbox.changeOpportunity(one, { pipelineStageId: first });
    await until(() => zap.tasks.length === already + 9);
    expect(zap.tasks.at(-1)?.trigger).toMatchObject({
      change: { from: third, to: first, from_known: true, recovered: false },
    });
  }, 120_000);
});
