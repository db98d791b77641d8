/** What a run finds of an earlier one, whose answer was lost, before it creates anything. */

import { describe, expect, it } from '@jest/globals';
import type { HighLevel } from '../../../highlevel/connect.ts';
import { CLOCK_DRIFT_MS } from '../../../highlevel/http/attempts.ts';
import { lostOnce, scripted } from '../../support/scripted.ts';

const NOTE = { body: 'Asked for a quote.', title: 'Call' };
const TASK = { title: 'Call Sam', dueDate: '2026-12-01T09:00:00.000Z' };
const at = (ms: number) => new Date(Date.now() + ms).toISOString();

interface Kind {
  create: (highlevel: HighLevel) => Promise<{ id: string }>;
  /** The list of the contact that is looked through. */
  list: 'notes' | 'tasks';
  /** The same as was sent. */
  same: object;
}

const KINDS: Record<string, Kind> = {
  note: {
    create: ({ contacts }) => contacts.notes.create('c1', NOTE),
    list: 'notes',
    same: { id: 'n1', ...NOTE, dateAdded: at(0) },
  },
  'note on an opportunity': {
    create: async ({ contacts }) =>
      (await contacts.notes.createOnOpportunity({ opportunityId: 'o1', contactId: 'c1' }, NOTE)) ?? {
        id: 'refused',
      },
    list: 'notes',
    same: { id: 'n1', ...NOTE, dateAdded: at(0) },
  },
  task: {
    create: ({ contacts }) => contacts.tasks.create('c1', TASK),
    list: 'tasks',
    same: { id: 't1', ...TASK, completed: false },
  },
};

/** Two runs of one step: the first is not answered, and the second finds these. */
async function replayed({ create, list }: Kind, entries: unknown[]) {
  const created = lostOnce({ note: { id: 'made' }, task: { id: 'made' } });
  const { highlevel, asked } = scripted(({ path, method }) =>
    method === 'GET' && path === `/contacts/c1/${list}` ? { [list]: entries } : created(),
  );
  await expect(create(highlevel)).rejects.toThrow(/did not say whether it could create/);
  const writes = asked.length;
  const again = await create(highlevel).catch((error: Error) => error.message);
  const creations = asked.slice(writes).filter(({ method }) => method === 'POST').length;
  return { again: typeof again === 'string' ? again : again.id, creations };
}

describe.each(Object.entries(KINDS))('a %s whose answer was lost', (name, kind) => {
  it('is the one that is there', async () => {
    const { id } = kind.same as { id: string };
    expect(await replayed(kind, [kind.same])).toEqual({ again: id, creations: 0 });
    expect(await replayed(kind, [{ id: 'x', title: 'Other' }, kind.same])).toEqual({
      again: id,
      creations: 0,
    });
  });

  it('is made where there is none, or another one', async () => {
    const other = { ...kind.same, title: 'Mail' };
    for (const entries of [[], [other]]) {
      expect(await replayed(kind, entries)).toEqual({ again: 'made', creations: 1 });
    }
  });

  it('is not made while one of the list has no id, or no more than an id', async () => {
    for (const odd of [{ ...kind.same, id: undefined }, null]) {
      const { again, creations } = await replayed(kind, [odd]);
      expect(again).toMatch(new RegExp(`whether that run created the ${name.split(' ')[0]}: .*has no ID`));
      expect(creations).toBe(0);
    }
  });
});

describe.each(['note', 'note on an opportunity'])('a %s that looks the same', (name) => {
  const kind = KINDS[name] as Kind;

  it.each([
    ['in HTML', { body: '<p>Asked for<br>a&nbsp;<b>quote</b>.</p>' }],
    ['in capitals', { body: 'ASKED  FOR A QUOTE.' }],
    ['a little earlier, by another clock', { dateAdded: at(-CLOCK_DRIFT_MS + 10_000) }],
  ])('is taken: %s', async (_, changes) => {
    expect(await replayed(kind, [{ ...kind.same, ...changes }])).toEqual({ again: 'n1', creations: 0 });
  });

  it.each([
    ['written before', { dateAdded: at(-2 * CLOCK_DRIFT_MS) }],
    ['of another text', { body: 'Asked for a quotation.' }],
    ['without a text', { body: null }],
    ['of another title', { title: 'Mail' }],
    ['without a title', { title: null }],
  ])('is another one: %s', async (_, changes) => {
    expect(await replayed(kind, [{ ...kind.same, ...changes }])).toEqual({ again: 'made', creations: 1 });
  });

  it.each([
    [undefined],
    [null],
    ['soon'],
  ])('may be it, or not, where it was written at %j', async (dateAdded) => {
    const { again, creations } = await replayed(kind, [{ ...kind.same, dateAdded }]);
    expect(again).toMatch(/whether that run created the note: .*looks the same and has no date/);
    expect(creations).toBe(0);
  });

  it.each([
    ['R&D: "less" is 1 < 2', '<p>R&amp;D: &quot;less&quot; is 1 &lt; 2</p>'],
    ["Sam's <second> quote", 'Sam&#39;s &lt;second&gt; quote'],
    ['Line one\nLine two', '<p>Line one</p><p>Line two</p>'],
  ])('is known by %j in HTML', async (body, html) => {
    const create: Kind['create'] = ({ contacts }) => contacts.notes.create('c1', { body });
    expect(await replayed({ ...kind, create }, [{ ...kind.same, body: html }])).toEqual({
      again: 'n1',
      creations: 0,
    });
  });

  it('needs no title of its own where none was sent', async () => {
    const { highlevel } = scripted(({ method }) =>
      method === 'POST' ? { status: 502, data: {} } : { notes: [kind.same] },
    );
    const create = () => highlevel.contacts.notes.create('c1', { body: NOTE.body });
    await create().catch(() => null);
    expect(await create()).toMatchObject({ id: 'n1' });
  });
});

