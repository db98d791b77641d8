import { describe, expect, it } from '@jest/globals';
import { contactFields, opportunityFields } from '../../../highlevel/account/custom-fields.ts';
import { lostReasons, lostReasonsWithIds } from '../../../highlevel/account/lost-reasons.ts';
import { pipelines } from '../../../highlevel/account/pipelines.ts';
import { users, usersWithIds } from '../../../highlevel/account/users.ts';
import { locationTimeZone } from '../../../highlevel/connection/sub-account.ts';
import { canRelateNote } from '../../../highlevel/contacts/notes.ts';
import { scripted } from '../../support/scripted.ts';

describe('a list whose entries cannot be told apart', () => {
  const LISTS = {
    '/opportunities/pipelines': 'pipelines',
    '/users/search': 'users',
    '/opportunities/lost-reason': 'lostReasons',
    '/workflows/': 'workflows',
  };
  const among = (entries: object[]) =>
    scripted(({ path, query }) => {
      const key = LISTS[path as keyof typeof LISTS];
      // It takes no notice of what is to be skipped.
      return key ? { [key]: entries, ...(query.skip ? { count: 500 } : {}) } : { customFields: entries };
    }).highlevel.account;
  const nameless = { name: 'Sales' };
  const [id, other] = ['aaaaaaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbbbbbb'];

  it.each<[string, (account: ReturnType<typeof among>) => Promise<unknown>]>([
    ['pipeline', (account) => account.resolvePipeline('Sales')],
    ['user', (account) => account.resolveUser('Sales', 'Owner')],
    ['user', (account) => account.resolveUserOrGone(other, 'Owner')],
    ['lost reason', (account) => account.resolveLostReason('Sales')],
    ['workflow', (account) => account.resolveWorkflow('Sales')],
    ['stage', (account) => account.resolveStage('Sales', null)],
  ])('does not say that there is no %s', async (thing, resolve) => {
    const some = [{ id, name: 'Known', stages: [nameless] }, nameless];
    await expect(resolve(among(some))).rejects.toThrow(
      new RegExp(`entries without an ID, so this step cannot tell whether there is a ${thing} called`),
    );
    const found = await resolve(among([{ id, name: 'Sales', stages: [] }, nameless])).catch(String);
    expect(JSON.stringify(found)).not.toMatch(/there is no/);
  });

  it.each<[string, (account: ReturnType<typeof among>) => Promise<unknown>]>([
    ['pipeline', (account) => account.resolvePipeline('Sales')],
    ['user', (account) => account.resolveUser('Sales', 'Owner')],
    ['lost reason', (account) => account.resolveLostReason('Sales')],
  ])('counts a %s that comes twice once', async (_, resolve) => {
    const one = { id, name: 'Sales', stages: [] };
    expect(await resolve(among([one, one]))).toMatchObject({ id });
  });

  it.each([
    ['find_user', { name: 'Sales' }, 'such a user'],
    ['find_pipeline_stage', { pipeline: 'Sales', pipeline_name: 'Sales' }, 'such a stage'],
  ])('is not searched through for nothing: %s', async (key, inputData, thing) => {
    const { z, bundle } = scripted(({ path }) => {
      const list = LISTS[path as keyof typeof LISTS];
      return { [list]: [{ id, name: 'Known', stages: [nameless] }, nameless] };
    });
    const { default: search } = await import(`../../../searches/${key}.ts`);
    bundle.inputData = inputData;
    await expect(search.operation.perform(z, bundle)).rejects.toThrow(
      `cannot tell whether there is ${thing}`,
    );
  });

  it('has no user who was deleted, of whom another may have the name', async () => {
    const people = [
      { id, name: 'Sales', deleted: true },
      { id: other, name: 'Sales', deleted: 'false' },
    ];
    const account = among(people);
    expect(await account.resolveUser('Sales', 'Owner')).toMatchObject({ id: other });
    expect(await account.resolveUserOrGone(id, 'Owner')).toBeNull();
  });

  it('goes on behind a full page of users, though the count is that of the page', async () => {
    const people = Array.from({ length: 130 }, (_, at) => ({ id: `u${at}`, name: `User ${at}` }));
    const { highlevel } = scripted(({ query }) => {
      const page = people.slice(Number(query.skip), Number(query.skip) + 100);
      return { users: page, count: page.length };
    });
    expect(await users.all(highlevel)).toHaveLength(130);
  });

  it('ends where each page of users is the same', async () => {
    const people = Array.from({ length: 100 }, (_, at) => ({ id: `u${at}`, name: `User ${at}` }));
    const { highlevel, asked } = scripted(() => ({ users: people, count: 500 }));
    expect(await users.all(highlevel)).toHaveLength(100);
    expect(asked).toHaveLength(2);
  });
});

