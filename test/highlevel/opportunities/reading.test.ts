/** Which search is read, in which order, and what stands in for it where HighLevel refuses or answers oddly. */

import { describe, expect, it, jest } from '@jest/globals';
import type { CustomField } from '../../../highlevel/account/custom-fields.ts';
import type { Criteria } from '../../../highlevel/opportunities/criteria.ts';
import type { Page, Reading } from '../../../highlevel/opportunities/reading.ts';
import { type Asked, scripted } from '../../support/scripted.ts';

type Answer = (asked: Asked) => unknown;

/** Reads all pages of a HighLevel that answers like this. */
async function reading(answers: { get?: Answer; post?: Answer; byId?: Answer }, wanted: Reading) {
  const { highlevel, asked, z } = scripted((request) => {
    if (request.path !== '/opportunities/search') return answers.byId?.(request);
    const none = { opportunities: [], total: 0 };
    return (request.method === 'POST' ? answers.post : answers.get)?.(request) ?? none;
  });
  const read = async () => {
    const pages: Page[] = [];
    asked.splice(0);
    for await (const page of highlevel.opportunities.read(wanted)) pages.push(page);
    return {
      ids: pages.flatMap(({ records }) => records.map(({ id }) => id)),
      last: pages.at(-1) as Page,
      methods: asked.map(({ method, path }) => (path === '/opportunities/search' ? method : path)),
      bodies: asked.filter(({ method }) => method === 'POST').map(({ body }) => body),
      queries: asked.filter(({ method }) => method === 'GET').map(({ query }) => query),
    };
  };
  return { ...(await read()), again: read, z };
}

const day = (of: number) => new Date(Date.UTC(2026, 10, of)).toISOString();
const row = (id: string, created = 1, changes: object = {}) => ({ id, createdAt: day(created), ...changes });
const rows = (...list: object[]) => ({ opportunities: list, total: list.length });
const REFUSED = { status: 422, data: { message: 'filter is not supported' } };
const field: CustomField = {
  id: 'f1',
  name: 'Own',
  key: 'own',
  dataType: 'TEXT',
  options: [],
  takesOther: false,
};

describe('a few of the newest opportunities', () => {
  const few: Reading = { where: { status: 'open' }, likely: 100 };

  it('are read by the search that the specification has', async () => {
    const get = () => rows(row('o2', 2, { status: 'open' }), row('o1', 1, { status: 'open' }));
    const read = await reading({ get }, few);
    expect(read).toMatchObject({
      ids: ['o2', 'o1'],
      methods: ['GET'],
      last: { search: 'list', sorted: true },
    });
  });

  it('are read by the other one where more are likely, another order is asked for, or a filter has no place', async () => {
    const post = () => rows(row('o1', 1, { updatedAt: day(1), monetaryValue: 5, status: 'open' }));
    for (const other of [
      { ...few, likely: 101 },
      { where: few.where },
      { ...few, sort: 'updatedAt' as const },
      { ...few, where: { minValue: 5 } },
    ]) {
      expect(await reading({ post }, other)).toMatchObject({
        ids: ['o1'],
        methods: ['POST'],
        last: { search: 'advanced' },
      });
    }
  });

  it('are asked of the other one from now on where more follow a page in another order', async () => {
    const many = Array.from({ length: 100 }, (_, at) => row(`o${at}`, 1 + at / 10, { status: 'open' }));
    const get = () => ({ opportunities: many, meta: { total: 200 } });
    const post = () => rows(row('new', 20, { status: 'open' }));
    const { again, ...first } = await reading({ get, post }, few);
    expect(first).toMatchObject({ ids: ['new'], methods: ['GET', 'POST'] });
    const { z } = first;
    const set = jest.spyOn(z.cache, 'set');
    expect((await again()).methods).toEqual(['POST']);
    // Within the hour it is asked again: what is known of it is not written anew.
    expect(set).not.toHaveBeenCalled();
  });

  it('are no more than were asked for, though HighLevel gives more', async () => {
    const { highlevel } = scripted(() => rows(row('o2', 2), row('o1')));
    expect(await highlevel.opportunities.readFirst({ where: {}, rows: 1 })).toEqual([row('o2', 2)]);
  });

  it('are put in order where HighLevel gives all there are in another one', async () => {
    const get = () => rows(row('o1'), row('o2', 2));
    expect(await reading({ get }, { where: {}, likely: 1 })).toMatchObject({
      ids: ['o2', 'o1'],
      methods: ['GET'],
    });
  });
});

