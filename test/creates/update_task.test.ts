import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  update_task: {
    live: ['Set it to done', 'the task is ticked off'],
    runs: (sandbox) => {
      const task = [...sandbox.state.tasks.values()][0];
      const named = { contact_id: task?.contactId, task_id: task?.id };
      const more = {
        title: 'Call',
        due_date: '2026-12-01T15:00:00Z',
        body: 'Soon.',
        owner_id: idsOf(sandbox).owner,
      };
      return {
        all: [{ inputData: { ...named, ...more, state: 'done' } }],
        least: [{ inputData: { ...named, state: 'done' } }],
      };
    },
  },
};

const PERFORM = 'creates.update_task.operation.perform';

describe('update_task', () => {
  let connection: Connection;
  let contactId = '';
  let taskId = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    contactId = connection.sandbox.seeded.contactIds[0] ?? '';
  });
  afterAll(() => connection.close());
  beforeEach(async () => {
    const input = { contact_id: contactId, title: 'Call back', due_date: '2026-12-01 9:00' };
    const task = await connection.run<{ id: string }>('creates.create_task.operation.perform', input);
    taskId = task.id;
    connection.requests();
  });

  const update = (input: Record<string, unknown>) =>
    connection.run<Record<string, unknown>>(PERFORM, { contact_id: contactId, task_id: taskId, ...input });
  const held = () => connection.sandbox.state.tasks.get(taskId);
  const lastBody = () => connection.sandbox.requests().findLast(({ method }) => method === 'PUT')?.body;
  const writes = () => connection.requests().filter((request) => !request.startsWith('GET'));

  it('marks it done and opens it again, sending nothing else', async () => {
    expect(await update({ state: 'done' })).toMatchObject({
      id: taskId,
      completed: true,
      title: 'Call back',
    });
    expect(lastBody()).toEqual({ completed: true });
    expect(held()?.completed).toBe(true);
    expect(await update({ state: 'Open' })).toMatchObject({ completed: false });
    expect(held()?.completed).toBe(false);
  });

  it('changes title, due date and owner', async () => {
    const [[owner, ownerId] = ['', '']] = Object.entries(connection.sandbox.seeded.users);
    connection.forget();
    expect(await update({ title: 'Read' })).toMatchObject({
      title: 'Read',
      owner_id: null,
      owner_name: null,
    });
    expect(connection.requests().filter((request) => request.includes('/users'))).toEqual([]);
    expect(await update({ title: 'Write', due_date: '12/31/2026 3pm', owner_id: owner })).toMatchObject({
      title: 'Write',
      due_date: '2026-12-31T21:00:00.000Z',
      owner_id: ownerId,
      owner_name: owner,
      completed: false,
    });
    expect(held()?.assignedTo).toBe(ownerId);
  });

  it('shows in Test Mode what it would be, and writes nothing', async () => {
    expect(await update({ state: 'done', test_mode: 'yes' })).toMatchObject({
      completed: true,
      is_test: true,
    });
    expect(writes()).toEqual([]);
    expect(held()?.completed).toBe(false);
  });

  it.each([
    'contact_id',
    'task_id',
  ])('takes in Test Mode a %s of what an earlier step in Test Mode would have made', async (key) => {
    const input = { [key]: 'test-mode-nothing-saved', state: 'done', test_mode: 'yes' };
    expect(await update(input)).toMatchObject({
      [key.replace('task_', '')]: 'test-mode-nothing-saved',
      completed: true,
      is_test: true,
    });
    expect(connection.requests().filter((request) => request.includes('/contacts/'))).toEqual([]);
  });

  it.each([
    [{}, /^There is nothing to change/],
    [{ state: 'half done' }, /^Status: "half done"/],
    [{ due_date: 'whenever' }, /^Due Date: "whenever"/],
    [{ task_id: 'the call', state: 'done' }, /^Task: "the call" is not an ID/],
  ])('refuses %p before anything is written', async (input, sentence) => {
    expect(sentenceOf(await errorOf(update(input)))).toMatch(sentence);
    expect(writes()).toEqual([]);
  });

  it('offers the tasks of the contact that was chosen', async () => {
    expect(
      await connection.run('triggers.task_list.operation.perform', { contact_id: contactId }),
    ).toContainEqual({
      id: taskId,
      label: 'Call back (2026-12-01)',
    });
  });
});
