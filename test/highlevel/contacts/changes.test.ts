import { describe, expect, it } from '@jest/globals';
import { scripted } from '../../support/scripted.ts';

const DUE = '2026-12-01T09:00:00.000Z';

describe('a change of a note or a task', () => {
  const note = { id: 'n1', body: 'Wrote.', title: 'Mail', userId: 'u1' };
  const task = {
    id: 't1',
    title: 'Mail',
    body: 'Quote',
    dueDate: DUE,
    completed: false,
    assignedTo: 'u1',
  };

  it('is as the answer says, and costs one request where that says all', async () => {
    const { highlevel, asked } = scripted(({ path }) => (path.includes('/notes/') ? { note } : { task }));
    const { notes, tasks } = highlevel.contacts;
    expect(await notes.update({ contactId: 'c1', id: 'n1' }, { body: 'Wrote' })).toEqual(note);
    expect(await tasks.update({ contactId: 'c1', taskId: 't1' }, { title: 'Mail' })).toEqual(task);
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /contacts/c1/notes/n1',
      'PUT /contacts/c1/tasks/t1',
    ]);
  });

  it('is not emptied by null, neither of the answer nor of what is read', async () => {
    const { highlevel } = scripted(({ method }) => ({
      note: method === 'PUT' ? { id: 'n1', body: null, userId: undefined } : { ...note, title: null },
    }));
    const path = { contactId: 'c1', id: 'n1' };
    expect(await highlevel.contacts.notes.update(path, { title: 'Call' })).toEqual({
      ...note,
      title: 'Call',
    });
  });

  it('is as it was sent where the answer leaves out no more than that', async () => {
    const { title: _, ...rest } = note;
    const { highlevel, asked } = scripted(() => ({ note: rest }));
    const path = { contactId: 'c1', id: 'n1' };
    expect(await highlevel.contacts.notes.update(path, { title: 'Call' })).toEqual({
      ...rest,
      title: 'Call',
    });
    expect(asked).toHaveLength(1);
  });

  it('is read again where the answer leaves more out', async () => {
    const { body: _, ...rest } = note;
    const { highlevel, asked } = scripted(({ method }) => ({ note: method === 'PUT' ? rest : note }));
    const path = { contactId: 'c1', id: 'n1' };
    expect(await highlevel.contacts.notes.update(path, { title: 'Mail' })).toEqual(note);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [{ success: true }],
    [[]],
    ['saved'],
  ])('is as it was sent where %j is all that can be had', async (answer) => {
    const { highlevel } = scripted(({ method }) => (method === 'PUT' ? answer : { status: 500, data: {} }));
    const { notes, tasks } = highlevel.contacts;
    const change = { title: 'Call' };
    expect(await notes.update({ contactId: 'c1', id: 'n1' }, change)).toEqual({ id: 'n1', ...change });
    expect(await tasks.update({ contactId: 'c1', taskId: 't1' }, change)).toEqual({ id: 't1', ...change });
  });

  it('is none where it is gone, though HighLevel answered as if it had been changed', async () => {
    const { highlevel } = scripted(({ method }) =>
      method === 'PUT' ? { success: true } : { status: 404, data: { message: 'Not found' } },
    );
    const { notes, tasks } = highlevel.contacts;
    const gone = { name: 'HaltedError' };
    await expect(notes.update({ contactId: 'c1', id: 'n1' }, { title: 'Call' })).rejects.toMatchObject(gone);
    await expect(tasks.update({ contactId: 'c1', taskId: 't1' }, { title: 'Call' })).rejects.toMatchObject(
      gone,
    );
  });

  it('is an error where a note or a task that is read is not in the answer', async () => {
    const { highlevel } = scripted(() => ({ success: true }));
    const { notes, tasks } = highlevel.contacts;
    await expect(notes.get({ contactId: 'c1', id: 'n1' })).rejects.toThrow(/cannot read \(at note\)/);
    await expect(tasks.get({ contactId: 'c1', taskId: 't1' })).rejects.toThrow(/cannot read \(at task\)/);
  });
});

describe('the notes and tasks of a contact', () => {
  it('are named in the log where some had no id, and only then', async () => {
    const listing = (entries: unknown[]) => {
      const { highlevel, said } = scripted(() => ({ notes: entries, tasks: entries }));
      return { ...highlevel.contacts, said };
    };
    const whole = listing([{ id: '1' }]);
    expect(await whole.notes.all('c1')).toMatchObject({ kept: [{ id: '1' }], leftOut: 0 });
    expect(await whole.tasks.all('c1')).toMatchObject({ kept: [{ id: '1' }], leftOut: 0 });
    expect(whole.said).toEqual([]);
    const odd = listing([{ id: '1' }, {}, null]);
    expect(await odd.notes.list('c1')).toMatchObject([{ id: '1' }]);
    expect(await odd.tasks.list('c1')).toMatchObject([{ id: '1' }]);
    expect(odd.said).toEqual([
      '2 notes had no id or were not as expected, and were left out',
      '2 tasks had no id or were not as expected, and were left out',
    ]);
  });
});

