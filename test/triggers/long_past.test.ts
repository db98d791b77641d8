/** An old opportunity that comes to match a filter is no news: a Zap on it could send an invoice for last year. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect } from '../support/connection.ts';

const DAY = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * DAY).toISOString();

describe('what happened more than a week ago', () => {
  let connection: Connection;
  let owner = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 4, ...AMPLE });
    owner = Object.values(connection.sandbox.seeded.users)[0] ?? '';
    const days = [1, 6, 8, 300];
    connection.sandbox.seeded.opportunityIds.slice(0, 4).forEach((id, index) => {
      const at = ago(days[index] ?? 0);
      connection.sandbox.editOpportunity(id, {
        name: `${days[index]} days`,
        status: 'won',
        assignedTo: owner,
        createdAt: ago((days[index] ?? 0) + 30),
        lastStageChangeAt: at,
        lastStatusChangeAt: at,
      });
    });
    connection.sandbox.context.index.rebuild();
  });
  afterAll(() => connection.close());

  const names = async (key: string, meta: object = {}, input: object = { owner_id: owner }) =>
    (await connection.run(`triggers.${key}.operation.perform`, { ...input }, { meta: { ...meta } }))
      .map(({ name }) => String(name))
      .filter((name) => / days$/.test(name));

  it.each(['stage_changed', 'status_changed'])('starts no Zap on %s', async (key) => {
    expect(await names(key)).toEqual(['1 days', '6 days']);
  });

  it('starts no Zap on new_opportunity', async () => {
    expect(await names('new_opportunity')).toEqual([]);
    const [id = ''] = connection.sandbox.seeded.opportunityIds;
    connection.sandbox.editOpportunity(id, { createdAt: ago(2) });
    connection.sandbox.context.index.rebuild();
    expect(await names('new_opportunity')).toEqual(['1 days']);
  });

  it.each([
    'stage_changed',
    'status_changed',
    'new_opportunity',
  ])('is shown as a sample of %s, and remembered when the Zap is turned on', async (key) => {
    expect(await names(key, { isLoadingSample: true })).toHaveLength(4);
    expect(await names(key, { isPopulatingDedupe: true })).toHaveLength(4);
  });

  it('counts for a stale opportunity from when it became stale', async () => {
    for (const id of connection.sandbox.seeded.opportunityIds.slice(0, 4)) {
      connection.sandbox.editOpportunity(id, { status: 'open' });
    }
    connection.sandbox.context.index.rebuild();
    expect(await names('stale_opportunity', {}, { days: '5' })).toEqual(['6 days', '8 days']);
    expect(await names('stale_opportunity', { isPopulatingDedupe: true }, { days: '5' })).toHaveLength(3);
  });

  it('is not yet stale where it was opened again since', async () => {
    const id = connection.sandbox.seeded.opportunityIds[1] ?? '';
    connection.sandbox.editOpportunity(id, { lastStatusChangeAt: ago(0) });
    connection.sandbox.context.index.rebuild();
    expect(await names('stale_opportunity', {}, { days: '5' })).toEqual(['8 days']);
  });
});
