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
  let isLast = false;
  for await (const page of highlevel.opportunities.read({ where, sort: 'any' })) {
    found.push(...page.records.map(({ id }) => id));
    ({ leftOut, isLast } = page);
  }
  return { found, leftOut, isLast, asked };
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
    await expect(pagesOf(() => ({ opportunities, total: 2 }))).rejects.toThrow(
      /cannot read \(at opportunities\.0\.createdAt\)/,
    );
    const amount = [row('o2', { monetaryValue: {} })];
    await expect(pagesOf(() => ({ opportunities: amount }))).rejects.toThrow(
      /cannot read \(at opportunities\.0\."Value"\)/,
    );
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

  /** Of the search that knows the order of creation alone; it goes on behind the row that it is told. */
  const listed = (rows: unknown[], meta?: object) =>
    pagesOf(({ method, query }) => {
      if (method === 'POST') return { status: 404, data: {} };
      const ids = rows.map((one) => (one as { id?: unknown } | null)?.id);
      const from = query.startAfterId
        ? ids.indexOf(query.startAfterId) + 1
        : (Number(query.page ?? 1) - 1) * 100;
      return {
        opportunities: rows.slice(from, from + 100),
        ...(meta && { meta: { total: rows.length, ...meta } }),
      };
    });
  const many = (count: number) => Array.from({ length: count }, (_, index) => row(`o${index}`));

  it.each([
    ['that is null', null],
    ['without an id', { name: 'odd' }],
    ['without a date', row('odd', { createdAt: null })],
    ['with a date that is none', row('odd', { createdAt: 'soon' })],
    ['with a value that is none', row('odd', { monetaryValue: 'much' })],
  ])('are read once each where the last of a page is one %s, with a total and without', async (_, odd) => {
    for (const meta of [undefined, {}]) {
      const rows: unknown[] = many(250);
      rows[99] = odd;
      rows[198] = odd && 'id' in odd ? { ...odd, id: 'odd2' } : odd && { ...odd, name: 'odd2' };
      const { found, leftOut, isLast } = await listed(rows, meta);
      const readable = odd !== null && 'id' in odd && odd.createdAt === null ? 2 : 0;
      expect(new Set(found).size).toBe(found.length);
      expect([found.length, isLast]).toEqual([248 + readable, true]);
      // One with nothing in it cannot be told from itself on the next page.
      expect(leftOut).toBe(odd === null ? 4 : 2 - readable);
    }
  });

  it('are not skipped behind a short first page that tells no place', async () => {
    const rows = many(150).map(({ createdAt: _, ...one }) => one);
    const { highlevel } = scripted(({ method, query }) => {
      if (method === 'POST') return { status: 404, data: {} };
      const limit = Number(query.limit);
      const from = (Number(query.page ?? 1) - 1) * limit;
      return { opportunities: rows.slice(from, from + limit) };
    });
    const found: string[] = [];
    for await (const page of highlevel.opportunities.read({ where: {}, sort: 'any', firstPage: 20 })) {
      found.push(...page.records.map(({ id }) => id));
    }
    expect(found).toEqual(rows.map(({ id }) => id));
  });

  it('go on by page numbers where a full page of the advanced search tells no place', async () => {
    const rows = many(1100).map(({ sort: _, ...one }) => one);
    for (const firstPage of [0, 1]) {
      const { found, isLast } = await pagesOf(({ body }) => {
        const at = body.page === undefined ? 0 : body.page - firstPage;
        return { opportunities: rows.slice(at * 500, at * 500 + 500) };
      });
      expect([found.length, new Set(found).size, isLast]).toEqual([1100, 1100, true]);
    }
  });

  it('go on behind the last one that tells its place', async () => {
    const first: unknown[] = many(500);
    first[499] = null;
    const { found, leftOut, asked } = await pagesOf(({ body }) => ({
      opportunities: body.searchAfter ? [row('last')] : first,
    }));
    expect([found.length, found.at(-1), leftOut]).toEqual([500, 'last', 1]);
    expect(asked[1]?.body.searchAfter).toEqual([1, 'o498']);
  });

  /** Pages of so many rows, whatever was asked for, from either search. */
  const paged = (count: number, size: number, total: (rows: number) => unknown, kind: 'GET' | 'POST') => {
    const rows = many(count).map((one, index) => ({ ...one, sort: [index] }));
    return pagesOf(({ method, query, body }) => {
      if (method === 'POST' && kind === 'GET') return { status: 404, data: {} };
      const behind = body?.searchAfter?.[0] ?? rows.findIndex(({ id }) => id === query.startAfterId);
      const opportunities = rows.slice(behind + 1, behind + 1 + size);
      return {
        opportunities,
        total: total(opportunities.length),
        meta: { total: total(opportunities.length) },
      };
    });
  };

  it.each([
    ['POST', 1100, 500, 'counts a page alone'],
    ['POST', 1000, 500, 'counts a page alone'],
    ['GET', 250, 100, 'counts a page alone'],
    ['POST', 250, 100, 'is true'],
    ['GET', 60, 25, 'is true'],
    ['GET', 50, 25, 'is true'],
  ] as const)('of %s are read whole: %d, %d a page, whose total %s', async (kind, count, size, how) => {
    const total = (rows: number) => (how === 'is true' ? count : rows);
    const { found, isLast } = await paged(count, size, total, kind);
    expect([found.length, new Set(found).size, isLast]).toEqual([count, count, true]);
  });

  it('are asked for by the number of the page where neither they nor the answer tell where they end', async () => {
    const { asked, found } = await pagesOf(({ method, query }) => {
      if (method === 'POST') return { status: 404, data: {} };
      const page = Number(query.page ?? 1);
      const of = Array.from({ length: page < 3 ? 100 : 1 }, (_, at) => ({ id: `o${page}-${at}` }));
      return { opportunities: of };
    });
    expect(found).toHaveLength(201);
    expect(asked.slice(1).map(({ query }) => query.page)).toEqual([undefined, '2', '3']);
  });

  it('end where HighLevel gives no more, though its total says that there are', async () => {
    const { found, isLast, asked } = await paged(40, 500, () => 60, 'POST');
    expect([found.length, isLast, asked.length]).toEqual([40, false, 2]);
  });

  it('name their pipeline, contact and owner by numbers too', async () => {
    const numbered = row('o1', { pipelineId: 7, contactId: 8, assignedTo: 9, pipelineStageId: 10 });
    const where = { pipelineId: '7', contactId: '8', ownerId: '9', stageId: '10' };
    expect(await pagesOf(() => ({ opportunities: [numbered], total: 1 }), where)).toMatchObject({
      found: ['o1'],
      leftOut: 0,
    });
  });

  it.each([
    [],
    'none',
    { total: '1', startAfterId: 7 },
    { startAfter: {} },
  ])('are read though what is said of the page is %j', async (meta) => {
    const answer = pagesOf(({ method }) =>
      method === 'POST' ? { status: 404, data: {} } : { opportunities: [row('o1')], meta },
    );
    expect(await answer).toMatchObject({ found: ['o1'], isLast: true });
  });

  it('are read though the total is none', async () => {
    expect(
      await pagesOf(() => ({ opportunities: [row('o1')], total: 'many', meta: { total: {} } })),
    ).toMatchObject({
      found: ['o1'],
      isLast: true,
    });
  });

  it('are none where null comes with a total of 0, and an error with any other', async () => {
    const answer = (total: number) => () => ({ opportunities: null, total, meta: { total } });
    expect(await pagesOf(answer(0))).toMatchObject({ found: [], leftOut: 0 });
    await expect(pagesOf(answer(2))).rejects.toThrow();
    expect(await pagesOf(() => ({ total: 0 }))).toMatchObject({ found: [], leftOut: 0 });
    expect(await pagesOf(() => ({ meta: { total: '0' } }))).toMatchObject({ found: [], leftOut: 0 });
    await expect(pagesOf(() => ({ data: [] }))).rejects.toThrow();
    await expect(pagesOf(() => ({ opportunities: null, meta: null }))).rejects.toThrow(/cannot read/);
    for (const data of [null, 'none', 7]) {
      await expect(pagesOf(() => ({ status: 200, data }))).rejects.toThrow(
        /could not search the opportunities/,
      );
    }
  });
});
