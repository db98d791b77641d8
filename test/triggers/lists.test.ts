import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';

const perform = (key: string) => `triggers.${key}.operation.perform`;

describe('the lists behind the dropdowns', () => {
  let connection: Connection;

  beforeAll(async () => {
    connection = await connect();
  });
  afterAll(() => connection.close());

  it('lists pipelines by name', async () => {
    const { Sales, Onboarding } = connection.sandbox.seeded.pipelines;
    expect(await connection.run(perform('pipeline_list'))).toEqual([
      { id: Sales?.id, name: 'Sales' },
      { id: Onboarding?.id, name: 'Onboarding' },
    ]);
  });

  it('lists the stages of the chosen pipeline in the order of the board', async () => {
    const { Sales } = connection.sandbox.seeded.pipelines;
    const pipeline = connection.sandbox.state.pipelines.get(Sales?.id ?? '');
    pipeline?.stages.reverse();
    const stages = await connection.run(perform('stage_list'), { pipeline_id: Sales?.id });
    expect(stages.map(({ name }) => name)).toEqual(Object.keys(Sales?.stages ?? {}));
  });

  it('says which pipelines there are when the chosen one was deleted', async () => {
    const error = await errorOf(connection.run(perform('stage_list'), { pipeline_id: 'gone' }));
    expect(sentenceOf(error)).toMatch(/there is no pipeline called "gone".*"Sales"/);
  });

  it('lists the users of the sub-account, without those who left', async () => {
    const users = await connection.run(perform('user_list'));
    expect(users.map(({ name }) => name).sort()).toEqual(Object.keys(connection.sandbox.seeded.users).sort());
    expect(users.map(({ id }) => id)).not.toContain(connection.sandbox.seeded.formerUserId);
  });

  it('lists users for a connection that does not know its agency', async () => {
    const { companyId: _, ...authData } = connection.authData;
    expect(await connection.run(perform('user_list'), {}, { bundle: { authData } })).not.toEqual([]);
  });

  it('lists contacts page by page and finds them as a person types', async () => {
    const all = await connection.run(perform('contact_list'));
    expect(all.length).toBeGreaterThan(10);
    const [first] = all;
    expect(first?.label).toBe(`${first?.name} (${first?.email ?? first?.phone})`);
    const found = await connection.run(perform('contact_list'), { search: String(first?.email) });
    expect(found.map(({ id }) => id)).toEqual([first?.id]);
    expect(await connection.run(perform('contact_list'), {}, { meta: { page: 1 } })).toEqual([]);
  });
});