describe('a contact that is saved by its email or phone', () => {
  const saved = (answers: { upsert: unknown; found?: unknown }) => {
    const { highlevel } = scripted(({ path }) =>
      path === '/contacts/upsert' ? answers.upsert : (answers.found ?? { contact: null }),
    );
    return highlevel.contacts.upsert({ email: 'sam@example.com' });
  };
  const contact = { id: 'c1', email: 'sam@example.com' };

  it.each([
    [true, true],
    ['true', true],
    [false, false],
    [undefined, null],
    ['perhaps', null],
  ])('is new by %j: %j', async (said, created) => {
    expect(await saved({ upsert: { new: said, contact } })).toEqual({ created, contact });
  });

  it.each([
    [{ success: true }],
    [[]],
    ['saved'],
    [{ contact: {} }],
  ])('is looked up where the answer is %j', async (upsert) => {
    expect(await saved({ upsert, found: { contact } })).toEqual({ created: null, contact });
  });

  it('is an error where it cannot be found either', async () => {
    await expect(saved({ upsert: { success: true } })).rejects.toMatchObject({
      message: expect.stringMatching(/did not say which contact it saved/),
      code: 'unreadable',
      status: 503,
    });
  });
});

describe('a contact that is changed', () => {
  const changed = async (read: unknown) => {
    const { highlevel, said, asked } = scripted(({ method }) =>
      method === 'PUT' ? { success: true } : read,
    );
    const customFields = [{ id: 'f1', value: 'x' }];
    const contact = await highlevel.contacts.update('c1', { city: 'Salem', customFields });
    return { contact, said, asked };
  };

  it('is as it is read after it', async () => {
    const { contact, said, asked } = await changed({ contact: { id: 'c1', city: 'Portland' } });
    expect(contact).toEqual({ id: 'c1', city: 'Portland' });
    expect(said).toEqual([]);
    expect(asked[0]?.body).toEqual({ city: 'Salem', customFields: [{ id: 'f1', fieldValue: 'x' }] });
  });

  it('is as it was sent where it cannot be read, which the log says', async () => {
    const { contact, said } = await changed({ status: 500, data: {} });
    expect(contact).toMatchObject({ id: 'c1', city: 'Salem', customFields: [{ id: 'f1', fieldValue: 'x' }] });
    expect(said).toEqual(['the contact was changed, and could not be read again']);
  });

  it('is an error where it is gone', async () => {
    await expect(changed({ status: 404, data: {} })).rejects.toMatchObject({ name: 'HaltedError' });
  });
});

describe('the tags of a contact', () => {
  const tags = (written: unknown, read: unknown) => {
    const { highlevel, asked } = scripted(({ method }) => (method === 'GET' ? read : written));
    return { changed: highlevel.contacts.addTags('c1', ['vip']), asked };
  };

  it('are those of the answer, or are read, or are not known', async () => {
    const told = tags({ tags: ['new', 'vip'] }, {});
    expect(await told.changed).toEqual(['new', 'vip']);
    expect(told.asked).toHaveLength(1);
    expect(await tags({ tags: null }, { contact: { id: 'c1', tags: ['vip'] } }).changed).toEqual(['vip']);
    expect(await tags([], { contact: { id: 'c1', tags: ['vip'] } }).changed).toEqual(['vip']);
    expect(await tags({}, { contact: { id: 'c1' } }).changed).toBeNull();
    expect(await tags({}, { status: 500, data: {} }).changed).toBeNull();
  });
});

describe('a workflow', () => {
  it('is begun and left by one request each', async () => {
    const { highlevel, asked } = scripted(() => ({ succeded: true }));
    const path = { contactId: 'c/1', workflowId: 'w1' };
    await highlevel.contacts.addToWorkflow(path);
    await highlevel.contacts.removeFromWorkflow(path);
    expect(asked.map(({ method, path: at, body }) => [method, at, body])).toEqual([
      ['POST', '/contacts/c%2F1/workflow/w1', {}],
      ['DELETE', '/contacts/c%2F1/workflow/w1', {}],
    ]);
  });

  it('is not begun again where HighLevel did not answer whether it began', async () => {
    const { highlevel, asked } = scripted(() => ({ status: 502, data: {} }));
    const path = { contactId: 'c1', workflowId: 'w1' };
    await expect(highlevel.contacts.addToWorkflow(path)).rejects.toMatchObject({ name: 'AppError' });
    await expect(highlevel.contacts.addToWorkflow(path)).rejects.toMatchObject({
      name: 'HaltedError',
      message: expect.stringMatching(/which was to add the contact to the workflow/),
    });
    expect(asked).toHaveLength(1);
  });
});
