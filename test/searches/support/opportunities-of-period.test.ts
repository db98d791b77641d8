import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { readOpportunitiesOfPeriod } from '../../../searches/support/opportunities-of-period.ts';
import { type Asked, type Scripted, scripted } from '../../support/scripted.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => ({
    id: `o${from + at}`,
    status: 'open',
    pipelineId: 'p1',
    sort: [from + at],
  }));
const isSearch = ({ method }: Asked) => method === 'POST';
const REFUSED = { status: 422, data: { message: 'Unknown filter' } };

describe('readOpportunitiesOfPeriod', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  const read = ({ highlevel }: Scripted, over: { pipelineId?: string } = {}) => {
    const wanted = { from: NOW - 86_400_000, before: NOW, startedAt: Date.now(), ...over };
    return readOpportunitiesOfPeriod(highlevel, wanted, ({ id }) => id);
  };
  /** A clock that each answer moves on by so many ms. */
  const slow = (ms: number) => {
    let passed = 0;
    jest.spyOn(Date, 'now').mockImplementation(() => NOW + passed);
    return <T>(answer: T): T => {
      passed += ms;
      return answer;
    };
  };

  it('asks for the open opportunities and for those of the period, and reads on to the last page', async () => {
    const script = scripted((_, index) =>
      index === 0 ? { opportunities: rows(500), total: 501 } : { opportunities: rows(1, 500), total: 501 },
    );
    const { opportunities, requests } = await read(script, { pipelineId: 'p1' });
    expect([opportunities.length, requests]).toEqual([501, 2]);
    const range = { gte: '2026-11-21T08:00:00.000Z', lt: '2026-11-22T08:00:00.000Z' };
    expect(script.asked[0]?.body).toMatchObject({
      filters: [
        { field: 'pipeline_id', operator: 'eq', value: 'p1' },
        {
          group: 'OR',
          filters: [
            { field: 'status', operator: 'eq', value: 'open' },
            { field: 'date_added', operator: 'range', value: range },
            { field: 'last_status_change_date', operator: 'range', value: range },
          ],
        },
      ],
      sort: [{ field: 'date_added', direction: 'desc' }],
    });
    expect(script.asked[1]?.body).toMatchObject({ searchAfter: [499] });
  });

  it('takes an opportunity once that slid onto the next page, as it was first seen', async () => {
    const script = scripted((_, index) =>
      index === 0
        ? { opportunities: rows(500), total: 500 }
        : { opportunities: [{ id: 'o499', status: 'open', name: 'later' }], total: 500 },
    );
    const { highlevel } = script;
    const wanted = { from: 0, before: NOW, startedAt: Date.now() };
    const { opportunities } = await readOpportunitiesOfPeriod(
      highlevel,
      wanted,
      ({ id, name }) => `${id} ${name}`,
    );
    expect(opportunities).toHaveLength(500);
    expect(opportunities.at(-1)).toBe('o499 undefined');
  });

  it('stops where a page brings nothing new, and says that opportunities are missing', async () => {
    const script = scripted(() => ({ opportunities: rows(500), total: 1_200 }));
    await expect(read(script)).rejects.toMatchObject({
      code: 'incomplete',
      status: 503,
      message:
        'HighLevel counted 1,200 opportunities and gave only 500. No summary was made, because it would leave opportunities out. Replay the step.',
    });
    expect(script.asked).toHaveLength(2);
  });

  it('counts by the least of all totals, as opportunities go while it reads', async () => {
    const script = scripted((_, index) =>
      index === 0 ? { opportunities: rows(500), total: 503 } : { opportunities: rows(2, 500), total: 502 },
    );
    expect((await read(script)).opportunities).toHaveLength(502);
  });

  it('is done where there is nothing and no open opportunity either', async () => {
    const script = scripted(() => ({ opportunities: [], total: 0 }));
    expect(await read(script, { pipelineId: 'p1' })).toEqual({ opportunities: [], requests: 2, leftOut: 0 });
    expect(script.asked[1]).toMatchObject({
      method: 'GET',
      query: { pipelineId: 'p1', status: 'open', limit: '100' },
    });
  });

  it.each([
    ['is refused', REFUSED],
    ['finds nothing although there are open opportunities', { opportunities: [], total: 0 }],
  ])('lists the account where the search %s', async (_, search) => {
    const cursor = { startAfter: 1, startAfterId: 'o99' };
    const script = scripted((asked) => {
      if (isSearch(asked)) return search;
      if (asked.query.startAfterId) return { opportunities: rows(3, 100), meta: cursor };
      return { opportunities: rows(100), meta: cursor };
    });
    const { opportunities } = await read(script, { pipelineId: 'p1' });
    expect(opportunities).toHaveLength(103);
    expect(script.asked.at(-1)).toMatchObject({
      query: { pipelineId: 'p1', limit: '100', startAfterId: 'o99' },
    });
    expect(script.asked.at(-1)?.query.status).toBeUndefined();
  });

  it('does not take other trouble for a refusal', async () => {
    const script = scripted(() => ({ status: 500, data: { message: 'Down' } }));
    await expect(read(script)).rejects.toThrow('HighLevel could not search the opportunities: Down');
    expect(script.asked).toHaveLength(1);
  });

  describe('of an account that has to be listed', () => {
    const listing = (count: number, total?: number) => {
      let given = 0;
      return scripted((asked) => {
        if (isSearch(asked)) return REFUSED;
        const page = rows(Math.min(100, count - given), given);
        given += page.length;
        const meta = given < count ? { startAfter: given, startAfterId: `o${given}` } : {};
        return { opportunities: page, meta: { ...meta, total } };
      });
    };

    it.each([undefined, 5_000])('reads 5,000 opportunities (counted as %s)', async (total) => {
      expect((await read(listing(5_000, total))).opportunities).toHaveLength(5_000);
    });

    it.each([
      [undefined, 52],
      [5_001, 2],
    ])('stops at more (counted as %s) after %i requests', async (total, requests) => {
      const script = listing(5_001, total);
      await expect(read(script)).rejects.toMatchObject({
        code: 'too_large',
        status: 503,
        message: expect.stringMatching(
          /only 5,000 opportunities can be read.*Choose one pipeline, or try again later\.$/,
        ),
      });
      expect(script.asked).toHaveLength(requests);
    });
  });

  describe('of a slow HighLevel', () => {
    const paged = (pass: <T>(answer: T) => T, total?: number) =>
      scripted((_, index) => pass({ opportunities: rows(index < 2 ? 500 : 1, index * 500), total }));

    it('begins no page that would end after 25 seconds, by the slowest so far', async () => {
      await expect(read(paged(slow(8_400), 1_001))).rejects.toMatchObject({
        code: 'out_of_time',
        status: 504,
        message:
          'HighLevel answered too slowly to sum everything up: after 25 seconds, 1,000 of 1,001 opportunities had been read. ' +
          'No summary was made, because it would leave opportunities out. Choose one pipeline or a shorter period, or replay the step later.',
      });
      await expect(read(paged(slow(13_000)))).rejects.toThrow(
        'after 25 seconds, 500 opportunities had been read',
      );
    });

    it('begins one that ends just then', async () => {
      expect((await read(paged(slow(8_333)))).opportunities).toHaveLength(1_001);
    });

    it('goes by the slowest page, not by the latest', async () => {
      let passed = 0;
      jest.spyOn(Date, 'now').mockImplementation(() => NOW + passed);
      const script = scripted((_, index) => {
        passed += index === 0 ? 11_000 : 1_000;
        return { opportunities: rows(500, index * 500) };
      });
      await expect(read(script)).rejects.toMatchObject({ code: 'out_of_time' });
      // 11 s, and then 1 s each until 14 s have passed: another page might take 11 s again.
      expect(script.asked).toHaveLength(5);
    });
  });
});
