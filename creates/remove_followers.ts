import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputField,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { readYesNo, YES_NO_CHOICES } from '../fields/inputs/read-yes-no.ts';
import { isTest, testMode } from '../fields/inputs/test-mode.ts';
import { connect } from '../highlevel/connect.ts';
import { REMOVE_FOLLOWERS } from '../highlevel/opportunities/followers.ts';
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

const removeAll = defineInputField({
  key: 'remove_all',
  label: 'Remove All',
  type: 'string',
  required: false,
  choices: YES_NO_CHOICES,
  helpText:
    'Choose Yes to remove every follower, and leave Followers empty. Leave this empty, or choose No, to remove only those that you choose there.',
});

const inputFields = defineInputFields([
  inputs.opportunity,
  {
    ...followers,
    required: false,
    helpText: `${followers.helpText} Leave empty if you choose to remove all.`,
  },
  removeAll,
  onlyIfItIs,
  testMode,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(REMOVE_FOLLOWERS);
  const test = isTest(z, inputData);
  const id = requiredId(z, inputs.opportunity.label, inputData.opportunity_id, test);
  const mayChange = readOnlyIf(z, inputData.only_if, false);
  const all = readYesNo(z, removeAll.label, inputData.remove_all) ?? false;
  const texts = readFollowers(z, inputData.follower_ids);
  if (all === texts.length > 0) throw new z.errors.HaltedError(all ? BOTH : NEITHER);
  // Read first, because who left the account still follows, and is known by id to the opportunity alone.
  const before = isTestId(id, test) ? testOpportunity(highlevel) : await highlevel.opportunities.getWhole(id);
  if (!mayChange(before)) return presentFollowed(z, bundle, before, test, true);
  const following = before.followers ?? [];
  const leaving = all ? [] : await whoLeaves(z, bundle, texts, following);
  const left = all ? [] : following.filter((one) => !leaving.includes(String(one)));
  const after = { ...before, followers: left };
  if (test) return presentFollowed(z, bundle, after, test);
  if (all) await highlevel.opportunities.removeAllFollowers(id);
  else await highlevel.opportunities.removeFollowers(id, leaving);
  return presentFollowed(z, bundle, await readFollowed(highlevel, after), test);
}) satisfies CreatePerform<typeof inputFields>;

const NEITHER = `${followers.label}: this is empty, so there is nobody to remove. Choose at least one, or choose Yes under "${removeAll.label}".`;
const BOTH = `${removeAll.label}: this step names some followers and asks to remove all. Empty one of the two fields. Nobody was removed.`;

async function whoLeaves(
  z: ZObject,
  bundle: Bundle,
  texts: string[],
  following: unknown[],
): Promise<string[]> {
  const highlevel = connect(z, bundle);
  const byId = texts.filter((text) => following.includes(text));
  const others = texts.filter((text) => !following.includes(text));
  const found = await highlevel.account.resolveFollowers(others);
  return [...new Set([...byId, ...found.map((user) => user.id)])];
}

export default defineCreate({
  key: 'remove_followers',
  noun: 'Follower',
  display: {
    label: 'Remove Followers From Opportunity',
    description: 'Removes some or all followers of an opportunity.',
  },
  operation: { perform, inputFields, outputFields: followedOutputFields, sample: followedSample },
});
