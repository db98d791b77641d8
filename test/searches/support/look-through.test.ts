import { describe, expect, it } from '@jest/globals';
import type { Criteria } from '../../../highlevel/opportunities/criteria.ts';
import { lookThrough } from '../../../searches/support/look-through.ts';
import { type Asked, scripted } from '../../support/scripted.ts';

const rows = (count: number, from = 0, over: object = {}) =>
  Array.from({ length: count }, (_, at) => ({ id: `o${from + at}`, sort: [from + at], ...over }));
const isPost = ({ method }: Asked) => method === 'POST';
const REFUSED = { status: 422, data: { message: 'Unknown filter' } };

describe('lookThrough', () => {
  const search = async (
    answer: (asked: Asked, index: number) => unknown,
    criteria: Criteria,
    over: Partial<Parameters<typeof lookThrough>[2]> = {},
  ) => {
    const { highlevel, asked } = scripted(answer);
    const plan = { likely: 100, enough: () => false, until: Number.POSITIVE_INFINITY, ...over };
    return { found: await lookThrough(highlevel, criteria, plan), asked };
  };
  const methods = (asked: Asked[]) => asked.map(({ method }) => method).join(' ');

  it('asks the documented search for few rows that it can filter, and the other for many or for more', async () => {
    const answer = (asked: Asked) =>
      isPost(asked) ? { opportunities: rows(1), total: 1 } : { opportunities: rows(1), meta: { total: 1 } };
    expect(methods((await search(answer, {})).asked)).toBe('GET');
    expect(methods((await search(answer, {}, { likely: 101 })).asked)).toBe('POST');
    expect(methods((await search(answer, { minValue: 0 })).asked)).toBe('POST');
    const { asked } = await search(answer, { status: 'won' }, { likely: 101 });
    expect(asked[0]?.body).toMatchObject({
      filters: [{ field: 'status', operator: 'eq', value: 'won' }],
      sort: [{ field: 'date_added', direction: 'desc' }],
      limit: 500,
    });
  });

  it('looks through what HighLevel gives, and knows when that was all', async () => {
    const answer = () => ({ opportunities: [...rows(1, 0, { monetaryValue: 5 }), ...rows(1, 1)], total: 2 });
    const { found } = await search(answer, { minValue: 5 });
    expect(found).toMatchObject({ looked: 2, matching: 1, whole: true });
    expect(found.records.map(({ id }) => id)).toEqual(['o0']);
  });

  it('reads on until there is enough, and counts by HighLevel’s total where that is of the same opportunities', async () => {
    const answer = (_: Asked, index: number) => ({ opportunities: rows(500, index * 500), total: 1_200 });
    const enough = (count: number) => ({ likely: 500, enough: (found: unknown[]) => found.length >= count });
    expect((await search(answer, {}, enough(500))).found).toMatchObject({
      looked: 500,
      matching: 1_200,
      whole: false,
    });
    expect((await search(answer, {}, enough(501))).found).toMatchObject({ looked: 1_000, matching: 1_200 });
    // No search filters by closing days, so that the total is not of those that match.
    const days = await search(answer, { expectedClose: { to: '2026-12-31' } }, { until: 0 });
    expect(days.found).toMatchObject({ looked: 500, matching: null, whole: false });
  });

  it('is done where the total is reached, where nothing new comes, and where there is no next page', async () => {
    const cursor = { startAfter: 1, startAfterId: 'o99' };
    const total = await search(
      (_, index) => ({
        opportunities: rows(75, index * 75),
        meta: { startAfter: index, startAfterId: 'o', total: 150 },
      }),
      {},
    );
    expect([total.found.whole, total.asked.length]).toEqual([true, 2]);
    const same = await search(() => ({ opportunities: rows(100), meta: cursor }), {});
    expect([same.found.whole, same.found.looked, same.asked.length]).toEqual([true, 100, 2]);
    const last = await search(() => ({ opportunities: rows(99), meta: { ...cursor } }), {});
    expect([last.found.whole, last.asked.length]).toEqual([true, 1]);
  });

  it('asks once more where a full page calls its own rows the total, though there is enough', async () => {
    const meta = { startAfter: 1, startAfterId: 'o99', total: 100 };
    for (const more of [0, 5]) {
      const { found, asked } = await search(
        ({ query }) => ({ opportunities: query.startAfterId ? rows(more, 100) : rows(100), meta }),
        {},
        { enough: (records) => records.length >= 100 },
      );
      expect([asked.length, found.whole, found.matching]).toEqual([2, true, 100 + more]);
    }
  });

  it('takes a row once that slid onto the next page', async () => {
    const cursor = { startAfter: 1, startAfterId: 'o99' };
    const { found } = await search(
      (_, index) =>
        index === 0 ? { opportunities: rows(100), meta: cursor } : { opportunities: rows(2, 99), meta: {} },
      {},
    );
    expect(found.records).toHaveLength(101);
  });

  it('reads ten pages of the one search and twenty of the other at the most', async () => {
    const post = await search((_, index) => ({ opportunities: rows(500, index * 500) }), { minValue: 1 });
    expect([post.asked.length, post.found.looked, post.found.whole]).toEqual([10, 5_000, false]);
    const list = await search(
      (_, index) => ({
        opportunities: rows(100, index * 100),
        meta: { startAfter: index, startAfterId: `o${index}`, total: 9_999 },
      }),
      {},
    );
    expect([list.asked.length, list.found.looked, list.found.matching]).toEqual([20, 2_000, 9_999]);
  });

  it('begins no page after its time', async () => {
    const answer = (_: Asked, index: number) => ({ opportunities: rows(500, index * 500) });
    const { found, asked } = await search(answer, { minValue: 0 }, { until: Date.now() });
    expect([asked.length, found.whole]).toEqual([1, false]);
  });

  it('does not count by a total where a name was asked for, as HighLevel looks at contacts too', async () => {
    const answer = () => ({
      opportunities: rows(100, 0, { name: 'Roof' }),
      meta: { startAfter: 1, startAfterId: 'o99', total: 300 },
    });
    const named = await search(answer, { name: 'Roof' }, { enough: () => true });
    expect(named.found).toMatchObject({ matching: null, whole: false });
    expect(named.asked[0]?.query).toMatchObject({ q: 'Roof', limit: '100' });
    const any = await search(answer, { status: undefined }, { enough: () => true });
    expect(any.found).toMatchObject({ matching: 300 });
  });

  describe('where HighLevel does not do the undocumented search', () => {
    it.each([REFUSED, { status: 401, data: {} }])('reads the other instead of %j', async (refusal) => {
      const answer = (asked: Asked) =>
        isPost(asked) ? refusal : { opportunities: rows(2, 0, { monetaryValue: 5 }), meta: {} };
      const { found, asked } = await search(answer, { minValue: 5 });
      expect(found).toMatchObject({ looked: 2, matching: 2, whole: true });
      expect(methods(asked)).toBe('POST GET');
    });

    it('does not take other trouble for a refusal', async () => {
      const answer = () => ({ status: 500, data: {} });
      await expect(search(answer, { minValue: 5 })).rejects.toThrow('could not search the opportunities');
    });

    it('believes no empty answer that the other contradicts', async () => {
      const answer = (asked: Asked) =>
        isPost(asked)
          ? { opportunities: [], total: 0 }
          : { opportunities: rows(2, 0, { monetaryValue: 5 }), meta: {} };
      const { found, asked } = await search(answer, { minValue: 5 });
      expect(found.records).toHaveLength(2);
      expect(methods(asked)).toBe('POST GET GET');
    });

    it('believes one that the other agrees with, after one page of it', async () => {
      const answer = (asked: Asked) =>
        isPost(asked)
          ? { opportunities: [], total: 0 }
          : { opportunities: rows(100), meta: { startAfter: 1, startAfterId: 'o99', total: 500 } };
      const { found, asked } = await search(answer, { minValue: 5 });
      expect(found).toMatchObject({ records: [], matching: 0, whole: true });
      expect(methods(asked)).toBe('POST GET');
    });
  });
});
