import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect } from '../support/connection.ts';

/** A write that was saved is no failure, however little its answer says. */
describe.each([
  ['204', 204, ''],
  ['an empty 200', 200, ''],
  ['a list', 200, []],
  ['an empty object', 200, {}],
])('a write that is answered with %s', (_, status, body) => {
  let connection: Connection;
  let contactId = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 1, ...AMPLE });
    contactId = connection.sandbox.seeded.contactIds[0] ?? '';
  });
  afterAll(() => connection.close());
  beforeEach(() => connection.sandbox.clearFaults());

  const bare = (method: string, path: string) =>
    connection.sandbox.fault({ method, path, status, body, when: 'after' });
  const run = (key: string, input: object) =>
    connection.run<Record<string, unknown>>(`creates.${key}.operation.perform`, {
      contact_id: contactId,
      ...input,
    });
  const noRead = () =>
    connection.sandbox.fault({ method: 'GET', path: '/contacts/*', status: 403, body: {}, times: 9 });

  it('gives the opportunity as it was changed', async () => {
    const [id] = connection.sandbox.seeded.opportunityIds;
    bare('PUT', `/opportunities/${id}`);
    expect(await run('update_opportunity', { opportunity_id: id, name: 'Annex' })).toMatchObject({
      id,
      name: 'Annex',
    });
  });

  it('gives the tags', async () => {
    bare('POST', `/contacts/${contactId}/tags`);
    expect(await run('add_contact_tags', { tags: ['quote'] })).toMatchObject({
      id: contactId,
      tags: expect.arrayContaining(['quote']),
    });
    bare('DELETE', `/contacts/${contactId}/tags`);
    const { tags } = await run('remove_contact_tags', { tags: ['quote'] });
    expect(tags).not.toContain('quote');
  });

  it('gives the contact that was saved, with its tags', async () => {
    bare('POST', '/contacts/upsert');
    connection.sandbox.fault({ method: 'POST', path: '/contacts/*', status, body, when: 'after' });
    const saved = await run('create_or_update_contact', {
      email: 'lee@example.com',
      first_name: 'Lee',
      tags: ['vip'],
    });
    expect(saved).toMatchObject({
      id: expect.any(String),
      email: 'lee@example.com',
      first_name: 'Lee',
      tags: ['vip'],
    });
  });

  it('gives the note that was created, and what is known of it where it cannot be found', async () => {
    bare('POST', `/contacts/${contactId}/notes`);
    const { id } = await run('create_note', { body: 'Called twice.' });
    expect(connection.sandbox.state.notes.get(String(id))).toMatchObject({ body: 'Called twice.' });
    bare('POST', `/contacts/${contactId}/notes`);
    connection.sandbox.fault({ method: 'GET', path: `/contacts/${contactId}/notes`, status: 404, body: {} });
    expect(await run('create_note', { body: 'Called again.' })).toMatchObject({
      id: null,
      body: 'Called again.',
    });
  });

  it('gives the task that was created, and what is known of it where it cannot be found', async () => {
    const task = { title: 'Call', due_date: '2026-12-01T15:00:00Z' };
    bare('POST', `/contacts/${contactId}/tasks`);
    const { id } = await run('create_task', task);
    expect(connection.sandbox.state.tasks.get(String(id))).toMatchObject({ title: 'Call' });
    bare('POST', `/contacts/${contactId}/tasks`);
    connection.sandbox.fault({ method: 'GET', path: `/contacts/${contactId}/tasks`, status: 404, body: {} });
    expect(await run('create_task', { ...task, title: 'Write' })).toMatchObject({ id: null, title: 'Write' });
  });

  it('gives the note and the task as they were changed', async () => {
    const note = connection.sandbox.addNote(contactId, 'Asked for a quote.');
    bare('PUT', `/contacts/${contactId}/notes/${note.id}`);
    expect(await run('update_note', { note_id: note.id, title: 'Quote' })).toMatchObject({
      id: note.id,
      title: 'Quote',
      body: 'Asked for a quote.',
    });
    const { id } = await run('create_task', {
      title: 'Mail',
      due_date: '2026-12-01T15:00:00Z',
      body: 'Soon.',
    });
    bare('PUT', `/contacts/${contactId}/tasks/${id}`);
    expect(await run('update_task', { task_id: id, state: 'done' })).toMatchObject({
      id,
      completed: true,
      title: 'Mail',
      body: 'Soon.',
      due_date: '2026-12-01T15:00:00.000Z',
    });
  });

  it('gives of a contact that cannot be read again what was sent', async () => {
    bare('PUT', `/contacts/${contactId}`);
    noRead();
    expect(await run('update_contact', { city: 'Portland' })).toMatchObject({
      id: contactId,
      city: 'Portland',
    });
  });
});
