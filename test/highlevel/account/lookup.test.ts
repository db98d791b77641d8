import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect } from '../../support/connection.ts';

const POLL = 'triggers.new_opportunity.operation.perform';
const USERS = 'triggers.user_list.operation.perform';

describe('the lists that explain ids', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect(AMPLE);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
    connection.forget();
    connection.requests();
  });

  it.each([
    400, 401, 403, 404, 422, 500,
  ])('leave names out where HighLevel refuses the list with %i', async (status) => {
    connection.sandbox.fault({ path: '/users/search', status, body: { message: 'No.' } });
    const rows = await connection.run(POLL);
    expect(rows.some(({ owner_id }) => owner_id !== null)).toBe(true);
    expect(rows.map(({ owner_name }) => owner_name)).toEqual(rows.map(() => null));
    expect(rows.every(({ stage_name }) => stage_name !== null)).toBe(true);
  });

  it('are asked for once, and once more for an id that they lack, which is then known to be missing', async () => {
    const owned = (id: string | null) =>
      connection.sandbox.editOpportunity(connection.sandbox.seeded.opportunityIds[0] ?? '', {
        assignedTo: id,
      });
    const asked = () => connection.requests().filter((one) => one === 'GET /users/search').length;
    const poll = async () => {
      await connection.run(POLL);
      return asked();
    };
    owned(connection.sandbox.seeded.installerId);
    await poll();
    expect(await poll()).toBe(0);
    owned('nobody');
    expect(await poll()).toBe(1);
    expect(await poll()).toBe(0);
    owned('nobody-else');
    expect(await poll()).toBe(1);
    // The first one is still known to be missing.
    owned('nobody');
    expect(await poll()).toBe(0);
    owned(null);
  });

  describe('users', () => {
    const answer = (users: object[]) =>
      connection.sandbox.fault({ path: '/users/search', status: 200, body: { users } });

    it.each<[object, string]>([
      [{ name: 'Ana Ruiz', firstName: 'A' }, 'Ana Ruiz'],
      [{ firstName: 'Ana', lastName: 'Ruiz' }, 'Ana Ruiz'],
      [{ firstName: null, lastName: 'Ruiz' }, 'Ruiz'],
      [{ email: 'ana@example.com' }, 'ana@example.com'],
      [{}, 'u1'],
    ])('are called by what is known of them: %j', async (user, name) => {
      answer([{ id: 'u1', ...user }]);
      expect(await connection.run(USERS)).toMatchObject([{ id: 'u1', name }]);
    });

    it('are read page after page, and no more than a thousand', async () => {
      let made = 0;
      const page = (count: number) =>
        Array.from({ length: count }, () => {
          made += 1;
          return { id: `u${made}`, name: `User ${made}` };
        });
      answer(page(100));
      answer(page(100));
      answer(page(3));
      expect(await connection.run(USERS)).toHaveLength(203);
      const skips = connection.sandbox
        .requests()
        .slice(-3)
        .map(({ query }) => query?.skip);
      expect(skips).toEqual(['0', '100', '200']);
      connection.forget();
      connection.requests();
      for (let count = 0; count < 11; count++) answer(page(100));
      await connection.run(USERS);
      expect(connection.requests()).toHaveLength(10);
    });
  });
});
