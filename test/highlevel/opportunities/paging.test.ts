import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import nock from 'nock';
import type { Criteria } from '../../../highlevel/opportunities/criteria.ts';
import { type Connection, connect } from '../../support/connection.ts';
import { scripted } from '../../support/scripted.ts';

const POLL = 'triggers.new_opportunity.operation.perform';
const FULL = { meta: { isPopulatingDedupe: true } };

describe('reading page after page', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({ opportunities: 0 });
  });
  afterAll(() => connection.close());
  afterEach(() => nock.cleanAll());

  /** Answers searches of a HighLevel of its own, so that what it says can be wrong. */
  const script = (answer: (query: URLSearchParams) => unknown) => {
    const queries: URLSearchParams[] = [];
    nock('http://highlevel.test')
      .persist()
      .get('/opportunities/search')
      .query(true)
      .reply((uri) => {
        const { searchParams } = new URL(uri, 'http://highlevel.test');
        queries.push(searchParams);
        return [200, answer(searchParams) as object];
      })
      .get('/opportunities/pipelines')
      .query(true)
      .reply(200, { pipelines: [] })
      .get(/customFields/)
      .reply(200, { customFields: [] });
    return queries;
  };

  const rows = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: `o${from + index}`,
      createdAt: '2026-01-01T00:00:00.000Z',
    }));

  const poll = async () => {
    const before = connection.sandbox.url;
    connection.sandbox.url = 'http://highlevel.test';
    try {
      return await connection.run(POLL, {}, FULL);
    } finally {
      connection.sandbox.url = before;
    }
  };

  it('stops on a cursor that it has had before', async () => {
    const queries = script(() => ({
      opportunities: rows(0, 100),
      meta: { startAfter: 1, startAfterId: 'o99' },
    }));
    expect(await poll()).toHaveLength(100);
    expect(queries).toHaveLength(2);
  });

  it('stops on a short page even if a cursor follows it', async () => {
    const queries = script(() => ({
      opportunities: rows(0, 99),
      meta: { startAfter: 1, startAfterId: 'o98' },
    }));
    expect(await poll()).toHaveLength(99);
    expect(queries).toHaveLength(1);
  });

  it('goes on behind the last row where half a cursor, or no meta at all, comes with a full page', async () => {
    for (const meta of [{ startAfter: 1 }, undefined]) {
      const queries = script((query) =>
        query.has('startAfterId') ? { opportunities: rows(100, 5) } : { opportunities: rows(0, 100), meta },
      );
      expect(await poll()).toHaveLength(105);
      expect(queries).toHaveLength(2);
      expect(queries[1]?.get('startAfter')).toBe(String(Date.parse('2026-01-01T00:00:00.000Z')));
      expect(queries[1]?.get('startAfterId')).toBe('o99');
      nock.cleanAll();
    }
  });

  it('takes a row that slid onto the next page once', async () => {
    const queries = script((query) =>
      query.has('startAfterId')
        ? { opportunities: rows(99, 2), meta: {} }
        : { opportunities: rows(0, 100), meta: { startAfter: 1, startAfterId: 'o99' } },
    );
    expect(await poll()).toHaveLength(101);
    expect(queries[1]?.get('startAfter')).toBe('1');
    expect(queries[1]?.get('startAfterId')).toBe('o99');
  });

  it('takes a row that stands twice on one page once', async () => {
    script(() => ({ opportunities: [...rows(0, 3), ...rows(1, 1)], meta: {} }));
    expect((await poll()).map(({ id }) => id)).toEqual(['o0', 'o1', 'o2']);
  });

  it('begins no page after fifteen seconds, because what was read is worth more than a timeout', async () => {
    let page = 0;
    const { now } = Date;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + page * 6000);
    const queries = script(() => {
      page += 1;
      return { opportunities: rows(page * 100, 100), meta: { startAfter: page, startAfterId: `o${page}` } };
    });
    expect(await poll()).toHaveLength(300);
    expect(queries).toHaveLength(3);
    clock.mockRestore();
  });

  it('stops after ten pages', async () => {
    let page = 0;
    const queries = script(() => {
      page += 1;
      return { opportunities: rows(page * 100, 100), meta: { startAfter: page, startAfterId: `o${page}` } };
    });
    expect(await poll()).toHaveLength(1000);
    expect(queries).toHaveLength(10);
  });
});

describe.each([0, 1, 100, 101, 250])('an account of %i opportunities', (count) => {
  it('is read whole and once', async () => {
    const connection = await connect({ opportunities: count });
    const all = await connection.run(POLL, {}, FULL);
    expect(new Set(all.map(({ id }) => id)).size).toBe(count);
    await connection.close();
  });
});

