import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import nock from 'nock';
import { type Connection, connect } from '../../support/connection.ts';

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

  it('stops where half a cursor is all there is', async () => {
    const queries = script(() => ({ opportunities: rows(0, 100), meta: { startAfter: 1 } }));
    expect(await poll()).toHaveLength(100);
    expect(queries).toHaveLength(1);
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
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({ opportunities: count });
  });
  afterAll(() => connection.close());

  it('is read whole and once, and every page keeps every filter', async () => {
    const [pipeline] = Object.values(connection.sandbox.seeded.pipelines);
    const owner = Object.values(connection.sandbox.seeded.users)[0];
    const all = await connection.run(POLL, {}, FULL);
    expect(new Set(all.map(({ id }) => id)).size).toBe(count);

    connection.sandbox.context.log.clear();
    await connection.run(POLL, { pipeline_id: pipeline?.id, status: 'open', owner_id: owner }, FULL);
    const searches = connection.sandbox.context.log.entries.filter(
      ({ path }) => path === '/opportunities/search',
    );
    for (const { query } of searches) {
      expect(query).toMatchObject({
        locationId: connection.sandbox.locationId,
        pipelineId: pipeline?.id,
        status: 'open',
        assignedTo: owner,
        order: 'added_desc',
        limit: '100',
      });
    }
  });
});