describe('where HighLevel refuses the search with the filters', () => {
  const get = () => rows(row('o1', 1, { monetaryValue: 9 }), row('o2', 2, { monetaryValue: 1 }));

  it('is the other one read, and what does not fit is left out', async () => {
    const read = await reading({ get, post: () => REFUSED }, { where: { minValue: 5 }, sort: 'any' });
    expect(read).toMatchObject({ ids: ['o1'], methods: ['POST', 'GET'] });
    expect((await read.again()).methods).toEqual(['GET']);
  });

  it('are rows of one page put in order, those without a date last', async () => {
    const listed = rows(row('none', 1, { createdAt: null }), row('o1'), row('o3', 3), row('o2', 2));
    for (const total of [undefined, 4, 3]) {
      const get = () => ({ ...listed, meta: { total } });
      const read = await reading({ get, post: () => REFUSED }, { where: {} });
      expect(read.ids).toEqual(['o3', 'o2', 'o1', 'none']);
    }
  });

  it('is it read no further back than to the first day that was asked for', async () => {
    const page = (from: number) =>
      Array.from({ length: 100 }, (_, at) => row(`o${from + at}`, 20 - (from + at) / 20));
    const get: Answer = ({ query }) => {
      const from = query.startAfterId ? Number(query.startAfterId.slice(1)) + 1 : 0;
      return { opportunities: page(from), meta: { total: 9000 } };
    };
    const where = { created: { from: Date.parse(day(12)) }, contactTag: 'vip' };
    const { queries, last, ids } = await reading({ get, post: () => REFUSED }, { where });
    expect([queries.length, last.isLast, ids]).toEqual([2, true, []]);
    const { last: any } = await reading(
      { get, post: () => REFUSED },
      { where, sort: 'any', until: Date.now() },
    );
    expect(any.isLast).toBe(false);
  });

  it('is it an error where the newest cannot be had', async () => {
    const get = () => ({ opportunities: [row('o1'), row('o2', 2)], meta: { total: 500 } });
    await expect(reading({ get, post: () => REFUSED }, { where: {} })).rejects.toMatchObject({
      message: expect.stringMatching(/lists the oldest opportunities first/),
      code: 'unordered',
      status: 503,
    });
    expect((await reading({ get, post: () => REFUSED }, { where: {}, sort: 'any' })).ids).toEqual([
      'o1',
      'o2',
    ]);
  });

  it('is that remembered of the filters alone, in any order of them', async () => {
    const { highlevel, asked } = scripted(({ method, body }) => {
      if (method === 'GET') return get();
      return JSON.stringify(body.filters).includes('monetary_value') ? REFUSED : rows(row('o1'));
    });
    const methods = async (where: Criteria) => {
      asked.splice(0);
      await highlevel.opportunities.read({ where, sort: 'any' }).next();
      return asked.map(({ method }) => method);
    };
    expect(await methods({ minValue: 5, pipelineId: 'p1' })).toEqual(['POST', 'GET']);
    expect(await methods({ pipelineId: 'p2', minValue: 7 })).toEqual(['GET']);
    expect(await methods({ maxValue: 7 })).toEqual(['POST', 'GET']);
    expect(await methods({ minValue: 1, maxValue: 7 })).toEqual(['POST', 'GET']);
    expect(await methods({ maxValue: 7, minValue: 1 })).toEqual(['GET']);
    expect(await methods({ pipelineId: 'p1', status: 'open', ownerId: 'u1' })).toEqual(['POST']);
  });

  it('is that remembered of every search where the endpoint is refused, or what everyone asks for', async () => {
    for (const [answer, where] of [
      [{ status: 404, data: {} }, { minValue: 5 }],
      [{ status: 403, data: {} }, { minValue: 5 }],
      [{ status: 410, data: {} }, { minValue: 5 }],
      [{ status: 400, data: { message: 'This endpoint has been removed' } }, { minValue: 5 }],
      [{ status: 400, data: { message: ['Gone', 'This endpoint has been removed'] } }, { minValue: 5 }],
      [REFUSED, { pipelineId: 'p1' }],
    ] as const) {
      const { highlevel, asked } = scripted(({ method }) => (method === 'GET' ? get() : answer));
      await highlevel.opportunities.read({ where, sort: 'any' }).next();
      asked.splice(0);
      await highlevel.opportunities.read({ where: { source: 'Ads' }, sort: 'any' }).next();
      expect(asked.map(({ method }) => method)).toEqual(['GET']);
    }
  });

  it.each([
    [500, 'AppError'],
    [429, 'ThrottledError'],
  ])('is %d no refusal', async (status, name) => {
    await expect(
      reading({ get, post: () => ({ status, data: {} }) }, { where: {}, sort: 'any' }),
    ).rejects.toMatchObject({ name });
  });

  it('is an expired token none either where the other search says the same', async () => {
    const expired = () => ({ status: 401, data: {} });
    await expect(reading({ get: expired, post: expired }, { where: {}, sort: 'any' })).rejects.toMatchObject({
      name: 'RefreshAuthError',
    });
  });
});

