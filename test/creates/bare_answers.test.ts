import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';

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
      was_created: null,
    });
  });

  it('gives the opportunity that was created', async () => {
    const { state } = connection.sandbox;
    const contact_id = connection.sandbox.seeded.contactIds[1];
    const before = state.opportunities.size;
    bare('POST', '/opportunities/');
    const { id, was_created } = await run('create_opportunity', {
      contact_id,
      pipeline_id: 'Sales',
      name: 'Annex',
    });
    expect(state.opportunities.get(String(id))).toMatchObject({ name: 'Annex' });
    expect([was_created, state.opportunities.size]).toEqual([true, before + 1]);
    state.opportunities.delete(String(id));
    connection.sandbox.context.index.rebuild();
  });

  it('finds the opportunity whose answer broke off', async () => {
    const contact_id = connection.sandbox.seeded.contactIds[3];
    const input = { contact_id, pipeline_id: 'Sales', name: 'Broken' };
    const made = await run('create_opportunity', input);
    connection.sandbox.fault({
      method: 'POST',
      path: '/opportunities/',
      status: 201,
      body: '{"opportunity":{',
    });
    expect(await run('create_opportunity', input)).toMatchObject({ id: made.id });
  });

  it('says that it does not know the opportunity where it cannot be found yet, and finds it on a replay', async () => {
    const { state } = connection.sandbox;
    const contact_id = connection.sandbox.seeded.contactIds[2];
    const before = state.opportunities.size;
    const create = () => run('create_opportunity', { contact_id, pipeline_id: 'Sales', name: 'Annex' });
    bare('POST', '/opportunities/');
    connection.sandbox.fault({
      path: '/opportunities/search',
      status: 200,
      body: { opportunities: [], total: 0 },
      times: 2,
    });
    expect(sentenceOf(await errorOf(create()))).toMatch(
      /did not say whether it could create the opportunity.*look in HighLevel\. Replayed in a minute, this step looks for/,
    );
    connection.sandbox.clearFaults();
    expect(await create()).toMatchObject({ name: 'Annex', was_created: true });
    expect(state.opportunities.size).toBe(before + 1);
  });

  it('gives the contact with a name alone that was created', async () => {
    const { state } = connection.sandbox;
    const before = state.contacts.size;
    bare('POST', '/contacts/');
    const { id } = await run('create_or_update_contact', { first_name: 'Noor', last_name: `Aziz ${status}` });
    expect(state.contacts.get(String(id))).toMatchObject({ firstName: 'Noor' });
    expect(state.contacts.size).toBe(before + 1);
  });

  it('says that it does not know which contact was saved, where it is not found', async () => {
    bare('POST', '/contacts/upsert');
    connection.sandbox.fault({ path: '/contacts/search/duplicate', status: 200, body: { contact: null } });
    const error = await errorOf(run('create_or_update_contact', { email: 'odd@example.com' }));
    expect(sentenceOf(error)).toMatch(
      /did not say which contact it saved, and none is found.*Look in HighLevel/,
    );
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
      notice: expect.stringMatching(/did not say which ID/),
    });
  });

  it('gives the task that was created, and what is known of it where it cannot be found', async () => {
    const task = { title: 'Call', due_date: '2026-12-01T15:00:00Z' };
    bare('POST', `/contacts/${contactId}/tasks`);
    const { id } = await run('create_task', task);
    expect(connection.sandbox.state.tasks.get(String(id))).toMatchObject({ title: 'Call' });
    bare('POST', `/contacts/${contactId}/tasks`);
    connection.sandbox.fault({ method: 'GET', path: `/contacts/${contactId}/tasks`, status: 404, body: {} });
    expect(await run('create_task', { ...task, title: 'Write' })).toMatchObject({
      id: null,
      title: 'Write',
      notice: expect.stringMatching(/did not say which ID/),
    });
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

describe('a write that was saved, of which nothing can be read thereafter', () => {
  let connection: Connection;
  let opportunity_id = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 1, ...AMPLE });
    [opportunity_id = ''] = connection.sandbox.seeded.opportunityIds;
    await connection.run('triggers.user_list.operation.perform');
    await connection.run('triggers.lost_reason_list.operation.perform');
  });
  afterAll(() => connection.close());
  afterEach(() => connection.sandbox.clearFaults());

  it.each([
    ['add_followers', { follower_ids: 'Dana Whitfield' }, { follower_names: ['Dana Whitfield'] }, 0],
    ['remove_followers', { follower_ids: 'Dana Whitfield' }, { follower_ids: [] }, 1],
    ['update_opportunity_status', { status: 'won' }, { status: 'won' }, 0],
    [
      'update_opportunity',
      { status: 'lost', lost_reason_id: 'Price too high', name: 'Annex' },
      { status: 'lost', lost_reason_name: 'Price too high', name: 'Annex' },
      1,
    ],
  ])('is no failure of %s', async (key, input, shown, readsBefore) => {
    const path = `/opportunities/${opportunity_id}`;
    connection.sandbox.fault({ method: 'GET', path, status: 500, body: {}, skip: readsBefore, times: 9 });
    const result = await connection.run(`creates.${key}.operation.perform`, { opportunity_id, ...input });
    expect(result).toMatchObject({ id: opportunity_id, ...shown });
  });

  it('is a failure where the opportunity is gone', async () => {
    const path = `/opportunities/${opportunity_id}`;
    connection.sandbox.fault({ method: 'GET', path, status: 404, body: {}, times: 9 });
    const run = connection.run('creates.update_opportunity_status.operation.perform', {
      opportunity_id,
      status: 'won',
    });
    expect((await errorOf(run)).name).toBe('HaltedError');
  });
});
