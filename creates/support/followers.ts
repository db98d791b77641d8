/** What adding and removing followers share. */

import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import { readTexts } from '../../fields/inputs/read-text.ts';
import { marked, testOutput } from '../../fields/inputs/test-mode.ts';
import { TRIGGER } from '../../fields/keys.ts';
import { opportunityOutputFields, opportunitySample } from '../../fields/outputs/opportunity.ts';
import { connect, type HighLevel } from '../../highlevel/connect.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { MOST_FOLLOWERS } from '../../highlevel/opportunities/followers.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import { leftAloneOutput } from './existing.ts';
import { withoutTestLink } from './test-records.ts';

export const followers = defineInputField({
  key: 'follower_ids',
  label: LABELS.followers,
  type: 'string',
  list: true,
  required: true,
  dynamic: `${TRIGGER.userList}.id.name`,
  helpText: `Choose users, or map their IDs, exact names or email addresses: ${MOST_FOLLOWERS} at most.`,
});

/**
 * @returns what was written in the field, each once
 * @throws HaltedError for more than HighLevel takes in one request
 */
export function readFollowers(z: ZObject, value: unknown): string[] {
  const texts = readTexts(value);
  if (texts.length <= MOST_FOLLOWERS) return texts;
  throw new z.errors.HaltedError(
    `${LABELS.followers}: there are ${texts.length}, and HighLevel takes ${MOST_FOLLOWERS} at once. Spread them over several steps.`,
  );
}

/**
 * The opportunity after its followers were changed.
 *
 * @param known what is known of it; its followers stand in where a read by id leaves them out
 */
export async function readFollowed(
  { opportunities }: HighLevel,
  known: OpportunityRecord,
): Promise<OpportunityRecord> {
  const record = await opportunities.getAfterWrite(known);
  return record.followers === undefined ? { ...record, followers: known.followers } : record;
}

/** The opportunity with the names of its followers, in the order of their ids; the id stands for who has left the account. */
export async function presentFollowed(
  z: ZObject,
  bundle: Bundle,
  record: OpportunityRecord,
  test: boolean,
  leftAlone = false,
) {
  const highlevel = connect(z, bundle);
  const opportunity = withoutTestLink(await highlevel.opportunities.presentOne(record));
  const ids = opportunity.follower_ids;
  const known = await highlevel.account.usersWithIds(new Set(ids));
  const names = ids.map((id) => known.find((user) => user.id === id)?.name ?? id);
  return marked({ ...opportunity, follower_names: names, was_left_alone: leftAlone }, test);
}

export const followedOutputFields = [
  ...opportunityOutputFields,
  { key: 'follower_names', label: 'Follower Names', type: 'string', list: true } as const,
  leftAloneOutput,
  testOutput,
];

export const followedSample = marked(
  { ...opportunitySample, follower_names: ['Maria Lopez'], was_left_alone: false },
  false,
);
