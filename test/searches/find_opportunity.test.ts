import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';

const PERFORM = 'searches.find_opportunity.operation.perform';
const CREATE = 'creates.create_opportunity.operation.perform';

describe('find_opportunity', () => {
  let connection: Connection;
  const find = (input: Record<string, unknown>) => connection.run(PERFORM, input);

  beforeAll(async () => {
    connection = await connect({
      opportunities: 12,
      rateLimit: { max: 10_000, intervalMs: 10_000, daily: 200_000 },
    });
    const names = ['Roof repair', 'Roof', 'roof inspection', 'New roof'];
    for (const [index, name] of names.entries()) {
      await connection.run(CREATE, {
        contact_id: connection.sandbox.seeded.contactIds.at(-1 - index),
        pipeline_id: 'Onboarding',
        name,
        status: name === 'Roof' ? 'lost' : 'open',
      });
    }
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.requests();
  });

  it('prefers exactly the name, before one that begins with it, before one that has it', async () => {
    expect(await find({ name: 'ROOF ' })).toMatchObject([{ name: 'Roof', pipeline_name: 'Onboarding' }]);
    expect(await find({ name: 'roof i' })).toMatchObject([{ name: 'roof inspection' }]);
    expect(await find({ name: 'roof', status: 'open' })).toMatchObject([{ name: 'roof inspection' }]);
  });

  it('finds nothing with an empty list', async () => {
    expect(await find({ name: 'No such deal' })).toEqual([]);
    expect(await find({ name: 'Roof', pipeline_id: 'Sales' })).toEqual([]);
  });

  it('does not mistake the contact’s name for the deal’s', async () => {
    const deal = [...connection.sandbox.state.opportunities.values()].find(({ name }) => name === 'Roof');
    const contact = connection.sandbox.state.contacts.get(deal?.contactId ?? '');
    expect(await find({ name: `${contact?.firstName} ${contact?.lastName}` })).toEqual([]);
  });

  it('finds by contact, stage and owner', async () => {
    const deal = [...connection.sandbox.state.opportunities.values()].find(
      ({ assignedTo }) => assignedTo && Object.values(connection.sandbox.seeded.users).includes(assignedTo),
    );
    expect(
      await find({
        contact_id: deal?.contactId,
        stage_id: deal?.pipelineStageId,
        owner_id: deal?.assignedTo,
      }),
    ).toMatchObject([
      { contact_id: deal?.contactId, stage_id: deal?.pipelineStageId, owner_id: deal?.assignedTo },
    ]);
  });

  it('finds no random deal when it is asked for nothing', async () => {
    expect(await find({ name: '', contact_id: ' ' })).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });

  it('asks HighLevel for 75 characters at most, and compares the whole name', async () => {
    const name = `${'A very long name '.repeat(6)}end`;
    await connection.run(CREATE, {
      contact_id: connection.sandbox.seeded.contactIds.at(-6),
      pipeline_id: 'Onboarding',
      name,
    });
    expect(await find({ name })).toMatchObject([{ name }]);
    expect(await find({ name: `${name} and more` })).toEqual([]);
  });

  it('says what is wrong with a name that nothing bears', async () => {
    const error = await errorOf(find({ name: 'Roof', owner_id: 'Nobody' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/^Owner: there is no user called "Nobody"/);
  });
});
