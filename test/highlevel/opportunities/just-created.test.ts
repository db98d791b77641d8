import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { CustomFieldWrite } from '../../../highlevel/account/custom-field-write.ts';
import { connect } from '../../../highlevel/connect.ts';
import {
  findJustCreated,
  findTwin,
  readIfThere,
  rememberCreated,
} from '../../../highlevel/opportunities/just-created.ts';
import { scripted } from '../../support/scripted.ts';

const opportunity = { id: 'o1', name: 'Spring  Campaign', contactId: 'c1', pipelineId: 'p1', status: 'open' };

describe('what was created a moment ago', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  /** A connection that has created these opportunities, the first one first; each can be read, but for those that are gone. */
  const having = async (opportunities: (typeof opportunity)[], gone: string[] = []) => {
    const script = scripted(({ path }) => {
      const opportunity = opportunities.find(({ id }) => path.endsWith(`/${id}`));
      return !opportunity || gone.includes(opportunity.id)
        ? { status: 404, data: { message: 'Not found' } }
        : { opportunity };
    });
    for (const one of opportunities) await rememberCreated(script.highlevel, one);
    return script;
  };

  it('is found by what it was created with, whatever the capitals and spaces of its name', async () => {
    const { highlevel, asked } = await having([opportunity]);
    const criteria = { contactId: 'c1', pipelineId: 'p1', name: 'spring campaign' };
    expect(await findJustCreated(highlevel, criteria)).toEqual(opportunity);
    expect(await findJustCreated(highlevel, {})).toEqual(opportunity);
    expect(asked.map(({ path }) => path)).toEqual(['/opportunities/o1', '/opportunities/o1']);
  });

  it.each([
    { contactId: 'c2' },
    { pipelineId: 'p2' },
    { name: 'autumn' },
  ])('is not even read where it is another: %j', async (criteria) => {
    const { highlevel, asked } = await having([opportunity]);
    expect(await findJustCreated(highlevel, criteria)).toBeNull();
    expect(asked).toEqual([]);
  });

  it('is read, and then has to be as asked', async () => {
    const { highlevel, asked } = await having([opportunity]);
    expect(await findJustCreated(highlevel, { status: 'won' })).toBeNull();
    expect(await findJustCreated(highlevel, { status: 'open', contactId: 'c2' }, {})).toBeNull();
    expect(asked).toHaveLength(2);
  });

  it('is the latest of those that are still there, and no more than three are read', async () => {
    const opportunities = ['o1', 'o2', 'o3', 'o4'].map((id) => ({ ...opportunity, id }));
    const some = await having(opportunities, ['o4', 'o3']);
    expect(await findJustCreated(some.highlevel, {})).toMatchObject({ id: 'o2' });
    const none = await having(opportunities, ['o4', 'o3', 'o2']);
    expect(await findJustCreated(none.highlevel, {})).toBeNull();
    expect(none.asked).toHaveLength(3);
  });

  it('is kept for a quarter of an hour, far longer than any search was seen to run behind', async () => {
    const { now } = Date;
    const { z, bundle } = await having([opportunity]);
    // Each look is a run of its own.
    const find = () => findJustCreated(connect(z, { authData: bundle.authData }), {});
    jest.spyOn(Date, 'now').mockImplementation(() => now() + 15 * 60_000 - 1000);
    expect(await find()).toMatchObject({ id: opportunity.id });
    jest.spyOn(Date, 'now').mockImplementation(() => now() + 15 * 60_000 + 1);
    expect(await find()).toBeNull();
  });

  it('leaves Zapier’s store after that time', async () => {
    const { z, highlevel } = scripted(() => ({}));
    const set = jest.spyOn(z.cache, 'set');
    await rememberCreated(highlevel, opportunity);
    expect(set.mock.calls.map(([, , seconds]) => seconds)).toEqual([15 * 60, 15 * 60]);
  });

  it('may be without a name, contact and pipeline', async () => {
    const bare = scripted(() => ({ opportunity: { id: 'o9' } }));
    await rememberCreated(bare.highlevel, { id: 'o9' });
    expect(await findJustCreated(bare.highlevel, {})).toEqual({ id: 'o9' });
    expect(await findJustCreated(bare.highlevel, { name: 'x' })).toBeNull();
    expect(await findJustCreated(bare.highlevel, { contactId: 'c1' })).toBeNull();
  });

  it('is not read where it was created with another value of the custom field', async () => {
    const script = await having([]);
    const field = {
      id: 'f1',
      name: 'External ID',
      key: 'x',
      dataType: 'TEXT',
      options: [],
      takesOther: false,
    };
    await rememberCreated(script.highlevel, opportunity, [{ id: 'f1', value: 'A-1' }]);
    script.asked.splice(0);
    const find = (value: string) => findJustCreated(script.highlevel, { customField: { field, value } });
    expect(await find('A-2')).toBeNull();
    expect(script.asked).toEqual([]);
    // What it holds is decided by reading it.
    await find('A-1');
    expect(script.asked).toHaveLength(1);
  });

  it('is fifty opportunities at the most', async () => {
    const many = Array.from({ length: 51 }, (_, at) => ({
      ...opportunity,
      id: `o${at}`,
      name: `Opportunity ${at} of many`,
    }));
    const { highlevel } = await having(many);
    expect(await findJustCreated(highlevel, { name: 'Opportunity 1 of' })).toMatchObject({ id: 'o1' });
    expect(await findJustCreated(highlevel, { name: 'Opportunity 0 of' })).toBeNull();
  });
});