describe('where HighLevel wants the number of a page', () => {
  const wanting =
    (least: number, message: unknown = ['limit is fine', 'page must be a number']) =>
    (asked: Asked) =>
      asked.body.page === undefined || asked.body.page < least
        ? { status: 422, data: { message } }
        : rows(row(`of page ${asked.body.page}`));

  it.each([0, 1])('is %d the first', async (least) => {
    const { ids, bodies } = await reading({ post: wanting(least) }, { where: {}, sort: 'any' });
    expect(ids).toEqual([`of page ${least}`]);
    expect(bodies.map(({ page }) => page)).toEqual(least === 0 ? [undefined, 0] : [undefined, 0, 1]);
  });

  it('is the other search read where that does not help, or something else is wrong with it', async () => {
    const get = () => rows(row('o1'));
    const tries = async (post: Answer) => {
      const { ids, methods } = await reading({ get, post }, { where: {}, sort: 'any' });
      expect(ids).toEqual(['o1']);
      return methods.join(' ');
    };
    expect(await tries(wanting(2))).toBe('POST POST POST GET');
    expect(await tries(wanting(0, 'pages are no more'))).toBe('POST GET');
    expect(await tries(wanting(0, []))).toBe('POST GET');
    const elsewhere = (asked: Asked) =>
      asked.body.page === undefined ? wanting(0)(asked) : { status: 422, data: { message: 'sort' } };
    expect(await tries(elsewhere)).toBe('POST POST GET');
    const forbidden = () => ({ status: 403, data: { message: 'page' } });
    expect(await tries(forbidden)).toBe('POST GET');
  });
});

describe('an answer of no rows', () => {
  it('is believed where the other search has none that meet what is asked for', async () => {
    const get = () => rows(row('o1', 1, { monetaryValue: 1 }));
    const { ids, methods } = await reading({ get }, { where: { minValue: 5 } });
    expect([ids, methods]).toEqual([[], ['POST', 'GET']]);
  });

  it('is not believed where the other search has one', async () => {
    const get = () => rows(row('o1', 1, { monetaryValue: 9 }));
    const { ids, last } = await reading({ get }, { where: { minValue: 5 } });
    expect([ids, last.search]).toEqual([['o1'], 'list']);
  });

  it('is none where a row came that cannot be read', async () => {
    const { methods, last } = await reading({ post: () => rows({ name: 'no id' }) }, { where: {} });
    expect([methods, last.leftOut]).toEqual([['POST'], 1]);
  });
});

describe('an order that HighLevel leaves out without a word', () => {
  it('is a refusal of the search', async () => {
    const post = () =>
      rows(
        row('old', 1, { updatedAt: day(2) }),
        row('without', 1, { updatedAt: null }),
        row('new', 1, { updatedAt: day(3) }),
      );
    const { methods, last, ids } = await reading(
      { post, get: () => rows(row('new', 1, { updatedAt: day(3) }), row('without')) },
      { where: {}, sort: 'updatedAt' },
    );
    expect([methods, ids, last.sorted]).toEqual([['POST', 'GET'], ['new'], false]);
  });

  it('is none where two moments are the same', async () => {
    const post = () =>
      rows(
        row('a', 1, { updatedAt: day(3) }),
        row('b', 1, { updatedAt: day(3) }),
        row('c', 1, { updatedAt: day(2) }),
      );
    expect((await reading({ post }, { where: {}, sort: 'updatedAt' })).methods).toEqual(['POST']);
  });
});

