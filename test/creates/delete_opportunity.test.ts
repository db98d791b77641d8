import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import deleteOpportunity from '../../creates/delete_opportunity.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { newOpportunity } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { keysOf, writes } from '../support/writes.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  delete_opportunity: {
    live: ['Test it on an opportunity made for this', 'it is gone'],
    runs: (sandbox) => ({
      all: [{ inputData: { opportunity_id: newOpportunity(sandbox).id, only_if: 'any' } }],
      least: [{ inputData: { opportunity_id: newOpportunity(sandbox).id } }],
    }),
    example: ({ seeded }) => ({ opportunity_id: seeded.opportunityIds[3] }),
  },
};

const PERFORM = 'creates.delete_opportunity.operation.perform';
type Result = Record<string, unknown>;

describe('delete_opportunity', () => {
  let connection: Connection;
  let opportunityIds: string[];

  beforeAll(async () => {
    connection = await connect(AMPLE);
    opportunityIds = [...connection.sandbox.seeded.opportunityIds];
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
    connection.requests();
  });

  const remove = (opportunity_id: unknown, over: Result = {}) =>
    connection.run<Result>(PERFORM, { opportunity_id, ...over });

  it('deletes, and answers with what the opportunity was, without a link that leads nowhere', async () => {
    const id = opportunityIds.pop() ?? '';
    const { name, pipelineId } = connection.sandbox.opportunity(id);
    const result = await remove(id);
    expect(writes(connection)).toMatchObject([{ request: `DELETE /opportunities/${id}` }]);
    expect(connection.sandbox.state.opportunities.has(id)).toBe(false);
    expect(result).toMatchObject({
      id,
      name,
      pipeline_id: pipelineId,
      deleted: true,
      is_test: false,
    });
    expect(keysOf(result)).toEqual(keysOf(deleteOpportunity.operation.sample));
    expect(result).not.toHaveProperty('url');
  });

  it('stops with a sentence where the opportunity is gone already', async () => {
    const id = opportunityIds.pop() ?? '';
    await remove(id);
    for (const test_mode of [false, true]) {
      const error = await errorOf(remove(id, { test_mode }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(
        /^Opportunity: there is none with the ID ".*nothing to delete.*deleted already/,
      );
    }
  });

  it('says that it deleted it, where the answer of an earlier run was lost', async () => {
    const id = opportunityIds.pop() ?? '';
    connection.sandbox.fault({ method: 'DELETE', cut: true, when: 'after' });
    expect(sentenceOf(await errorOf(remove(id)))).toMatch(/did not say whether it could delete/);
    expect(await remove(id)).toEqual({ id, deleted: true, was_left_alone: false, is_test: false });
    expect(sentenceOf(await errorOf(remove(id)))).toMatch(/nothing to delete/);
  });

  it('says the same where the opportunity goes between the reading and the deleting', async () => {
    const id = opportunityIds.pop() ?? '';
    connection.sandbox.fault({ method: 'DELETE', status: 404, body: { message: 'Opportunity not found' } });
    expect(sentenceOf(await errorOf(remove(id)))).toMatch(/nothing to delete/);
  });

  it('tells of trouble at HighLevel as trouble, not as an opportunity that is gone', async () => {
    const id = opportunityIds.pop() ?? '';
    connection.sandbox.fault({ method: 'DELETE', status: 503 });
    const error = await errorOf(remove(id));
    expect(error.name).toBe('AppError');
    expect(sentenceOf(error)).toMatch(/did not say whether it could delete the opportunity/);
  });

  it.each([
    [{ succeded: false }, /could not delete the opportunity: .*400/],
    [{ success: false, message: 'It is locked' }, /could not delete the opportunity: It is locked\./],
    [{ statusCode: 422, message: 'Not now' }, /could not delete the opportunity: Not now\./],
    [{ statusCode: 404, message: 'Opportunity not found' }, /nothing to delete/],
  ])('does not call it deleted where a status of success comes with %j', async (body, sentence) => {
    const id = opportunityIds.pop() ?? '';
    connection.sandbox.fault({ method: 'DELETE', status: 200, body });
    const error = await errorOf(remove(id));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
  });

  it.each([
    ['', /^Opportunity: this is empty/],
    ['..', /^Opportunity: "\.\." is not an ID/],
    ['Harbor Cafe', /^Opportunity: "Harbor Cafe" is not an ID/],
  ])('asks HighLevel nothing for the ID "%s"', async (id, sentence) => {
    const error = await errorOf(remove(id));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(connection.requests()).toEqual([]);
  });

  it('cannot delete an opportunity of another sub-account', async () => {
    const { opportunityId } = connection.sandbox.seeded.other;
    await errorOf(remove(opportunityId));
    expect(connection.sandbox.state.opportunities.has(opportunityId)).toBe(true);
  });

  it('deletes nothing in test mode, and shows what it would have', async () => {
    const id = opportunityIds.pop() ?? '';
    const trial = await remove(id, { test_mode: 'yes' });
    expect(writes(connection)).toEqual([]);
    expect(connection.sandbox.state.opportunities.has(id)).toBe(true);
    expect(trial).toMatchObject({ id, deleted: false, is_test: true });
  });

  it('warns before it deletes', () => {
    expect(deleteOpportunity.operation.inputFields?.[0]).toMatchObject({
      type: 'copy',
      helpText: expect.stringContaining('deletes the opportunity for good'),
    });
  });
});
