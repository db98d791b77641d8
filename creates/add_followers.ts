import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { readText, requiredText } from '../fields/inputs/read-text.ts';
import { isTest, testMode } from '../fields/inputs/test-mode.ts';
import { connect } from '../highlevel/connect.ts';
import { ADD_FOLLOWERS } from '../highlevel/opportunities/followers.ts';
import type { OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { onlyIfItIs, readOnlyIf } from './support/existing.ts';
import {
  followedOutputFields,
  followedSample,
  followers,
  presentFollowed,
  readFollowed,
  readFollowers,
} from './support/followers.ts';
import { isTestId, testOpportunity } from './support/test-records.ts';

const inputFields = defineInputFields([inputs.opportunity, followers, onlyIfItIs, testMode]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(ADD_FOLLOWERS);
  const test = isTest(z, inputData);
  const id = requiredId(z, inputs.opportunity.label, inputData.opportunity_id, test);
  const mayChange = readOnlyIf(z, inputData.only_if, false);
  const texts = readFollowers(z, inputData.follower_ids);
  requiredText(z, followers.label, texts[0]);
  const userIds = (await highlevel.account.resolveFollowers(texts)).map((user) => user.id);
  let known: OpportunityRecord = { id, followers: userIds };
  if (test || readText(inputData.only_if)) {
    const before = isTestId(id, test)
      ? testOpportunity(highlevel)
      : await highlevel.opportunities.getWhole(id);
    if (!mayChange(before)) return presentFollowed(z, bundle, before, test, true);
    const all = new Set([...(before.followers ?? []), ...userIds]);
    known = { ...before, followers: [...all] };
    if (test) return presentFollowed(z, bundle, known, test);
  }
  await highlevel.opportunities.addFollowers(id, userIds);
  return presentFollowed(z, bundle, await readFollowed(highlevel, known), test);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'add_followers',
  noun: 'Follower',
  display: {
    label: 'Add Followers to Opportunity',
    description: 'Adds users as followers of an opportunity.',
  },
  operation: { perform, inputFields, outputFields: followedOutputFields, sample: followedSample },
});
