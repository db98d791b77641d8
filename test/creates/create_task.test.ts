import { afterAll, beforeAll, beforeEach, expect, it, jest } from '@jest/globals';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, newOpportunity } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  create_task: {
    live: ['Test the step with a due date and a time', 'the task has that time in your own time zone'],
    runs: (sandbox) => {
      const { id, contactId } = newOpportunity(sandbox);
      const inputData = { title: 'Call back', due_date: '2026-12-01T15:00:00Z' };
      const more = { body: 'About the quote.', owner_id: idsOf(sandbox).owner };
      return {
        all: [
          { inputData: { ...inputData, ...more, opportunity_id: id } },
          { inputData: { ...inputData, ...more, contact_id: contactId } },
        ],
        least: [{ inputData: { ...inputData, contact_id: contactId } }],
      };
    },
    example: ({ seeded }) => ({
      title: 'Call back',
      body: 'About the quote.',
      due_date: '2026-12-01T15:00:00Z',
      opportunity_id: seeded.opportunityIds[7],
      owner_id: seeded.installerId,
    }),
  },
};

const PERFORM = 'creates.create_task.operation.perform';

describe('create_task', () => {
  let connection: Connection;
  let tasks = 0;

  beforeAll(async () => {
    connection = await connect({
      opportunities: 5,
      ...AMPLE,
    });
    await connection.run('triggers.user_list.operation.perform');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    tasks = connection.sandbox.state.tasks.size;
    connection.requests();
  });

  const write = (input: Record<string, unknown>) =>
    connection.run<Record<string, unknown>>(PERFORM, {
      title: 'Call back',
      due_date: '2026-12-01T09:00:00-06:00',
      ...input,
    });
  const opportunity = () => connection.sandbox.opportunity(connection.sandbox.seeded.opportunityIds[0] ?? '');
  const made = () => [...connection.sandbox.state.tasks.values()].slice(tasks);
  const lastBody = () => connection.sandbox.requests().findLast(({ method }) => method === 'POST')?.body;

  it('adds an open task to the contact of an opportunity, sending only what was set', async () => {
    const { id, name, contactId } = opportunity();
    const result = await write({ opportunity_id: id, body: '', owner_id: null });
    expect(lastBody()).toEqual({
      title: 'Call back',
      dueDate: '2026-12-01T15:00:00.000Z',
      completed: false,
    });
    expect(connection.requests()).toEqual([`GET /opportunities/${id}`, `POST /contacts/${contactId}/tasks`]);
    expect(result).toEqual({
      id: made()[0]?.id,
      title: 'Call back',
      body: null,
      due_date: '2026-12-01T15:00:00.000Z',
      completed: false,
      owner_id: null,
      owner_name: null,
      contact_id: contactId,
      contact_name: expect.any(String),
      opportunity_id: id,
      opportunity_name: name,
      url: expect.stringContaining(id),
      notice: null,
      is_test: false,
    });
  });

  it('adds a task to a contact, with a text and an owner', async () => {
    const { contactId } = opportunity();
    const [name, ownerId] = Object.entries(connection.sandbox.seeded.users)[2] ?? [];
    const result = await write({ contact_id: contactId, body: 'About the quote', owner_id: name });
    expect(result).toMatchObject({
      body: 'About the quote',
      owner_id: ownerId,
      owner_name: name,
      contact_id: contactId,
      opportunity_id: null,
    });
    expect(made()).toMatchObject([{ assignedTo: ownerId, contactId, completed: false }]);
  });

  it('makes a task without an owner for somebody who left, and says so', async () => {
    const { contactId } = opportunity();
    const result = await write({ contact_id: contactId, owner_id: 'goneUser000000000000' });
    expect(result).toMatchObject({
      owner_id: null,
      owner_name: null,
      notice:
        'Owner: the user with the ID "goneUser000000000000" is not in this sub-account, or not any more, so the task has no owner.',
    });
    expect(made()).toMatchObject([{ contactId }]);
    expect(lastBody()).not.toHaveProperty('assignedTo');
  });

  it.each([
    ['an empty title', { title: '', contact_id: 'x' }, /^Title: this is empty/],
    ['an empty due date', { due_date: '', contact_id: 'x' }, /^Due Date: this is empty/],
    ['a bad due date', { due_date: '2026-02-30T09:00:00Z', contact_id: 'x' }, /^Due Date: "2026-02-30/],
    ['a vague due date', { due_date: 'whenever', contact_id: 'x' }, /^Due Date: "whenever" is not a date/],
    ['neither an opportunity nor a contact', {}, /^Opportunity, Contact: both are empty/],
    ['an unknown owner', { owner_id: 'Peter Garrow', contact_id: 'x' }, /^Owner: there is no user called/],
    [
      'a contact that is gone',
      { contact_id: 'goneContact000000000' },
      /HighLevel could not read the contact/,
    ],
  ])('stops at %s, and writes nothing', async (_, input, sentence) => {
    const error = await errorOf(write(input));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(made()).toEqual([]);
  });

  it('makes one task of a relative due date, though the answer was lost and the step runs again later', async () => {
    const { contactId } = opportunity();
    const input = { contact_id: contactId, title: 'Call soon', due_date: 'in 2 hours' };
    connection.sandbox.fault({ method: 'POST', path: '/contacts/*', status: 504, when: 'after' });
    await errorOf(write(input));
    connection.sandbox.clearFaults();
    const [first] = made();
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now + 600_000);
    const second = await write(input).finally(() => clock.mockRestore());
    expect(made()).toHaveLength(1);
    expect(second).toMatchObject({ id: first?.id, due_date: first?.dueDate });
  });

  it('shows what was sent where HighLevel’s answer leaves it out', async () => {
    connection.sandbox.fault({
      method: 'POST',
      path: '/contacts/*',
      status: 201,
      body: { task: { id: 't1' } },
    });
    const result = await write({ opportunity_id: opportunity().id, body: 'Ask for Sam.' });
    expect(result).toMatchObject({ id: 't1', title: 'Call back', body: 'Ask for Sam.' });
  });

  it('shows in Test Mode what would be added, and adds nothing', async () => {
    const { id } = opportunity();
    expect(await write({ opportunity_id: id, body: 'x', test_mode: true })).toMatchObject({
      id: 'test-mode-nothing-saved',
      title: 'Call back',
      body: 'x',
      due_date: '2026-12-01T15:00:00.000Z',
      opportunity_id: id,
      is_test: true,
    });
    expect(connection.requests()).toEqual([`GET /opportunities/${id}`]);
  });
});
