import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { requiredText } from '../fields/inputs/read-text.ts';
import { isTest, testMode } from '../fields/inputs/test-mode.ts';
import { CREATE } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import { ADD_FOLLOWERS } from '../highlevel/opportunities/followers.ts';
import {
  followedOutputFields,
  followedSample,
  followers,
  presentFollowed,
  readFollowers,
} from './support/followers.ts';

const inputFields = defineInputFields([inputs.opportunity, followers, testMode]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(ADD_FOLLOWERS);
  const test = isTest(z, inputData);
  const id = requiredId(z, inputs.opportunity.label, inputData.opportunity_id);
  const texts = readFollowers(z, inputData.follower_ids);
  requiredText(z, followers.label, texts[0]);
  const userIds = (await highlevel.account.resolveFollowers(texts)).map((user) => user.id);
  if (!test) await highlevel.opportunities.addFollowers(id, userIds);
  const record = await highlevel.opportunities.getWhole(id);
  const shown = test
    ? { ...record, followers: [...new Set([...(record.followers ?? []), ...userIds])] }
    : record;
  return presentFollowed(z, bundle, shown, test);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: CREATE.addFollowers,
  noun: 'Follower',
  display: {
    label: 'Add Followers to Opportunity',
    description: 'Adds users as followers of an opportunity.',
  },
  operation: { perform, inputFields, outputFields: followedOutputFields, sample: followedSample },
});
