import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { requiredText } from '../fields/inputs/read-text.ts';
import { isTest, testMode } from '../fields/inputs/test-mode.ts';
import { CREATE } from '../fields/keys.ts';
import { resolveFollowers } from '../highlevel/account/resolve.ts';
import { requirePermission } from '../highlevel/http/client.ts';
import { ADD_FOLLOWERS, addFollowers } from '../highlevel/opportunities/followers.ts';
import { getOpportunity } from '../highlevel/opportunities/requests.ts';
import {
  followedOutputFields,
  followedSample,
  followers,
  presentFollowed,
  readFollowers,
} from './support/followers.ts';

const inputFields = defineInputFields([inputs.opportunity, followers, testMode]);

const perform = (async (z, bundle) => {
  const { inputData } = bundle;
  requirePermission(z, bundle, ADD_FOLLOWERS);
  const test = isTest(z, inputData);
  const id = requiredId(z, inputs.opportunity.label, inputData.opportunity_id);
  const texts = readFollowers(z, inputData.follower_ids);
  requiredText(z, followers.label, texts[0]);
  const userIds = (await resolveFollowers(z, bundle, texts)).map((user) => user.id);
  if (!test) await addFollowers(z, bundle, id, userIds);
  const record = await getOpportunity(z, bundle, id);
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