/** What each criterion becomes in either search; null where the search cannot filter by it. */
const FILTERS: { [K in keyof Required<Criteria>]: [NonNullable<Criteria[K]>, object | null, object[]] } = {
  id: ['o1', null, [{ field: 'id', operator: 'eq', value: 'o1' }]],
  name: ['Roof', { q: 'Roof' }, [{ field: 'name', operator: 'contains', value: 'Roof' }]],
  wholeName: [true, null, []],
  contactId: ['c1', { contactId: 'c1' }, [{ field: 'contact_id', operator: 'eq', value: 'c1' }]],
  pipelineId: ['p1', { pipelineId: 'p1' }, [{ field: 'pipeline_id', operator: 'eq', value: 'p1' }]],
  stageId: ['s1', { pipelineStageId: 's1' }, [{ field: 'pipeline_stage_id', operator: 'eq', value: 's1' }]],
  status: ['won', { status: 'won' }, [{ field: 'status', operator: 'eq', value: 'won' }]],
  ownerId: ['u1', { assignedTo: 'u1' }, [{ field: 'assigned_to', operator: 'eq', value: 'u1' }]],
  withoutOwner: [true, null, [{ field: 'assigned_to', operator: 'not_exists' }]],
  lostReasonId: ['l1', null, [{ field: 'lost_reason_id', operator: 'eq', value: 'l1' }]],
  source: ['Ads', null, [{ field: 'source', operator: 'eq', value: ['Ads'] }]],
  contactTag: ['vip', null, []],
  customField: [
    {
      field: { id: 'f1', name: 'Own', key: 'own', dataType: 'TEXT', options: [], takesOther: false },
      value: 'x',
    },
    null,
    [{ field: 'custom_fields.f1', operator: 'eq', value: 'x' }],
  ],
  minValue: [5, null, [{ field: 'monetary_value', operator: 'range', value: { gte: 5 } }]],
  maxValue: [5, null, [{ field: 'monetary_value', operator: 'range', value: { lte: 5 } }]],
  created: [{ before: 0 }, { endDate: '01-02-1970' }, [range('date_added')]],
  updated: [{ before: 0 }, { endDate: '01-02-1970' }, [range('date_updated')]],
  statusChanged: [{ before: 0 }, { endDate: '01-02-1970' }, [range('last_status_change_date')]],
  stageChanged: [{ before: 0 }, { endDate: '01-02-1970' }, [range('last_stage_change_date')]],
  openOr: [
    { before: 0 },
    null,
    [
      {
        group: 'OR',
        filters: [
          { field: 'status', operator: 'eq', value: 'open' },
          range('date_added'),
          range('last_status_change_date'),
        ],
      },
    ],
  ],
  expectedClose: [{ to: '2026-12-31' }, null, []],
};

function range(field: string) {
  return { field, operator: 'range', value: { lt: '1970-01-01T00:00:00.000Z' } };
}

describe('of both searches', () => {
  const twoPages = async (where: Criteria, refusesPost: boolean) => {
    const { highlevel, asked } = scripted(({ method, query, body }) => {
      if (method === 'POST' && refusesPost) return { status: 404, data: {} };
      const size = method === 'POST' ? 500 : 100;
      const second = Boolean(query.startAfterId ?? body?.searchAfter);
      const opportunities = Array.from({ length: second ? 1 : size }, (_, at) => ({
        id: `${second ? 'p' : 'o'}${at}`,
        createdAt: '2026-01-01T00:00:00.000Z',
        customFields: [{ id: 'f1', value: 'x' }],
        sort: [at],
      }));
      return { opportunities, total: size + 1, meta: { total: size + 1 } };
    });
    let looked = 0;
    for await (const page of highlevel.opportunities.read({ where, sort: 'any' })) looked = page.looked;
    return { looked, pages: asked.slice(refusesPost ? 1 : 0) };
  };

  it.each(Object.entries(FILTERS))('every page keeps every filter: %s', async (criterion, [
    value,
    list,
    filters,
  ]) => {
    const where = { [criterion]: value };
    const posted = await twoPages(where, false);
    expect([posted.looked, posted.pages.length]).toEqual([501, 2]);
    expect(posted.pages.map(({ body }) => body.filters ?? [])).toEqual([filters, filters]);
    expect(posted.pages.map(({ body }) => body.locationId)).toEqual(['l1', 'l1']);

    const listed = await twoPages(where, true);
    expect([listed.looked, listed.pages.length]).toEqual([101, 2]);
    const always = { locationId: 'l1', order: 'added_desc', limit: '100' };
    const [first, second] = listed.pages.map(({ query: { startAfter, startAfterId, ...query } }) => query);
    expect([first, second]).toEqual([
      { ...always, ...list },
      { ...always, ...list },
    ]);
  });
});