describe('the custom fields of an account', () => {
  const listed = async (...customFields: object[]) => {
    const { highlevel, asked } = scripted(() => ({ customFields }));
    return { fields: await opportunityFields.all(highlevel), asked };
  };

  it('come in the order of the account, those without a place first', async () => {
    const { fields } = await listed(
      { id: 'c', position: 200 },
      { id: 'a', position: -5 },
      { id: 'b' },
      { id: 'd', position: 300 },
    );
    expect(fields.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are called by what is known of them', async () => {
    const { fields } = await listed(
      {
        id: 'f1',
        name: 'Own',
        fieldKey: 'opportunity.own',
        dataType: 'RADIO',
        picklistOptions: ['a', 7, null],
        isAllowedCustomOption: true,
      },
      { id: 'f2', fieldKey: 'my.opportunity.x' },
      { id: 'f3' },
    );
    expect(fields).toEqual([
      { id: 'f1', name: 'Own', key: 'own', dataType: 'RADIO', options: ['a', '7'], takesOther: true },
      {
        id: 'f2',
        name: 'my.opportunity.x',
        key: 'my.opportunity.x',
        dataType: 'TEXT',
        options: [],
        takesOther: false,
      },
      { id: 'f3', name: 'f3', key: 'f3', dataType: 'TEXT', options: [], takesOther: false },
    ]);
  });

  it('are known by their types in whatever capitals, and by whatever else of them can be read', async () => {
    const { fields } = await listed({
      id: 7,
      name: 12,
      dataType: 'Numerical',
      position: 'first',
      picklistOptions: {},
      isAllowedCustomOption: 'true',
    });
    expect(fields).toEqual([
      { id: '7', name: '12', key: '7', dataType: 'NUMERICAL', options: [], takesOther: true },
    ]);
  });

  it('have choices that come as objects, by the label that people see', async () => {
    const picklistOptions = [
      { id: '1', name: 'gold', label: 'Gold' },
      { id: '2', name: 'Silver' },
      { id: '3' },
      'b',
    ];
    const { fields } = await listed({ id: 'f1', dataType: 'SINGLE_OPTIONS', picklistOptions });
    expect(fields[0]?.options).toEqual(['Gold', 'Silver', 'b']);
  });

  it('are none where HighLevel answers null or nothing, and an error where it answers something else', async () => {
    for (const answer of [{ customFields: null }, { status: 204, data: undefined }]) {
      expect(await opportunityFields.all(scripted(() => answer).highlevel)).toEqual([]);
    }
    await expect(opportunityFields.all(scripted(() => ({})).highlevel)).rejects.toThrow();
  });

  it('are of the model that they name, in whatever capitals', async () => {
    const { fields } = await listed(
      { id: 'f1', model: 'Opportunity', fieldKey: 'Opportunity.external_id' },
      { id: 'f2', model: 'CONTACT' },
      { id: 'f3', model: '', fieldKey: 'Contact.own' },
    );
    expect(fields.map(({ id, key }) => [id, key])).toEqual([['f1', 'external_id']]);
  });

  it('are those of opportunities or of contacts', async () => {
    const { highlevel, asked } = scripted(() => ({ customFields: [{ id: 'f1', fieldKey: 'contact.own' }] }));
    expect(await contactFields.all(highlevel)).toMatchObject([{ key: 'own' }]);
    await opportunityFields.all(highlevel);
    expect(asked).toMatchObject([
      { path: '/locations/l1/customFields', query: { model: 'contact' } },
      { path: '/locations/l1/customFields', query: { model: 'opportunity' } },
    ]);
  });

  it('are known by their ids', async () => {
    const { highlevel, asked } = scripted(() => ({ customFields: [{ id: 'f1' }] }));
    for (const list of [opportunityFields, contactFields]) {
      await list.withIds(highlevel, new Set(['f1']));
      await list.withIds(highlevel, new Set(['f1']));
    }
    expect(asked).toHaveLength(2);
    await opportunityFields.withIds(highlevel, new Set(['f2']));
    expect(asked).toHaveLength(3);
    // By now it is known to be missing.
    await opportunityFields.withIds(highlevel, new Set(['f1', 'f2']));
    expect(asked).toHaveLength(3);
  });
});

describe('pipelines', () => {
  it('and their stages come in the order of the board, whether a place is a number or a text', async () => {
    const { highlevel } = scripted(() => ({
      pipelines: [
        {
          id: 'p2',
          name: 'B',
          position: '10',
          stages: [
            { id: 's2', position: 2 },
            { id: 's1', name: 'One', position: -1, stageWinProbability: 40 },
            { id: 's0' },
          ],
        },
        { id: 'p3', position: 11, stages: null },
        { id: 'p1', name: 'A', position: 9 },
        { id: 'p0', position: null },
      ],
    }));
    const list = await pipelines.all(highlevel);
    expect(list.map(({ id, name }) => `${id} ${name}`)).toEqual(['p0 p0', 'p1 A', 'p2 B', 'p3 p3']);
    expect(list[2]?.stages.map(({ probability }) => probability)).toEqual([40, null, null]);
    expect(list.map(({ stages }) => stages.map(({ id, name }) => `${id} ${name}`))).toEqual([
      [],
      [],
      ['s1 One', 's0 s0', 's2 s2'],
      [],
    ]);
  });

  it('are known by their ids and by those of their stages', async () => {
    const { highlevel, asked } = scripted(() => ({ pipelines: [{ id: 'p1', stages: [{ id: 's1' }] }] }));
    await pipelines.withIds(highlevel, new Set(['p1', 's1']));
    await pipelines.withIds(highlevel, new Set(['p1', 's1']));
    expect(asked).toHaveLength(1);
  });
});

describe('lost reasons', () => {
  it('are known by their ids, and called by them where they have no name', async () => {
    const { highlevel, asked } = scripted(() => ({
      lostReasons: [{ id: 'r1' }, { id: 'r2', name: 'Price' }],
    }));
    expect(await lostReasons.withIds(highlevel, new Set(['r1']))).toEqual([
      { id: 'r1', name: 'r1' },
      { id: 'r2', name: 'Price' },
    ]);
    await lostReasons.withIds(highlevel, new Set(['r2']));
    expect(asked).toMatchObject([{ query: { locationId: 'l1', limit: '100' } }]);
  });
});

describe('more lost reasons than an answer holds', () => {
  const reasons = Array.from({ length: 230 }, (_, at) => ({ id: `r${at}`, name: `Reason ${at}` }));

  it('are read on behind each full answer, those since deleted as well', async () => {
    const { highlevel, asked } = scripted(({ query }) => {
      const from = Number(query.skip ?? 0);
      return { lostReasons: query.deleted ? reasons.slice(from, from + 100) : [{ id: 'now', name: 'Now' }] };
    });
    const named = await lostReasonsWithIds(highlevel, new Set(['now', 'r0', 'r229']));
    expect(named.map(({ name }) => name)).toEqual(expect.arrayContaining(['Now', 'Reason 0', 'Reason 229']));
    expect(asked.map(({ query }) => query.skip)).toEqual([undefined, undefined, '100', '200']);
  });

  it('end where each answer is the same', async () => {
    const { highlevel, asked } = scripted(() => ({ lostReasons: reasons.slice(0, 100) }));
    expect(await lostReasons.all(highlevel)).toHaveLength(100);
    expect(asked).toHaveLength(2);
  });
});

describe('users', () => {
  it('are sought within the agency, whose id the location knows where the connection does not', async () => {
    const known = scripted(() => ({ users: [] }));
    await users.all(known.highlevel);
    expect(known.asked).toMatchObject([
      { query: { companyId: 'a1', locationId: 'l1', limit: '100', skip: '0' } },
    ]);
    const unknown = scripted(({ path }) =>
      path === '/users/search' ? { users: [] } : { location: { id: 'l1', companyId: 'a7' } },
    );
    unknown.bundle.authData.companyId = '';
    await users.all(unknown.highlevel);
    expect(unknown.asked[1]?.query).toMatchObject({ companyId: 'a7' });
  });

  it('are asked for only where an id has to be explained, and where it is allowed', async () => {
    const { highlevel, bundle, asked } = scripted(() => ({ users: [{ id: 'u1', name: 'Ana', email: '' }] }));
    expect(await usersWithIds(highlevel, new Set())).toEqual([]);
    bundle.authData.scope = 'opportunities.readonly';
    expect(await usersWithIds(highlevel, new Set(['u1']))).toEqual([]);
    expect(asked).toEqual([]);
    bundle.authData.scope = 'users.readonly';
    expect(await usersWithIds(highlevel, new Set(['u1']))).toEqual([{ id: 'u1', name: 'Ana', email: null }]);
  });
});

describe('the time zone of a sub-account', () => {
  it('is asked for once', async () => {
    const { highlevel, asked } = scripted(() => ({ location: { id: 'l1', timezone: 'Europe/Berlin' } }));
    expect(await locationTimeZone(highlevel)).toBe('Europe/Berlin');
    expect(await locationTimeZone(highlevel)).toBe('Europe/Berlin');
    expect(asked.map(({ path }) => path)).toEqual(['/locations/l1']);
  });

  it.each([{}, { timezone: '' }])('is null where there is none: %j', async (location) => {
    const { highlevel } = scripted(() => ({ location: { id: 'l1', ...location } }));
    expect(await locationTimeZone(highlevel)).toBeNull();
  });
});

describe('canRelateNote', () => {
  const author = { body: 'x', userId: 'u1' };

  it.each([
    ['contacts.write  notes.write', true],
    ['notes.writer', false],
    ['', false],
    [undefined, false],
  ])('goes by what was granted in so many words: "%s"', (scope, can) => {
    expect(canRelateNote({ authData: { scope } } as never, author)).toBe(can);
  });

  it('needs an author', () => {
    expect(canRelateNote({ authData: { scope: 'notes.write' } } as never, { body: 'x' })).toBe(false);
    expect(canRelateNote({ authData: {} } as never, author)).toBe(false);
  });
});