describe('rows that do not tell their custom fields', () => {
  const where: Criteria = { customField: { field, value: 'A-1' } };
  const holding = (value: string) => ({ customFields: [{ id: 'f1', fieldValue: value }] });

  it('are believed where HighLevel itself filtered by the field', async () => {
    const { ids, methods } = await reading({ post: () => rows(row('o1')) }, { where, sort: 'any' });
    expect([ids, methods]).toEqual([['o1'], ['POST']]);
  });

  it('are read by their ids for anything else that they do not tell', async () => {
    const lost = (id: string) => row(id, 1, { status: 'lost' });
    const reasons: Record<string, string | undefined> = { o1: 'r1', o2: 'r2', o3: undefined };
    const byId: Answer = ({ path }) => {
      const id = path.slice('/opportunities/'.length);
      return { opportunity: { ...lost(id), lostReasonId: reasons[id] } };
    };
    const read = (...ids: string[]) =>
      reading({ post: () => rows(...ids.map(lost)), byId }, { where: { lostReasonId: 'r1' }, sort: 'any' });
    const { methods, ids, last } = await read('o1', 'o2');
    expect(methods).toEqual(['POST', '/opportunities/o1', '/opportunities/o2']);
    expect([ids, last.isLast]).toEqual([['o1'], true]);
    // Where neither tells, nobody knows whether it is one.
    const untold = await read('o1', 'o3');
    expect([untold.ids, untold.last.isLast]).toEqual([['o1'], false]);
  });

  it('are read by their ids where it did not, with what the row has', async () => {
    const own: Record<string, object> = {
      o1: holding('A-1'),
      o2: holding('A-2'),
      o3: {},
    };
    const byId: Answer = ({ path }) => {
      const id = path.slice('/opportunities/'.length);
      return own[id]
        ? { opportunity: { id, name: 'by id', ...own[id] } }
        : { status: 404, data: { message: 'Not found' } };
    };
    const get = () => rows(...['o1', 'o2', 'o3', 'gone'].map((id) => row(id, 1, { name: 'row' })));
    const read = await reading({ post: () => REFUSED, get, byId }, { where, sort: 'any' });
    expect(read.ids).toEqual(['o1']);
    expect(read.last).toMatchObject({ isLast: true, requests: 6 });
    const { highlevel } = scripted(({ method, path }) =>
      method === 'POST' ? REFUSED : path === '/opportunities/search' ? get() : byId({ path } as Asked),
    );
    const { value } = await highlevel.opportunities.read({ where, sort: 'any' }).next();
    expect(value?.records).toEqual([row('o1', 1, { name: 'row', ...holding('A-1') })]);
  });

  it('are read twenty at most, and then it is not the end', async () => {
    const get = (count: number) => () => rows(...Array.from({ length: count }, (_, at) => row(`o${at}`)));
    const byId: Answer = ({ path }) => ({ opportunity: { id: path.slice(15), ...holding('A-1') } });
    const twenty = await reading({ post: () => REFUSED, get: get(20), byId }, { where, sort: 'any' });
    expect([twenty.ids.length, twenty.last.isLast]).toEqual([20, true]);
    const more = await reading({ post: () => REFUSED, get: get(22), byId }, { where, sort: 'any' });
    expect([more.ids.length, more.last.isLast, more.last.requests]).toEqual([20, false, 22]);
  });
});

