import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import addFollowers from '../../creates/add_followers.ts';
import type { Sandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';
import { keysOf, writes } from '../support/writes.ts';

const describe = describeOf(import.meta.filename);

/** HighLevel does not tell the lost reason of one opportunity that is lost, so that an open one shows every output. */
const openOf = ({ seeded, state }: Sandbox, index: number) =>
  seeded.opportunityIds.filter((id) => state.opportunities.get(id)?.status === 'open')[index];

export const inputs: Inputs = {
  add_followers: {
    live: ['Test the step', 'the opportunity shows the follower'],
    runs: (sandbox) => {
      const { owner, follower, opportunityId } = idsOf(sandbox);
      const run = (follower_ids: string[]) => ({
        inputData: { opportunity_id: opportunityId, follower_ids },
      });
      const whole = run([owner, follower]);
      return {
        all: [{ inputData: { ...whole.inputData, only_if: 'any' } }],
        least: [run([owner])],
      };
    },
    example: (sandbox) => ({
      opportunity_id: openOf(sandbox, 0),
      follower_ids: Object.values(sandbox.seeded.users),
    }),
  },
  remove_followers: {
    live: ['Test the step', 'the follower is gone'],
    runs: (sandbox) => {
      const { owner, opportunityId } = idsOf(sandbox);
      const run = (input: object) => ({ inputData: { opportunity_id: opportunityId, ...input } });
      return {
        all: [run({ follower_ids: [owner], only_if: 'any' }), run({ remove_all: 'yes' })],
        least: [run({ follower_ids: [owner] })],
      };
    },
    example: (sandbox) => ({
      opportunity_id: openOf(sandbox, 1),
      remove_all: true,
    }),
  },
};

type Result = Record<string, unknown>;

describe('followers', () => {
  let connection: Connection;
  let opportunityId: string;
  /** Names and ids of three users. */
  let people: [string, string][];

  beforeAll(async () => {
    connection = await connect(AMPLE);
    opportunityId = connection.sandbox.seeded.opportunityIds[0] ?? '';
    people = Object.entries(connection.sandbox.seeded.users).slice(0, 3);
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.editOpportunity(opportunityId, { followers: [idOf(0)] });
    connection.requests();
  });

  const nameOf = (index: number) => people[index]?.[0] ?? '';
  const idOf = (index: number) => people[index]?.[1] ?? '';
  const emailOf = (index: number) => connection.sandbox.state.users.get(idOf(index))?.email ?? '';
  const following = () => connection.sandbox.opportunity(opportunityId).followers;
  const run = (key: string) => (over: Result) =>
    connection.run<Result>(`creates.${key}.operation.perform`, { opportunity_id: opportunityId, ...over });

  describe('add_followers', () => {
    const add = run.call(null, 'add_followers');

    it('adds people by id, name and e-mail address, each once, and keeps who follows already', async () => {
      const result = await add({ follower_ids: [idOf(1), `${nameOf(0)}, ${emailOf(2)}`, nameOf(1)] });
      expect(writes(connection)).toEqual([
        {
          request: `POST /opportunities/${opportunityId}/followers`,
          body: { followers: [idOf(1), idOf(0), idOf(2)] },
        },
      ]);
      expect(result).toMatchObject({
        id: opportunityId,
        follower_ids: [idOf(0), idOf(1), idOf(2)],
        follower_names: [nameOf(0), nameOf(1), nameOf(2)],
        is_test: false,
      });
      expect(keysOf(result)).toEqual(keysOf(addFollowers.operation.sample));
    });

    it('shows those that it added where the opportunity is read without its followers', async () => {
      const { followers: _, ...read } = connection.sandbox.opportunity(opportunityId);
      const path = `/opportunities/${opportunityId}`;
      connection.sandbox.fault({ method: 'GET', path, status: 200, body: { opportunity: read } });
      expect(await add({ follower_ids: [idOf(1)] })).toMatchObject({
        name: read.name,
        follower_names: [nameOf(1)],
      });
    });

    it.each([
      ['nobody', { follower_ids: ['', null] }, /^Followers: this is empty/],
      ['no opportunity', { opportunity_id: '', follower_ids: ['x'] }, /^Opportunity: this is empty/],
      ['an unknown person', { follower_ids: ['Nobody'] }, /^Followers: there is no user called "Nobody"/],
      [
        'more than ten',
        { follower_ids: Array.from({ length: 11 }, (_, index) => `user${index}`) },
        /^Followers: there are 11, and HighLevel takes 10 at once/,
      ],
    ])('stops at %s, and writes nothing', async (_, over, sentence) => {
      const error = await errorOf(add(over));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(sentence);
      expect(writes(connection)).toEqual([]);
    });

    it('says that an opportunity is gone', async () => {
      const error = await errorOf(add({ opportunity_id: 'doesnotexist00000000', follower_ids: [idOf(1)] }));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(/could not add the followers.*may have been deleted/s);
    });

    it('shows in test mode who would follow, and adds nobody', async () => {
      const trial = await add({ follower_ids: [idOf(0), nameOf(1)], test_mode: true });
      expect(writes(connection)).toEqual([]);
      expect(following()).toEqual([idOf(0)]);
      expect(trial).toMatchObject({ follower_names: [nameOf(0), nameOf(1)], is_test: true });
    });
  });

  describe('remove_followers', () => {
    const remove = run.call(null, 'remove_followers');
    beforeEach(() => {
      connection.sandbox.editOpportunity(opportunityId, { followers: [idOf(0), idOf(1), idOf(2)] });
    });

    it('removes some, and passes over who does not follow', async () => {
      connection.sandbox.editOpportunity(opportunityId, { followers: [idOf(0), idOf(1)] });
      const result = await remove({ follower_ids: [nameOf(0), emailOf(2)], remove_all: false });
      expect(writes(connection)).toEqual([
        {
          request: `DELETE /opportunities/${opportunityId}/followers`,
          body: { followers: [idOf(0), idOf(2)] },
        },
      ]);
      expect(result).toMatchObject({ follower_ids: [idOf(1)], follower_names: [nameOf(1)], is_test: false });
    });

    it('removes all', async () => {
      const result = await remove({ remove_all: 'yes', follower_ids: [] });
      const [sent] = connection.sandbox.requests().filter(({ method }) => method === 'DELETE');
      expect(sent).toMatchObject({ query: { isRemoveAllFollowers: 'true' }, body: { followers: [] } });
      expect(result).toMatchObject({ follower_ids: [], follower_names: [] });
    });

    it('removes by id who has left the account, and shows the id where there is no name', async () => {
      const { formerUserId } = connection.sandbox.seeded;
      connection.sandbox.editOpportunity(opportunityId, { followers: [idOf(0), formerUserId] });
      expect(await remove({ follower_ids: [idOf(0)] })).toMatchObject({ follower_names: [formerUserId] });
      expect(await remove({ follower_ids: [formerUserId] })).toMatchObject({ follower_ids: [] });
    });

    it.each([
      ['nobody and not all', {}, /^Followers: this is empty/],
      ['some and all', { follower_ids: ['a'], remove_all: true }, /^Remove All: .*Nobody was removed/],
      ['a strange answer', { remove_all: 'perhaps' }, /^Remove All: "perhaps" is neither yes nor no/],
      ['an unknown person', { follower_ids: ['Nobody'] }, /^Followers: there is no user called "Nobody"/],
      [
        'an opportunity that is gone',
        { opportunity_id: 'doesnotexist00000000', remove_all: true },
        /may have been deleted/,
      ],
    ])('stops at %s, and removes nobody', async (_, over, sentence) => {
      const error = await errorOf(remove(over));
      expect(error.name).toBe('HaltedError');
      expect(sentenceOf(error)).toMatch(sentence);
      expect(writes(connection)).toEqual([]);
      expect(following()).toHaveLength(3);
    });

    it.each([
      ['some', { follower_ids: ['0'] }, [1, 2]],
      ['all', { remove_all: true }, []],
    ])('shows in test mode who would be left of %s, and removes nobody', async (_, input, left) => {
      const over = 'follower_ids' in input ? { follower_ids: [idOf(0)] } : input;
      const trial = await remove({ ...over, test_mode: true });
      expect(trial).toMatchObject({ follower_names: left.map(nameOf), is_test: true });
      expect(writes(connection)).toEqual([]);
      expect(following()).toHaveLength(3);
    });
  });
});