describe('a task that looks the same', () => {
  const kind = KINDS.task as Kind;

  it.each([
    ['without a word on whether it is done', { completed: undefined }],
    ['in capitals', { title: 'CALL  SAM' }],
    ['due at the same moment in another zone', { dueDate: '2026-12-01T10:00:00.000+01:00' }],
  ])('is taken: %s', async (_, changes) => {
    expect(await replayed(kind, [{ ...kind.same, ...changes }])).toEqual({ again: 't1', creations: 0 });
  });

  it.each([
    ['done', { completed: true }],
    ['due at another time', { dueDate: '2026-12-02T09:00:00.000Z' }],
    ['without a title', { title: null }],
  ])('is another one: %s', async (_, changes) => {
    expect(await replayed(kind, [{ ...kind.same, ...changes }])).toEqual({ again: 'made', creations: 1 });
  });

  it.each([[undefined], [null], ['soon']])('may be it, or not, where it is due at %j', async (dueDate) => {
    const { again, creations } = await replayed(kind, [{ ...kind.same, dueDate }]);
    expect(again).toMatch(/whether that run created the task: .*looks the same and has no date/);
    expect(creations).toBe(0);
  });
});

describe('a note or a task that HighLevel created without saying which', () => {
  const created = async (create: Kind['create'], listed: unknown) => {
    const { highlevel } = scripted(({ method }) => (method === 'POST' ? { success: true } : listed));
    return create(highlevel);
  };

  it.each(['note', 'note on an opportunity', 'task'])('is looked for: a %s', async (name) => {
    const { create, list, same } = KINDS[name] as Kind;
    expect(await created(create, { [list]: [same] })).toMatchObject(same);
  });

  it.each([
    'note',
    'note on an opportunity',
    'task',
  ])('is as it was sent, without an id, where it is not found: a %s', async (name) => {
    const { create, list, same } = KINDS[name] as Kind;
    const sent = name === 'task' ? TASK : NOTE;
    for (const answer of [
      { [list]: [] },
      // It cannot be told whether that is the one.
      { [list]: [{ ...same, dateAdded: undefined, dueDate: undefined }] },
      { status: 404, data: {} },
    ]) {
      expect(await created(create, answer)).toEqual({ ...sent, id: '' });
    }
  });
});

describe('a note on an opportunity', () => {
  const create = (answer: unknown) => {
    const { highlevel } = scripted(() => answer);
    return highlevel.contacts.notes.createOnOpportunity({ opportunityId: 'o1', contactId: 'c1' }, NOTE);
  };

  it.each([400, 404, 422])('is none where HighLevel takes none, and says so by %d', async (status) => {
    expect(await create({ status, data: { message: 'objectKey is not supported' } })).toBeNull();
  });

  it.each([
    [403, 'AppError'],
    [401, 'RefreshAuthError'],
    [429, 'ThrottledError'],
    [500, 'AppError'],
  ])('is an error where HighLevel answers with %d', async (status, name) => {
    await expect(create({ status, data: {} })).rejects.toMatchObject({ name });
  });

  it('is an error where none of it is HighLevel’s', async () => {
    const { highlevel } = scripted(() => {
      throw new TypeError('of our own');
    });
    const note = highlevel.contacts.notes.createOnOpportunity({ opportunityId: 'o1', contactId: 'c1' }, NOTE);
    await expect(note).rejects.toThrow('of our own');
  });

  it.each([
    ['contacts.write notes.write', 'u1', true],
    ['contacts.write  \n notes.write', 'u1', true],
    ['contacts.write notes.write', undefined, false],
    ['contacts.write notes.writes', 'u1', false],
    ['', 'u1', false],
    [undefined, 'u1', false],
  ])('is tried with the permissions %j and the author %j: %j', (scope, userId, may) => {
    const { highlevel, bundle } = scripted(() => ({}));
    bundle.authData = { ...bundle.authData, scope } as typeof bundle.authData;
    expect(highlevel.contacts.notes.canRelate({ body: 'x', ...(userId && { userId }) })).toBe(may);
  });
});

