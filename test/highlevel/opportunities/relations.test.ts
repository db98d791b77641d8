import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../support/scripted.ts';

const KEY = 'OPPORTUNITIES_CONTACTS_ASSOCIATION';

describe('the relation of an opportunity and a contact', () => {
  const relation = (id: unknown, firstRecordId: unknown, secondRecordId: unknown) => ({
    id,
    firstRecordId,
    secondRecordId,
  });
  const find = (pages: unknown[][]) => {
    const { highlevel, asked } = scripted(({ query }) => ({
      relations: pages[Number(query.skip) / 100] ?? [],
    }));
    return { found: highlevel.opportunities.findRelation('o1', 'c1'), asked };
  };
  const others = (count: number) =>
    Array.from({ length: count }, (_, at) => relation(`x${at}`, 'o1', `y${at}`));

  it.each([
    ['behind the opportunity', relation('r1', 'o1', 'c1'), { id: 'r1' }],
    ['before the opportunity', relation('r1', 'c1', 'o1'), { id: 'r1' }],
    ['with an id in digits', relation(7, 'o1', 'c1'), { id: '7' }],
    ['with its id under _id', { _id: 'r1', firstRecordId: 'o1', secondRecordId: 'c1' }, { id: 'r1' }],
    ['beside odd ids', relation('r1', { id: 'o1' }, 'c1'), { id: 'r1' }],
    ['without an id', relation(undefined, 'o1', 'c1'), { id: null }],
    ['with an empty id', relation('', 'o1', 'c1'), { id: null }],
  ])('is found with the contact %s', async (_, row, found) => {
    const { found: one, asked } = find([[null, 'odd', ...others(2), row]]);
    expect(await one).toEqual(found);
    expect(asked.map(({ path, query }) => ({ path, ...query }))).toEqual([
      { path: '/associations/relations/o1', locationId: 'l1', skip: '0', limit: '100' },
    ]);
  });

  it('is none where a short page does not have it', async () => {
    const { found, asked } = find([others(99), [relation('r1', 'o1', 'c1')]]);
    expect(await found).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it('is looked for on five full pages, and no more', async () => {
    const second = find([others(100), [relation('r1', 'o1', 'c1')]]);
    expect(await second.found).toEqual({ id: 'r1' });
    const full = Array.from({ length: 6 }, () => others(100));
    const { found, asked } = find(full);
    expect(await found).toBeNull();
    expect(asked.map(({ query }) => query.skip)).toEqual(['0', '100', '200', '300', '400']);
  });

  it('is not taken for none where the list is not in the answer', async () => {
    const { highlevel } = scripted(() => ({ data: [] }));
    await expect(highlevel.opportunities.findRelation('o1', 'c1')).rejects.toThrow(
      /cannot read \(at relations\)/,
    );
  });
});

describe('a contact that is added to an opportunity', () => {
  const add = async (association: unknown, scope = '') => {
    const script = scripted(({ method }) => (method === 'GET' ? association : {}));
    script.bundle.authData.scope = scope;
    await script.highlevel.opportunities.addRelation('o1', 'c1');
    return script;
  };
  const sent = ({ asked }: Awaited<ReturnType<typeof add>>) =>
    asked.filter(({ method }) => method === 'POST').map(({ body }) => body);
  const body = { locationId: 'l1', firstRecordId: 'o1', secondRecordId: 'c1' };

  it.each([
    ['opportunity', body],
    [undefined, body],
    ['contact', { ...body, firstRecordId: 'c1', secondRecordId: 'o1' }],
  ])('stands on its side of the association, whose first is %j', async (firstObjectKey, expected) => {
    const script = await add({ id: 'a1', firstObjectKey });
    expect(sent(script)).toEqual([{ ...expected, associationId: 'a1' }]);
    expect(script.asked[0]).toMatchObject({
      path: `/associations/key/${KEY}`,
      query: { locationId: 'l1' },
    });
    await script.highlevel.opportunities.addRelation('o1', 'c1');
    // What is known of the association is not asked for again.
    expect(script.asked.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST']);
    expect(sent(script)[1]).toEqual(sent(script)[0]);
  });

  it('is tied by the id that the association has under _id', async () => {
    expect(sent(await add({ _id: 'a1' }))).toEqual([{ ...body, associationId: 'a1' }]);
  });

  it('is tied by what rows show where HighLevel does not know the key, or it may not be looked up', async () => {
    const unknown = await add({ status: 404, data: {} });
    expect(sent(unknown)).toEqual([{ ...body, associationId: KEY }]);
    const scope = 'associations/relation.write';
    const forbidden = await add({ id: 'a1' }, scope);
    expect(sent(forbidden)).toEqual([{ ...body, associationId: KEY }]);
    expect(forbidden.asked).toHaveLength(1);
  });
});

describe('a relation whose change was not answered', () => {
  const change = {
    added: (highlevel: ReturnType<typeof scripted>['highlevel']) =>
      highlevel.opportunities.addRelation('o1', 'c1'),
    removed: (highlevel: ReturnType<typeof scripted>['highlevel']) =>
      highlevel.opportunities.removeRelation('r1', 'o1', 'c1'),
  };

  it.each(['added', 'removed'] as const)('is remembered as %s by the step, once', async (kind) => {
    const { highlevel, asked } = scripted(({ method }) =>
      method === 'GET' ? { id: 'a1' } : { status: 502, data: {} },
    );
    const { wasRelationChangedBefore } = highlevel.opportunities;
    const other = kind === 'added' ? 'removed' : 'added';
    expect(await wasRelationChangedBefore(kind, 'o1', 'c1')).toBe(false);
    await expect(change[kind](highlevel)).rejects.toThrow(/did not say whether it could/);
    expect(await wasRelationChangedBefore(other, 'o1', 'c1')).toBe(false);
    expect(await wasRelationChangedBefore(kind, 'o1', 'c2')).toBe(false);
    expect(await wasRelationChangedBefore(kind, 'o2', 'c1')).toBe(false);
    expect(await wasRelationChangedBefore(kind, 'o1', 'c1')).toBe(true);
    expect(await wasRelationChangedBefore(kind, 'o1', 'c1')).toBe(false);
    if (kind === 'removed') {
      expect(asked[0]).toMatchObject({
        method: 'DELETE',
        path: '/associations/relations/r1',
        query: { locationId: 'l1' },
      });
    }
  });

  it.each(['added', 'removed'] as const)('is not remembered as %s where HighLevel answered', async (kind) => {
    for (const answer of [{}, { status: 400, data: {} }]) {
      const { highlevel } = scripted(({ method }) => (method === 'GET' ? { id: 'a1' } : answer));
      await change[kind](highlevel).catch(() => null);
      expect(await highlevel.opportunities.wasRelationChangedBefore(kind, 'o1', 'c1')).toBe(false);
    }
  });
});
