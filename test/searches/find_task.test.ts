import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  find_task: {
    live: ['Search for open tasks', 'only open ones are found'],
    runs: (sandbox) => {
      const contact_id = idsOf(sandbox).contactId;
      const inputData = { contact_id, title: 'call', status: 'open', due_before: '2030-01-01' };
      return { all: [{ inputData }], least: [{ inputData: { contact_id } }] };
    },
    example: ({ state }) => ({ contact_id: [...state.tasks.values()][0]?.contactId }),
  },
};

const PERFORM = 'searches.find_task.operation.perform';

describe('find_task', () => {
  let connection: Connection;
  let contact_id: string;

  beforeAll(async () => {
    connection = await connect({ opportunities: 0 });
    contact_id = connection.sandbox.seeded.contactIds[0] ?? '';
    await connection.run('triggers.user_list.operation.perform');
    const create = (title: string, due_date: string) =>
      connection.run<{ id: string }>('creates.create_task.operation.perform', {
        contact_id,
        title,
        due_date,
      });
    await create('Call back', '2026-12-03T15:00:00Z');
    const { id } = await create('Call the office', '2026-12-01T15:00:00Z');
    await create('Send the proposal', '2026-12-02T15:00:00Z');
    const task = connection.sandbox.state.tasks.get(id);
    if (task) connection.sandbox.state.tasks.set(id, { ...task, completed: true });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  const find = (input: Record<string, unknown>) => connection.run(PERFORM, { contact_id, ...input });
  const titles = async (input: Record<string, unknown>) => (await find(input)).map(({ title }) => title);

  it('shows every task of the contact in one request, open ones first, the soonest due before', async () => {
    expect(await titles({})).toEqual(['Send the proposal', 'Call back', 'Call the office']);
    expect(connection.requests()).toEqual([`GET /contacts/${contact_id}/tasks`]);
  });

  it.each([
    ['part of the title, whatever its capitals', { title: 'CALL' }, ['Call back', 'Call the office']],
    ['being open', { status: 'Open' }, ['Send the proposal', 'Call back']],
    ['being done', { status: 'done' }, ['Call the office']],
    ['being due', { due_before: '2026-12-03T15:00:00Z' }, ['Send the proposal', 'Call the office']],
    ['all of it', { title: 'call', status: 'open', due_before: '2026-12-31' }, ['Call back']],
    ['a title that none has', { title: 'Invoice' }, []],
  ])('finds tasks by %s', async (_, input, expected) => {
    expect(await titles(input)).toEqual(expected);
  });

  it('reads a due date in the Zap’s time zone', async () => {
    // Nine in the morning in Chicago is 15:00 in UTC.
    expect(await titles({ due_before: '2026-12-03 09:00' })).not.toContain('Call back');
    expect(await titles({ due_before: '2026-12-03 09:01' })).toContain('Call back');
  });

  it('leaves out a task without a due date where one is asked for', async () => {
    const [task] = connection.sandbox.state.tasks.values();
    if (!task) throw new Error('There is no task.');
    connection.sandbox.state.tasks.set('undated', { ...task, id: 'undated', title: 'Some day', dueDate: '' });
    expect((await titles({ status: 'open' })).at(-1)).toBe('Some day');
    expect(await titles({ due_before: '2030-01-01' })).not.toContain('Some day');
    connection.sandbox.state.tasks.delete('undated');
  });

  it('does not take tasks without an ID for none, nor stops where another is found', async () => {
    const answer = (tasks: object[]) =>
      connection.sandbox.fault({ path: `/contacts/${contact_id}/tasks`, status: 200, body: { tasks } });
    answer([{ title: 'Call back' }]);
    const error = await errorOf(find({ title: 'call' }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(/^HighLevel’s list has entries without an ID.*such a task/);
    answer([{ title: 'Call back' }, { id: 't1', title: 'Call home' }]);
    expect(await titles({ title: 'call' })).toEqual(['Call home']);
  });

  it('names the owner', async () => {
    const [task] = connection.sandbox.state.tasks.values();
    const [name, id] = Object.entries(connection.sandbox.seeded.users)[0] ?? [];
    connection.sandbox.state.tasks.set(task?.id ?? '', { ...task, assignedTo: id } as NonNullable<
      typeof task
    >);
    expect(await find({ title: 'Call back' })).toMatchObject([
      { owner_id: id, owner_name: name, contact_id },
    ]);
  });

  it('finds nothing of a contact who is gone, and asks nothing without one', async () => {
    expect(await find({ contact_id: 'goneGoneGoneGoneGone' })).toEqual([]);
    connection.requests();
    expect(await find({ contact_id: ' ' })).toEqual([]);
    expect(await find({ contact_id: 'test-mode-nothing-saved' })).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });

  it('says what is wrong with a choice or a date, and does not hide a refusal', async () => {
    expect(sentenceOf(await errorOf(find({ status: 'late' })))).toMatch(/^Status: "late" is not one of/);
    expect(sentenceOf(await errorOf(find({ due_before: 'soonish' })))).toMatch(/^Due Before: "soonish"/);
    connection.sandbox.fault({ path: `/contacts/${contact_id}/tasks`, status: 500, times: 9 });
    expect(sentenceOf(await errorOf(find({})))).toMatch(/could not list the tasks/);
    connection.sandbox.clearFaults();
  });
});