describe('a twin that another run of the step has just created', () => {
  const find = async (created: CustomFieldWrite[], wanted: CustomFieldWrite[], changes: object = {}) => {
    const { highlevel } = scripted(() => ({ opportunity }));
    await rememberCreated(highlevel, opportunity, created);
    const { contactId, pipelineId, name } = { ...opportunity, ...changes };
    return findTwin(highlevel, { contactId, pipelineId, name, customFields: wanted });
  };

  it.each<[CustomFieldWrite[], CustomFieldWrite[]]>([
    [[], []],
    [[{ id: 'f1', value: 'A-1' }], [{ id: 'f1', value: ' a-1' }]],
    [[{ id: 'f1', value: 5 }], [{ id: 'f1', value: '5' }]],
    [[{ id: 'f1', value: ['a', 'b'] }], [{ id: 'f1', value: ['a', 'b'] }]],
  ])('is the one with the same custom fields: %j and %j', async (created, wanted) => {
    expect(await find(created, wanted)).toEqual(opportunity);
  });

  it.each<[CustomFieldWrite[], CustomFieldWrite[]]>([
    [[{ id: 'f1', value: 'A-1' }], []],
    [[], [{ id: 'f1', value: 'A-1' }]],
    [[{ id: 'f1', value: 'A-1' }], [{ id: 'f1', value: 'A-2' }]],
    [[{ id: 'f1', value: 'A-1' }], [{ id: 'f2', value: 'A-1' }]],
    [[{ id: 'f1', value: ['a', 'b'] }], [{ id: 'f1', value: ['a'] }]],
  ])('is not one with others: %j and %j', async (created, wanted) => {
    expect(await find(created, wanted)).toBeNull();
  });

  it('has the same contact and pipeline, and the whole name', async () => {
    for (const changes of [{ contactId: 'c2' }, { pipelineId: 'p2' }, { name: 'Spring' }])
      expect(await find([], [], changes)).toBeNull();
    expect(await find([], [], { name: 'spring campaign' })).toEqual(opportunity);
  });
});

describe('readIfThere', () => {
  it('is null for an opportunity that is gone, and an error for anything else', async () => {
    const gone = scripted(() => ({ status: 404, data: {} }));
    expect(await readIfThere(gone.highlevel, 'o1')).toBeNull();
    const down = scripted(() => ({ status: 500, data: {} }));
    await expect(readIfThere(down.highlevel, 'o1')).rejects.toThrow('could not read the opportunity');
    const expired = scripted(() => ({ status: 401, data: {} }));
    await expect(readIfThere(expired.highlevel, 'o1')).rejects.toMatchObject({
      name: 'RefreshAuthError',
    });
  });
});
