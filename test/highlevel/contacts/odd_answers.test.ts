import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect } from '../../support/connection.ts';

const ADDED = '2026-11-20T14:30:00.000Z';

describe('answers that are not quite as documented', () => {
  let connection: Connection;
  let contactId = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    contactId = connection.sandbox.seeded.contactIds[0] ?? '';
  });
  afterAll(() => connection.close());
  beforeEach(() => connection.sandbox.clearFaults());

  const fault = (method: string, path: string, body: unknown) =>
    connection.sandbox.fault({ method, path, status: 200, body, when: 'after' });
  const create = (key: string, input: object) =>
    connection.run<Record<string, unknown>>(`creates.${key}.operation.perform`, {
      contact_id: contactId,
      ...input,
    });

  it.each<[object, object]>([
    [{ dnd: 'false' }, { do_not_disturb: false }],
    [{ dnd: 'perhaps' }, { do_not_disturb: null }],
    [{ customFields: {} }, {}],
    [
      { customFields: [null, { id: 'f9', value: 'kept' }] },
      { custom_fields: expect.objectContaining({ f9: 'kept' }) },
    ],
    [{ tags: 'a' }, { tags: ['a'] }],
    [{ tags: ['a', null, 7] }, { tags: ['a', '7'] }],
    [{ dateAdded: Date.parse(ADDED) }, { created_at: ADDED }],
    [{ dateOfBirth: Date.UTC(1970, 5, 1) }, { date_of_birth: '1970-06-01' }],
    [{ dateOfBirth: Date.UTC(1962, 5, 1) }, { date_of_birth: '1962-06-01' }],
    [{ dateOfBirth: Date.UTC(1985, 5, 1) / 1000 }, { date_of_birth: '1985-06-01' }],
    [{ dateOfBirth: '06/01/1985' }, { date_of_birth: '1985-06-01' }],
    [{ dateOfBirth: 'June' }, { date_of_birth: null }],
    [{ dnd: 1 }, { do_not_disturb: true }],
    [{ dnd: '0' }, { do_not_disturb: false }],
    [{ postalCode: 94110 }, { postal_code: '94110' }],
    [{ id: undefined, _id: 'c1' }, { id: 'c1' }],
  ])('show a contact with %j', async (odd, row) => {
    fault('GET', `/contacts/${contactId}`, { contact: { id: 'c1', email: 'sam@example.com', ...odd } });
    const contact = await create('update_contact', { city: 'Portland' });
    expect(contact).toMatchObject({ email: 'sam@example.com', ...row });
  });

  it('show a note', async () => {
    const odd = { _id: 'n1', body: 'Called.', title: 7, dateAdded: Date.parse(ADDED), userId: null };
    fault('POST', `/contacts/${contactId}/notes`, { note: odd });
    expect(await create('create_note', { body: 'Called.' })).toMatchObject({
      id: 'n1',
      title: '7',
      created_at: ADDED,
    });
  });

  it('list the notes and tasks that can be told apart', async () => {
    const list = (key: string) =>
      connection.run(`triggers.${key}.operation.perform`, { contact_id: contactId });
    fault('GET', `/contacts/${contactId}/notes`, {
      notes: [null, { _id: 'n1', body: 'Called.' }, { body: 'x' }],
    });
    expect(await list('note_list')).toMatchObject([{ id: 'n1' }]);
    fault('GET', `/contacts/${contactId}/tasks`, {
      tasks: [null, { _id: 't1', title: 'Call', completed: 'true' }],
    });
    expect(await list('task_list')).toMatchObject([{ id: 't1' }]);
  });

  it('say that a search cannot tell, and is not complete, where some cannot be told apart', async () => {
    const search = (key: string, input: object) =>
      connection.run(`searches.${key}.operation.perform`, { contact_id: contactId, ...input });
    const note = { id: 'n1', body: 'Called.', dateAdded: ADDED };
    fault('GET', `/contacts/${contactId}/notes`, { notes: [note, note, { body: 'x' }] });
    expect(await search('list_notes', {})).toMatchObject([{ count: 1, is_complete: false }]);
    fault('GET', `/contacts/${contactId}/notes`, { notes: [note, { body: 'x' }] });
    await expect(search('list_notes', { text: 'quote' })).rejects.toThrow(
      /cannot tell whether there is such a note/,
    );
    const tasks = [{ id: 't1', title: 'Call' }, { title: 'Mail' }];
    fault('GET', `/contacts/${contactId}/tasks`, { tasks });
    await expect(search('find_task', { title: 'Mail' })).rejects.toThrow(
      /cannot tell whether there is such a task/,
    );
    fault('GET', `/contacts/${contactId}/tasks`, { tasks });
    expect(await search('find_task', { title: 'Call' })).toMatchObject([{ id: 't1' }]);
  });

  it('do not take an answer without the contact for one that is gone', async () => {
    fault('GET', `/contacts/${contactId}`, { data: {} });
    await expect(create('add_contact_tags', { tags: 'a' })).rejects.toThrow(/cannot read \(at contact\)/);
  });

  it('show a note and a task as they stand, where HighLevel tells of success and changes nothing', async () => {
    const pretend = (path: string) =>
      connection.sandbox.fault({ method: 'PUT', path, status: 200, body: { message: 'It is locked.' } });
    const note = await create('create_note', { body: 'Called.', title: 'Call' });
    pretend(`/contacts/${contactId}/notes/${note.id}`);
    const change = { title: 'Mail', body: 'Wrote.' };
    expect(await create('update_note', { note_id: note.id, ...change })).toMatchObject({ body: 'Called.' });
    const task = await create('create_task', { title: 'Call', due_date: ADDED });
    pretend(`/contacts/${contactId}/tasks/${task.id}`);
    expect(await create('update_task', { task_id: task.id, title: 'Mail', state: 'done' })).toMatchObject({
      title: 'Call',
      completed: false,
    });
  });

  it('show a task', async () => {
    const odd = {
      title: 'Call',
      completed: 'true',
      dueDate: Date.parse(ADDED),
      body: null,
      assignedTo: null,
    };
    const made = await create('create_task', { title: 'Call', due_date: ADDED });
    fault('PUT', `/contacts/${contactId}/tasks/${made.id}`, { task: { ...odd, _id: made.id } });
    expect(await create('update_task', { task_id: made.id, state: 'done' })).toMatchObject({
      id: made.id,
      completed: true,
      due_date: ADDED,
    });
  });
});
