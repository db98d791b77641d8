import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  find_user: {
    live: ['Search by a name', 'the user is found'],
    runs: () => ({
      all: [{ inputData: { email: 'dana@example.com', name: 'Dana', name_match: 'part' } }],
      least: [{ inputData: { name: 'Dana' } }],
    }),
    example: ({ seeded }) => ({ name: Object.keys(seeded.users)[0] }),
  },
};

const PERFORM = 'searches.find_user.operation.perform';

describe('find_user', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({ opportunities: 0 });
    await connection.run('triggers.user_list.operation.perform');
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  const find = (input: Record<string, unknown>) => connection.run(PERFORM, input);
  const marcus = () => ({
    id: connection.sandbox.seeded.users['Marcus Boyd'],
    name: 'Marcus Boyd',
    email: 'marcus.boyd@harborpine.example',
  });

  it.each([
    ['an email address', { email: 'Marcus.Boyd@harborpine.example ' }],
    ['the sender of a message', { email: 'Marcus Boyd <Marcus.Boyd@harborpine.example>' }],
    ['a name', { name: 'marcus  boyd' }],
    ['a part that one name has', { name: 'marcus', name_match: 'part' }],
    ['an email address before a name', { email: 'marcus.boyd@harborpine.example', name: 'Dana Whitfield' }],
  ])('finds a user by %s, without a request when the list is known', async (_, input) => {
    expect(await find(input)).toEqual([marcus()]);
    expect(connection.requests()).toEqual([]);
  });

  it.each([
    ['a part that several names have', { name: 'i', name_match: 'part' }],
    ['a part of a name', { name: 'marcus' }],
    ['a name that nobody has', { name: 'Nobody' }],
    ['an email address that nobody has', { email: 'nobody@harborpine.example', name: 'Marcus Boyd' }],
    ['somebody who has left', { name: 'Peter Garrow' }],
  ])('finds nobody for %s, having asked once more', async (_, input) => {
    expect(await find(input)).toEqual([]);
    expect(connection.requests()).toEqual(['GET /users/search']);
  });

  it('does not take users without an ID for nobody, nor stops where another is found', async () => {
    const answer = (...users: object[]) => {
      connection.forget();
      connection.sandbox.fault({ path: '/users/search', status: 200, times: 2, body: { users } });
    };
    answer({ name: 'Ana Ruiz' });
    const error = await errorOf(find({ name: 'Ana Ruiz' }));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(/^HighLevel’s list has entries without an ID.*such a user/);
    connection.sandbox.clearFaults();
    answer({ name: 'Ana Ruiz' }, { id: 'u9', name: 'Ana Ruiz' });
    expect(await find({ name: 'Ana Ruiz' })).toMatchObject([{ id: 'u9' }]);
    connection.sandbox.clearFaults();
    connection.forget();
    await connection.run('triggers.user_list.operation.perform');
  });

  it('asks nothing when it has nothing to look for', async () => {
    expect(await find({ email: ' ', name: null })).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });

  it('prefers the whole name to a longer one that contains it', async () => {
    const { users } = connection.sandbox.state;
    const [like] = users.values();
    if (!like) throw new Error('There is no user.');
    const names = ['Ana Ruiz', 'Ana Ruiz Ortega'];
    for (const name of names) users.set(name, { ...like, id: name, name });
    expect(await find({ name: 'ana ruiz' })).toMatchObject([{ id: 'Ana Ruiz' }]);
    expect(await find({ name: 'ana ruiz', name_match: 'part' })).toMatchObject([{ id: 'Ana Ruiz' }]);
    for (const name of names) users.delete(name);
  });
});
