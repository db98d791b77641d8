import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Connection, connect } from '../../support/connection.ts';

describe('the rows of the contact search', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect({ opportunities: 3 });
  });
  afterAll(() => connection.close());

  const listed = async (row: object) => {
    connection.sandbox.fault({
      path: '/contacts/search',
      status: 200,
      body: { contacts: [{ id: 'c1', ...row }], total: 1 },
    });
    const [shown] = await connection.run('triggers.contact_list.operation.perform');
    return shown;
  };

  it.each<[object, string]>([
    [{ firstNameLowerCase: 'ana maría', lastNameLowerCase: "o'neil-ruiz" }, "Ana María O'Neil-Ruiz"],
    [{ firstNameLowerCase: 'élodie' }, 'Élodie'],
    [{ firstName: 'deLano', lastName: 'van Dyk', firstNameLowerCase: 'delano' }, 'deLano van Dyk'],
    [{ firstName: null, lastName: 'Reed' }, 'Reed'],
    [{ companyName: 'Harbor Cafe', email: 'a@example.com' }, 'Harbor Cafe'],
    [{ email: 'a@example.com', phone: '+12025550107' }, 'a@example.com'],
    [{ phone: '+12025550107' }, '+12025550107'],
    [{ email: '', phone: '' }, 'c1'],
  ])('are called by what is known of them: %j', async (row, name) => {
    expect(await listed(row)).toMatchObject({ id: 'c1', name });
  });

  it('have null for what is empty', async () => {
    expect(await listed({ firstName: 'Sam', email: '', phone: '' })).toMatchObject({
      email: null,
      phone: null,
      label: 'Sam',
    });
    expect(await listed({ firstName: 'Sam', email: 'a@example.com', phone: '+12025550107' })).toMatchObject({
      email: 'a@example.com',
      phone: '+12025550107',
      label: 'Sam (a@example.com)',
    });
    expect(await listed({ phone: '+12025550107' })).toMatchObject({ label: '+12025550107' });
  });
});
