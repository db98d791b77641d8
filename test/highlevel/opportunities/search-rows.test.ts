import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../support/scripted.ts';

const row = (id: string, changes: object = {}) => ({
  id,
  name: id,
  status: 'open',
  monetaryValue: 5,
  createdAt: '2026-11-20T10:00:00.000Z',
  sort: [1, id],
  ...changes,
});

async function pagesOf(answer: Parameters<typeof scripted>[0], where = {}) {
  const { asked, highlevel } = scripted(answer);
  const found: string[] = [];
  let leftOut = 0;
  for await (const page of highlevel.opportunities.read({ where, sort: 'any' })) {
    found.push(...page.records.map(({ id }) => id));
    leftOut = page.leftOut;
  }
  return { found, leftOut, asked };
}

describe('the rows of a search', () => {
  it.each([
    { monetaryValue: 'much' },
    { assignedTo: { id: 'u1' } },
    { createdAt: { $date: 1 } },
    { createdAt: 'soon' },
    { updatedAt: '0' },
  ])('leave out and count the one with %j, and give the others', async (odd) => {
    const opportunities = [row('o1'), row('o2', odd), row('o3')];
    expect(await pagesOf(() => ({ opportunities, total: 3 }))).toMatchObject({
      found: ['o1', 'o3'],
      leftOut: 1,
    });
  });

  it('are an error where not one of them can be read', async () => {
    const opportunities = [row('o1', { createdAt: 'soon' }), row('o2', { monetaryValue: {} })];
    await expect(pagesOf(() => ({ opportunities, total: 2 }))).rejects.toThrow();
  });

  it('go on behind the last one of a page, though it is left out', async () => {
    const first = Array.from({ length: 500 }, (_, index) => row(`o${index}`));
    first[499] = row('odd', { createdAt: 'soon' });
    const { found, leftOut, asked } = await pagesOf(({ body }) => ({
      opportunities: body.searchAfter ? [row('last')] : first,
      total: 501,
    }));
    expect([found.length, found.at(-1), leftOut]).toEqual([500, 'last', 1]);
    expect(asked[1]?.body.searchAfter).toEqual([1, 'odd']);
  });

  it('are none where null comes with a total of 0, and an error with any other', async () => {
    const answer = (total: number) => () => ({ opportunities: null, total, meta: { total } });
    expect(await pagesOf(answer(0))).toMatchObject({ found: [], leftOut: 0 });
    await expect(pagesOf(answer(2))).rejects.toThrow();
  });
});
