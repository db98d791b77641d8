import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import updateOpportunityStatus from '../../creates/update_opportunity_status.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf, newOpportunity } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { keysOf, writes } from '../support/writes.ts';

const describe = describeOf(import.meta.filename);

export const inputs: Inputs = {
  update_opportunity_status: {
    live: ['Choose Lost and a reason', 'the card has left the board, with that reason'],
    runs: (sandbox) => {
      const { id } = newOpportunity(sandbox);
      return {
        all: [
          {
            inputData: {
              opportunity_id: id,
              status: 'lost',
              lost_reason_id: idsOf(sandbox).lostReason,
              only_if: 'open',
            },
          },
        ],
        least: [{ inputData: { opportunity_id: id, status: 'won' } }],
      };
    },
    example: ({ seeded }) => ({
      opportunity_id: seeded.opportunityIds[2],
      status: 'won',
      lost_reason_id: 'Too Expensive',
    }),
  },
};

const PERFORM = 'creates.update_opportunity_status.operation.perform';
type Result = Record<string, unknown>;

describe('update_opportunity_status', () => {
  let connection: Connection;
  let opportunityId: string;

  beforeAll(async () => {
    connection = await connect(AMPLE);
    opportunityId = connection.sandbox.seeded.opportunityIds[0] ?? '';
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.clearFaults();
    connection.sandbox.editOpportunity(opportunityId, { status: 'open', lostReasonId: null });
    connection.requests();
  });

  const update = (over: Result) =>
    connection.run<Result>(PERFORM, { opportunity_id: opportunityId, ...over });
  const put = (body: unknown) => [{ request: `PUT /opportunities/${opportunityId}/status`, body }];

  it('sets the status and answers with the opportunity as it now stands, read after the change', async () => {
    const result = await update({ status: 'Won', lost_reason_id: '' });
    expect(writes(connection)).toEqual(put({ status: 'won' }));
    expect(result).toMatchObject({ id: opportunityId, status: 'won', is_test: false });
    expect(keysOf(result)).toEqual(keysOf(updateOpportunityStatus.operation.sample));
  });

  it.each(['name', 'id'])('gives a lost reason by its %s', async (by) => {
    const [name = '', id = ''] = Object.entries(connection.sandbox.seeded.lostReasons)[0] ?? [];
    const result = await update({ status: 'lost', lost_reason_id: by === 'name' ? name.toUpperCase() : id });
    expect(writes(connection)).toEqual(put({ status: 'lost', lostReasonId: id }));
    expect(result).toMatchObject({ status: 'lost', lost_reason_id: id, lost_reason_name: name });
  });

  it('takes a lost opportunity without a reason where HighLevel does not ask for one', async () => {
    expect(await update({ status: 'lost' })).toMatchObject({ status: 'lost', lost_reason_id: null });
  });

  it('shows the reason that it set where the read does not tell it', async () => {
    const [[name, id] = ['', '']] = Object.entries(connection.sandbox.seeded.lostReasons);
    const opportunity = { id: opportunityId, name: 'Website', status: 'lost' };
    connection.sandbox.fault({
      method: 'GET',
      path: `/opportunities/${opportunityId}`,
      status: 200,
      body: { opportunity },
    });
    const result = await update({ status: 'lost', lost_reason_id: name });
    expect(result).toMatchObject({ status: 'lost', lost_reason_id: id, lost_reason_name: name });
  });

  it('leaves the reason out with any other status, whatever it says', async () => {
    for (const status of ['won', 'abandoned']) {
      expect(await update({ status, lost_reason_id: 'Nope' })).toMatchObject({
        lost_reason_id: null,
        notice: 'Lost Reason: it was left out, because HighLevel keeps one for lost opportunities only.',
      });
    }
    expect(await update({ status: 'won' })).toMatchObject({ notice: null });
    expect(writes(connection)).toEqual(['won', 'abandoned', 'won'].flatMap((status) => put({ status })));
  });

  it('asks for the reason where HighLevel does', async () => {
    connection.sandbox.fault({
      method: 'PUT',
      status: 422,
      body: { message: ['lostReasonId should not be empty'] },
    });
    const error = await errorOf(update({ status: 'lost' }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(
      /^Lost Reason: HighLevel wants to know why.*Choose a Lost Reason in this step/,
    );
  });

  it('says what HighLevel has against the reason that was given', async () => {
    const [name] = Object.keys(connection.sandbox.seeded.lostReasons);
    connection.sandbox.fault({ method: 'PUT', status: 422, body: { message: 'lostReasonId is invalid' } });
    const error = await errorOf(update({ status: 'lost', lost_reason_id: name }));
    expect(sentenceOf(error)).toMatch(/could not change the status of the opportunity: .*is invalid/);
  });

  it.each([
    ['no opportunity', { opportunity_id: ' ' }, /^Opportunity: this is empty/],
    ['no status', { status: '' }, /^Status: this is empty/],
    ['a status that is none', { status: 'all' }, /^Status: "all" is not a status/],
    [
      'an unknown reason',
      { status: 'lost', lost_reason_id: 'Nope' },
      /^Lost Reason: there is no lost reason called "Nope"\. There are: "Price too high"/,
    ],
  ])('stops at %s, and writes nothing', async (_, over, sentence) => {
    const error = await errorOf(update({ status: 'won', ...over }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(sentence);
    expect(writes(connection)).toEqual([]);
  });

  it.each([false, true])('says that an opportunity is gone (test mode: %s)', async (test_mode) => {
    const error = await errorOf(update({ opportunity_id: 'doesnotexist00000000', status: 'won', test_mode }));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(/not found\. It may have been deleted/);
  });

  it('shows in test mode what would be, and changes nothing', async () => {
    const [name = '', id] = Object.entries(connection.sandbox.seeded.lostReasons)[0] ?? [];
    const input = { status: 'lost', lost_reason_id: name };
    const trial = await update({ ...input, test_mode: true });
    expect(writes(connection)).toEqual([]);
    expect(connection.sandbox.opportunity(opportunityId).status).toBe('open');
    expect(trial).toMatchObject({
      status: 'lost',
      lost_reason_id: id,
      lost_reason_name: name,
      is_test: true,
    });
    expect(keysOf(trial)).toEqual(keysOf(await update(input)));
  });
});
