import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { writes } from '../support/writes.ts';

/** What people reported who do this job, where it takes an account or several steps that no other test has. */
describe('as people reported it', () => {
  let connection: Connection;
  beforeEach(async () => {
    connection = await connect({ opportunities: 6, ...AMPLE });
  });
  afterEach(() => connection.close());

  const create = (key: string, input: object) =>
    connection.run<Record<string, unknown>>(`creates.${key}.operation.perform`, { ...input });

  it('users come 25 a page whatever is asked for: all 43 of them can be chosen, and name what they own', async () => {
    const { sandbox } = connection;
    const [user] = sandbox.state.users.values();
    if (!user) throw new Error('There is no user.');
    for (let number = 0; number < 40; number += 1) {
      const id = `manyManyManyUsers${100 + number}`;
      sandbox.state.users.set(id, { ...user, id, name: `Person ${number}` });
    }
    const [id = ''] = sandbox.seeded.opportunityIds;
    sandbox.editOpportunity(id, { assignedTo: 'manyManyManyUsers139' });
    sandbox.setContraries(['users-25-a-page']);
    const choices = await connection.run('triggers.user_list.operation.perform');
    expect(new Set(choices.map((choice) => choice.id)).size).toBe(43);
    connection.forget();
    const [found] = await connection.run('searches.find_opportunity.operation.perform', {
      opportunity_id: id,
    });
    expect(found).toMatchObject({ owner_id: 'manyManyManyUsers139', owner_name: 'Person 39' });
  });

  it('a name that two bore is found at once when one of them was renamed in HighLevel', async () => {
    const { state, seeded } = connection.sandbox;
    const { Sales, Onboarding } = seeded.pipelines;
    const second = state.pipelines.get(Onboarding?.id ?? '');
    if (!second) throw new Error('There is no second pipeline.');
    state.pipelines.set(second.id, { ...second, name: 'Sales' });
    const input = { contact_id: seeded.contactIds.at(-1), pipeline_id: 'Sales', name: 'Website' };
    const error = await errorOf(create('create_opportunity', input));
    expect(sentenceOf(error)).toContain('more than one pipeline is called "Sales"');
    expect(writes(connection)).toEqual([]);
    state.pipelines.set(second.id, { ...second, name: 'Onboarding' });
    expect(await create('create_opportunity', input)).toMatchObject({ pipeline_id: Sales?.id });
  });

  it('a Zap in Test Mode goes from a new contact to its opportunity, note and task, and writes nothing', async () => {
    const test_mode = 'yes';
    const contact = await create('create_or_update_contact', { email: 'new@mail.example', test_mode });
    expect(contact.id).toBe(TEST_ID);
    const opportunity = await create('create_opportunity', {
      contact_id: contact.id,
      pipeline_id: 'Sales',
      name: 'Website',
      test_mode,
    });
    expect(opportunity).toMatchObject({ id: TEST_ID, contact_id: TEST_ID, is_test: true });
    const target = { opportunity_id: opportunity.id, test_mode };
    expect(await create('create_note', { ...target, body: 'Called.' })).toMatchObject({
      opportunity_id: TEST_ID,
      contact_id: TEST_ID,
      is_test: true,
    });
    expect(
      await create('create_task', { ...target, title: 'Call back', due_date: '2030-01-15' }),
    ).toMatchObject({ contact_id: TEST_ID, is_test: true });
    expect(writes(connection)).toEqual([]);
  });
});
