import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { newOpportunity } from '../support/inputs.ts';
import { writes } from '../support/writes.ts';

type Result = Record<string, unknown>;

/** The actions on an opportunity that is there, beside Update Opportunity, and what they take beyond it. */
const ACTIONS: [key: string, input: (connection: Connection) => object][] = [
  ['update_opportunity_status', () => ({ status: 'abandoned' })],
  ['add_followers', ({ sandbox }) => ({ follower_ids: Object.values(sandbox.seeded.users).slice(0, 1) })],
  ['remove_followers', ({ sandbox }) => ({ follower_ids: Object.values(sandbox.seeded.users).slice(0, 1) })],
  ['delete_opportunity', () => ({})],
];

describe.each(ACTIONS)('%s', (key, inputOf) => {
  let connection: Connection;
  let opportunity_id: string;
  const run = (over: object) =>
    connection.run<Result>(`creates.${key}.operation.perform`, {
      opportunity_id,
      ...inputOf(connection),
      ...over,
    });

  beforeAll(async () => {
    connection = await connect({ opportunities: 6, ...AMPLE });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    opportunity_id = newOpportunity(connection.sandbox).id;
    connection.sandbox.clearRequests();
  });
  const standsAt = (status: 'open' | 'won' | 'lost') =>
    connection.sandbox.editOpportunity(opportunity_id, { status });

  it.each([
    ['open', 'open', false],
    ['open', 'lost', true],
    ['open', 'won', true],
    ['not_won', 'lost', false],
    ['not_won', 'won', true],
    ['any', 'won', false],
    ['', 'won', false],
  ] as const)('only if it is %j, where it is %s: left alone is %s', async (only_if, status, leftAlone) => {
    standsAt(status);
    const before = structuredClone(connection.sandbox.opportunity(opportunity_id));
    const test = await run({ only_if, test_mode: 'yes' });
    expect(test).toMatchObject({ id: opportunity_id, was_left_alone: leftAlone, is_test: true });
    expect(writes(connection)).toEqual([]);
    const result = await run({ only_if });
    expect(result).toMatchObject({ id: opportunity_id, was_left_alone: leftAlone, is_test: false });
    expect(writes(connection)).toHaveLength(leftAlone ? 0 : 1);
    if (leftAlone) {
      expect(connection.sandbox.opportunity(opportunity_id)).toEqual(before);
      expect(result.status).toBe(status);
      if (key === 'delete_opportunity') expect(result.deleted).toBe(false);
    }
  });

  it('says what is wrong with another word, before anything is asked or written', async () => {
    const error = await errorOf(run({ only_if: 'sleeping' }));
    expect(sentenceOf(error)).toMatch(/^Only if Its Status Is: "sleeping" is not one of the choices/);
    expect(writes(connection)).toEqual([]);
  });

  it('understands what an earlier step in Test Mode would have made, in Test Mode alone', async () => {
    await run({ test_mode: 'yes' });
    connection.sandbox.clearRequests();
    const result = await run({ opportunity_id: TEST_ID, test_mode: 'yes', only_if: 'open' });
    expect(result).toMatchObject({ id: TEST_ID, was_left_alone: false, is_test: true });
    expect(result.url ?? null).toBeNull();
    expect(connection.sandbox.requests().filter(({ path }) => path.includes(TEST_ID))).toEqual([]);
    const error = await errorOf(run({ opportunity_id: TEST_ID }));
    expect(sentenceOf(error)).toMatch(/^Opportunity: this comes from a step in Test Mode/);
  });
});