describe('a contact of a name alone', () => {
  const PERSON = { firstName: 'Sam', lastName: 'Reed' };

  /** A HighLevel where a search finds these, each read by its id as it stands there. */
  const having = (
    records: Record<string, object | null>,
    {
      posted,
      more = [],
      sent = PERSON,
    }: { posted: () => unknown; more?: unknown[]; sent?: Record<string, unknown> },
  ) => {
    const rows = Object.entries(records).map(([id, record]) => ({ id, ...record }));
    const script = scripted(({ method, path }) => {
      if (path === '/contacts/search') return { contacts: [...rows, ...more], total: rows.length };
      if (method === 'GET') return { contact: rows.find(({ id }) => path.endsWith(`/${id}`)) };
      return posted();
    });
    return {
      ...script,
      create: () =>
        script.highlevel.contacts
          .create(sent)
          .then(({ id }) => id)
          .catch((error: Error) => error.message),
      creations: () => script.asked.filter(({ path }) => path === '/contacts/').length,
    };
  };
  const twice = async (records: Record<string, object | null>, more: unknown[] = [], sent = PERSON) => {
    const { create, creations } = having(records, {
      posted: lostOnce({ contact: { id: 'made' } }),
      more,
      sent,
    });
    await create();
    return [await create(), creations()];
  };
  const same = { ...PERSON, dateAdded: at(0) };

  it('is the one that an earlier run made', async () => {
    expect(await twice({ old: { ...same, dateAdded: at(-86_400_000) }, new: same })).toEqual(['new', 1]);
    expect(await twice({ old: { ...same, dateAdded: undefined }, new: same })).toEqual(['new', 1]);
    const company = { companyName: 'Harbor Cafe' };
    expect(await twice({ new: { ...company, dateAdded: at(0) } }, [], company as never)).toEqual(['new', 1]);
  });

  it.each([
    ['of another name', { lastName: 'Reeves' }],
    ['with an email', { email: 'sam@example.com' }],
    ['with a phone number', { phone: '+12025550107' }],
    ['added before', { dateAdded: at(-86_400_000) }],
  ])('is made where there is one %s', async (_, changes) => {
    expect(await twice({ c1: { ...same, ...changes } })).toEqual(['made', 2]);
  });

  it.each([
    [undefined],
    [null],
    ['soon'],
  ])('is not made beside one that was added at %j', async (dateAdded) => {
    const [said, creations] = await twice({ c1: { ...same, dateAdded } });
    expect(said).toMatch(/whether that run created the contact: .*looks the same and has no date/);
    expect(creations).toBe(1);
  });

  it('is not made while a row of the search has no id', async () => {
    const [said, creations] = await twice({}, [{ firstName: 'Sam' }]);
    expect(said).toMatch(/whether that run created the contact: .*has no ID/);
    expect(creations).toBe(1);
  });

  it.each([
    ['no name', {}],
    ['its company alone', { companyName: 'Harbor Cafe' }],
  ])('is known by its ID where the row of the search tells %s', async (_, row) => {
    const sent = { ...PERSON, companyName: 'Harbor Cafe' };
    const replayed = async (read: object) => {
      const posted = lostOnce({ contact: { ...sent, id: 'made' } });
      const { highlevel } = scripted(({ method, path }) => {
        if (path === '/contacts/search') return { contacts: [{ id: 'c1', ...row }], total: 1 };
        return method === 'GET' ? { contact: { id: 'c1', ...read } } : posted();
      });
      await highlevel.contacts.create(sent).catch(() => null);
      return (await highlevel.contacts.create(sent)).id;
    };
    expect(await replayed({ ...sent, dateAdded: at(0) })).toBe('c1');
    expect(await replayed({ ...sent, lastName: 'Reeves', dateAdded: at(0) })).toBe('made');
  });

  it('is the one that was created, though HighLevel refused with 422, and with nothing else', async () => {
    const refusedWith = async (status: number) =>
      having({ new: same }, { posted: () => ({ status, data: { message: 'No.' } }) }).create();
    expect(await refusedWith(422)).toBe('new');
    expect(await refusedWith(400)).toMatch(/No\./);
    expect(await refusedWith(500)).toMatch(/did not say whether it could create the contact/);
    const none = having({}, { posted: () => ({ status: 422, data: { message: 'No.' } }) });
    expect(await none.create()).toMatch(/No\./);
  });

  it('is found by its name a moment later, while that is its name', async () => {
    const contact = { id: 'c1', firstName: 'Sam', lastName: 'Reed' };
    let now: unknown = { contact };
    const { highlevel, asked } = scripted(({ method }) => (method === 'POST' ? { contact } : now));
    expect(await highlevel.contacts.findJustNamed('Sam Reed')).toBeNull();
    expect(asked).toEqual([]);
    await highlevel.contacts.create(PERSON);
    expect(await highlevel.contacts.findJustNamed('sam  REED')).toEqual(contact);
    expect(await highlevel.contacts.findJustNamed('Sam')).toBeNull();
    now = { contact: { ...contact, lastName: 'Reeves' } };
    expect(await highlevel.contacts.findJustNamed('Sam Reed')).toBeNull();
    now = { contact: { id: 'c1' } };
    expect(await highlevel.contacts.findJustNamed('Sam Reed')).toBeNull();
    now = { status: 404, data: {} };
    expect(await highlevel.contacts.findJustNamed('Sam Reed')).toBeNull();
  });
});
