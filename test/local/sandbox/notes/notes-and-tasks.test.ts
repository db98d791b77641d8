import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, caller, eventsOf } from '../support/call.ts';

let sandbox: Sandbox;
let call: (method: string, path: string, body?: unknown) => Promise<Answer>;
let contactId: string;
let userId: string;

beforeEach(async () => {
  sandbox = await startSandbox();
  call = caller(sandbox);
  contactId = sandbox.seeded.contactIds[20] ?? '';
  userId = sandbox.seeded.installerId;
});

afterEach(() => sandbox.close());

function lastEvent(): Record<string, unknown> {
  return JSON.parse(sandbox.context.webhooks.log().at(-1)?.body ?? '{}');
}

test('a note of a contact is written, listed, changed and deleted', async () => {
  const path = `/contacts/${contactId}/notes`;
  const made = await call('POST', path, { body: 'Hello', userId, title: 'First' });
  expect(made).toMatchObject({
    status: 201,
    body: { note: { body: 'Hello', userId, contactId, title: 'First' } },
  });
  expect(Object.keys(lastEvent()).sort()).toEqual(
    [
      'appId',
      'body',
      'contactId',
      'dateAdded',
      'id',
      'locationId',
      'timestamp',
      'type',
      'versionId',
      'webhookId',
    ].sort(),
  );
  const { id } = made.body.note as { id: string };
  expect((await call('PUT', `${path}/${id}`, { body: 'Bye' })).body.note).toMatchObject({
    body: 'Bye',
    title: 'First',
  });
  expect((await call('GET', path)).body.notes).toHaveLength(1);
  expect((await call('DELETE', `${path}/${id}`)).body).toMatchObject({ succeded: true });
  expect((await call('GET', `${path}/${id}`)).status).toBe(400);
  expect(eventsOf(sandbox)).toEqual(['NoteCreate', 'NoteUpdate', 'NoteDelete']);
});

test('a person edits a note and marks a task as done: the same events as by the API', async () => {
  const note = sandbox.addNote(contactId, 'Hello');
  expect(sandbox.editNote(note.id, 'Bye')).toMatchObject({ id: note.id, body: 'Bye' });
  const made = await call('POST', `/contacts/${contactId}/tasks`, {
    title: 'Call',
    dueDate: '2026-12-01T15:00:00Z',
    completed: false,
  });
  const { id } = made.body.task as { id: string };
  expect(sandbox.completeTask(id)).toMatchObject({ id, completed: true });
  sandbox.completeTask(id);
  expect(eventsOf(sandbox)).toEqual(['NoteCreate', 'NoteUpdate', 'TaskCreate', 'TaskComplete']);
  expect(() => sandbox.editNote('none', 'Bye')).toThrow('There is no note none.');
  expect(() => sandbox.completeTask('none')).toThrow('There is no task none.');
});

test('a locationId in the body of a note is refused', async () => {
  const { status, body } = await call('POST', `/contacts/${contactId}/notes`, {
    body: 'Hello',
    locationId: sandbox.locationId,
  });
  expect(status).toBe(422);
  expect(body.message).toEqual(['property locationId should not exist']);
});

describe('the notes of records', () => {
  const note = (relations: unknown[], more: Record<string, unknown> = {}) =>
    call('POST', `/notes/?locationId=${sandbox.locationId}`, { body: 'Hello', userId, relations, ...more });

  test('take contacts, businesses and custom objects', async () => {
    const made = await note([{ objectKey: 'contact', recordId: contactId }]);
    expect(made).toMatchObject({ status: 201, body: { note: { body: 'Hello', userId, pinned: false } } });
    expect((await note([{ objectKey: 'business', recordId: 'b1' }])).status).toBe(201);
    expect((await note([{ objectKey: 'custom_objects.pet', recordId: 'p1' }])).status).toBe(201);
    const found = await call('POST', `/notes/search?locationId=${sandbox.locationId}`, {
      objectKey: 'contact',
      recordId: contactId,
    });
    expect(found.body).toMatchObject({ total: 1, notes: [{ body: 'Hello' }] });
    const { id } = made.body.note as { id: string };
    expect((await call('GET', `/notes/${id}`)).status).toBe(200);
    expect((await call('PUT', `/notes/${id}`, { body: 'New' })).body.note).toMatchObject({ body: 'New' });
    expect((await call('DELETE', `/notes/${id}`)).status).toBe(200);
    expect((await call('GET', `/notes/${id}`)).status).toBe(400);
  });

  test('take an opportunity and put the note on its contact too, unless set not to', async () => {
    const opportunityId = sandbox.seeded.opportunityIds[6] ?? '';
    const relations = [{ objectKey: 'opportunity', recordId: opportunityId }];
    await note(relations);
    expect(lastEvent()).toMatchObject({
      type: 'NoteCreate',
      contactId: sandbox.state.opportunities.get(opportunityId)?.contactId,
    });
    sandbox.context.settings.notesAcceptOpportunity = false;
    expect((await note(relations)).status).toBe(422);
  });

  test('need a body, a user and a relation', async () => {
    expect((await note([])).status).toBe(422);
    expect((await note([{ objectKey: 'contact', recordId: contactId }], { userId: undefined })).status).toBe(
      422,
    );
    expect((await note([{ objectKey: 'contact', recordId: contactId }], { userId: 'nobody' })).status).toBe(
      400,
    );
    expect((await note([{ objectKey: 'contact', recordId: 'nobody' }])).status).toBe(400);
  });
});

test('a task is written, completed and deleted, and each sends its event', async () => {
  const path = `/contacts/${contactId}/tasks`;
  const made = await call('POST', path, {
    title: 'Call',
    body: 'Soon',
    dueDate: '2026-12-01T10:00:00Z',
    completed: false,
    assignedTo: userId,
  });
  expect(made).toMatchObject({
    status: 201,
    body: { task: { title: 'Call', dueDate: '2026-12-01T10:00:00.000Z', completed: false, contactId } },
  });
  expect(lastEvent()).toMatchObject({ type: 'TaskCreate', title: 'Call' });
  expect(lastEvent()).not.toHaveProperty('contactId');
  const { id } = made.body.task as { id: string };
  expect((await call('PUT', `${path}/${id}`, { title: 'Call twice' })).body.task).toMatchObject({
    title: 'Call twice',
  });
  await call('PUT', `${path}/${id}/completed`, { completed: true });
  expect(lastEvent()).toMatchObject({ type: 'TaskComplete', contactId, body: 'Soon' });
  expect((await call('GET', path)).body.tasks).toHaveLength(1);
  await call('DELETE', `${path}/${id}`);
  expect((await call('GET', `${path}/${id}`)).status).toBe(400);
  expect(eventsOf(sandbox)).toEqual(['TaskCreate', 'TaskComplete', 'TaskDelete']);
});

test.each([
  [{ dueDate: '2026-12-01T10:00:00Z', completed: false }, 'title'],
  [{ title: 'x', completed: false }, 'dueDate'],
  [{ title: 'x', dueDate: '2026-12-01T10:00:00Z' }, 'completed'],
  [{ title: 'x', dueDate: 'soon', completed: false }, 'dueDate'],
])('a task of %j is refused', async (body, key) => {
  const answer = await call('POST', `/contacts/${contactId}/tasks`, body);
  expect(answer.status).toBe(422);
  expect(String(answer.body.message)).toContain(key);
});