describe('what is said of each page', () => {
  it('is counted over all of them', async () => {
    const pages = [
      [
        ...Array.from({ length: 499 }, (_, at) => row(`o${at}`, 1, { sort: [at] })),
        { name: 'no id', sort: [499] },
      ],
      [row('p1', 1, { sort: [500] }), null],
    ];
    const post: Answer = ({ body }) => ({ opportunities: pages[body.searchAfter ? 1 : 0], total: 501 });
    const { last } = await reading({ post }, { where: { status: 'open' }, sort: 'any' });
    expect(last).toMatchObject({ looked: 502, leftOut: 2, requests: 2, total: 501, isLast: true });
  });

  it('has how many match only where HighLevel counts just those', async () => {
    const post = () => ({ ...rows(row('o1', 1, { status: 'open', name: 'Roof' })), total: 1 });
    expect((await reading({ post }, { where: { status: 'open' }, sort: 'any' })).last.matching).toBe(1);
    expect((await reading({ post }, { where: { name: 'Roof' }, sort: 'any' })).last.matching).toBeNull();
    const wrong = () => ({ ...post(), total: 0 });
    expect(
      (await reading({ post: wrong }, { where: { status: 'open' }, sort: 'any' })).last.matching,
    ).toBeNull();
    const untold = () => ({ opportunities: post().opportunities });
    expect(
      (await reading({ post: untold }, { where: { status: 'open' }, sort: 'any' })).last.matching,
    ).toBeNull();
  });

  it('goes on behind a page whose total is the number of its own rows, one of which cannot be read', async () => {
    const first = Array.from({ length: 500 }, (_, at) => row(`o${at}`, 1, { sort: [at] }));
    first[250] = row('odd', 1, { monetaryValue: 'much', sort: [250] });
    const post: Answer = ({ body }) => (body.searchAfter ? rows(row('last')) : rows(...first));
    const { ids, last } = await reading({ post }, { where: {}, sort: 'any' });
    expect([ids.length, ids.at(-1), last.leftOut, last.isLast]).toEqual([500, 'last', 1, true]);
  });

  it.each([
    'GET',
    'POST',
  ])('goes on behind a full page though HighLevel counts fewer, by %s', async (kind) => {
    const size = kind === 'GET' ? 100 : 500;
    const page = (from: number, count: number) =>
      Array.from({ length: count }, (_, at) => row(`o${from + at}`, 1, { sort: [from + at] }));
    const sizes = [size, size, 3];
    let asked = 0;
    const counted: Answer = ({ method }) => {
      if (method === 'POST' && kind === 'GET') return REFUSED;
      const opportunities = page(asked * size, sizes[asked] ?? 0);
      asked += 1;
      const total = size + 50;
      return { opportunities, total, meta: { total, startAfter: asked, startAfterId: `o${asked}` } };
    };
    const { ids, last } = await reading({ get: counted, post: counted }, { where: {}, sort: 'any' });
    expect([ids.length, last.isLast, last.matching]).toEqual([2 * size + 3, true, null]);
  });

  it.each(['GET', 'POST'])('ends with the first page that has nothing new, by %s', async (kind) => {
    let asked = 0;
    const same: Answer = ({ method }) => {
      if (method === 'POST' && kind === 'GET') return REFUSED;
      asked += 1;
      const size = kind === 'GET' ? 100 : 500;
      const opportunities = Array.from({ length: size }, (_, at) => row(`o${at}`, 1, { sort: [asked, at] }));
      return { opportunities, total: 9000, meta: { total: 9000, startAfter: asked, startAfterId: 'x' } };
    };
    const { last } = await reading({ get: same, post: same }, { where: {}, sort: 'any' });
    expect([asked, last.isLast]).toEqual([2, false]);
  });

  it('ends with the first numbered page of the list that has nothing new, as those begin with 1', async () => {
    const same = Array.from({ length: 100 }, (_, at) => ({ id: `o${at}` }));
    const get = () => ({ opportunities: same, total: 9000 });
    const { queries } = await reading({ get, post: () => REFUSED }, { where: {}, sort: 'any' });
    expect(queries.map(({ page }) => page)).toEqual([undefined, '2']);
  });

  it('has the order of any reading that asks for none', async () => {
    const { last } = await reading(
      { get: () => rows(row('o1')), post: () => REFUSED },
      { where: {}, sort: 'any' },
    );
    expect([last.search, last.sorted]).toEqual(['list', true]);
  });

  it('does not begin a page after the time that it is given', async () => {
    const full = Array.from({ length: 500 }, (_, at) => row(`o${at}`, 1, { sort: [at] }));
    const post = () => ({ opportunities: full, total: 9000 });
    const { methods, last } = await reading({ post }, { where: {}, sort: 'any', until: Date.now() });
    expect([methods, last.isLast]).toEqual([['POST'], false]);
  });

  it('leaves out what never had the moment that is sorted by', async () => {
    const post = () => rows(row('a', 1, { updatedAt: day(2) }), row('b'));
    expect((await reading({ post }, { where: {}, sort: 'updatedAt' })).ids).toEqual(['a']);
  });
});
