import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AMPLE } from '../../support/ample.ts';
import { type Connection, connect, errorOf } from '../../support/connection.ts';
import { newOpportunity } from '../../support/inputs.ts';

type Result = Record<string, unknown>;

describe('a step that runs again because the answer to its change was lost', () => {
  let connection: Connection;
  let id = '';
  let contactId = '';
  beforeAll(async () => {
    connection = await connect({ opportunities: 1, ...AMPLE });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    ({ id, contactId } = newOpportunity(connection.sandbox));
    connection.sandbox.editOpportunity(id, { monetaryValue: 900 });
  });

  const run = (key: string, input: Result) =>
    connection.run<Result>(`creates.${key}.operation.perform`, input);
  /** The first run, which is saved and ends in an error. */
  const lose = async (key: string, input: Result, path = `/opportunities/${id}`) => {
    connection.sandbox.fault({ method: 'PUT', path, status: 502, body: {}, when: 'after' });
    await errorOf(run(key, input));
  };

  it('tells of an update what was there before the first run, and does not leave its own change alone', async () => {
    const input = { opportunity_id: id, status: 'won', monetary_value: '1000', only_if: 'open' };
    await lose('update_opportunity', input);
    expect(connection.sandbox.opportunity(id).status).toBe('won');
    expect(await run('update_opportunity', input)).toMatchObject({
      status: 'won',
      was_left_alone: false,
      status_before: 'open',
      value_before: 900,
    });
    // Another run of the same is a new one.
    expect(await run('update_opportunity', input)).toMatchObject({
      was_left_alone: true,
      status_before: 'won',
      value_before: 1000,
    });
  });

  it('tells so of a status, too', async () => {
    const input = { opportunity_id: id, status: 'won', only_if: 'open' };
    await lose('update_opportunity_status', input, `/opportunities/${id}/status`);
    expect(await run('update_opportunity_status', input)).toMatchObject({
      status: 'won',
      was_left_alone: false,
    });
  });

  it('tells so of an existing opportunity that was reopened', async () => {
    connection.sandbox.editOpportunity(id, { status: 'lost' });
    connection.sandbox.context.index.rebuild();
    const input = {
      contact_id: contactId,
      pipeline_id: connection.sandbox.opportunity(id).pipelineId,
      name: 'Again',
      monetary_value: '1000',
      if_exists: 'update_or_reopen',
    };
    await lose('create_opportunity', input);
    expect(connection.sandbox.opportunity(id).status).toBe('open');
    expect(await run('create_opportunity', input)).toMatchObject({
      id,
      was_created: false,
      was_reopened: true,
      status_before: 'lost',
      value_before: 900,
    });
  });

  it('tells so where the token ran out after the change, before it was read again', async () => {
    const input = { opportunity_id: id, status: 'won', only_if: 'open' };
    const path = `/opportunities/${id}`;
    connection.sandbox.fault({ method: 'GET', path, status: 401, body: {}, skip: 1 });
    expect((await errorOf(run('update_opportunity_status', input))).name).toBe('RefreshAuthError');
    connection.sandbox.clearFaults();
    expect(await run('update_opportunity_status', input)).toMatchObject({
      status: 'won',
      was_left_alone: false,
    });
  });

  it('leaves alone what somebody else has won since', async () => {
    const input = { opportunity_id: id, name: 'Annex', only_if: 'open' };
    await lose('update_opportunity', input);
    connection.sandbox.editOpportunity(id, { status: 'won' });
    expect(await run('update_opportunity', input)).toMatchObject({
      was_left_alone: true,
      status: 'won',
      status_before: 'won',
    });
  });

  it('goes by how it stands where somebody changed it later', async () => {
    const input = { opportunity_id: id, status: 'won', only_if: 'open' };
    await lose('update_opportunity', input);
    connection.sandbox.opportunity(id).updatedAt = new Date(Date.now() + 120_000).toISOString();
    expect(await run('update_opportunity', input)).toMatchObject({
      was_left_alone: true,
      status_before: 'won',
    });
  });

  it('remembers nothing of a run that was refused', async () => {
    const input = { opportunity_id: id, status: 'won', monetary_value: '1000' };
    const path = `/opportunities/${id}`;
    connection.sandbox.fault({ method: 'PUT', path, status: 400, body: { message: 'No.' } });
    await errorOf(run('update_opportunity', input));
    connection.sandbox.editOpportunity(id, { monetaryValue: 950 });
    expect(await run('update_opportunity', input)).toMatchObject({ value_before: 950 });
  });
});
