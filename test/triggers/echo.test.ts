import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../relay/support/relay.ts';
import { type InstantWorld, startInstantWorld } from './support/instant-world.ts';

describe('Ignore Changes Made by This Integration', () => {
  let world: InstantWorld;

  beforeAll(async () => {
    world = await startInstantWorld();
  }, 60_000);
  afterAll(() => world.close(), 60_000);

  it('keeps a Zap still for what a Zap of this integration wrote, and not for what a person did', async () => {
    const { sandbox, runner, connection } = world;
    const still = await world.turnOn('stage_changed_instant', { ignore_own_changes: 'yes' });
    const every = await world.turnOn('stage_changed_instant', { ignore_own_changes: 'no' });
    const sales = sandbox.seeded.pipelines.Sales;
    const [, second, third] = Object.values(sales?.stages ?? {});
    const { id } =
      [...sandbox.state.opportunities.values()].find(
        (one) => one.pipelineId === sales?.id && ![second, third].includes(one.pipelineStageId),
      ) ?? {};
    const input = { opportunity_id: id, pipeline_id: 'Sales', stage_id: second };
    await runner.call('create', 'update_opportunity', input, connection);
    await until(() => every.tasks.length === 1);
    sandbox.changeOpportunity(id ?? '', { pipelineStageId: third });
    await until(() => every.tasks.length === 2);
    await until(() => still.tasks.length === 1);
    await pause(300);
    expect(still.tasks.map(({ trigger }) => trigger)).toMatchObject([
      { id, change: { from: second, to: third, from_known: true } },
    ]);
  });
});
