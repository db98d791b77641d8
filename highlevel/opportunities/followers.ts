import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';

/** The specification's examples look like contacts; they are users. [spec: FollowersDTO; measured by others] */
export const ADD_FOLLOWERS: Endpoint = {
  method: 'POST',
  path: '/opportunities/{id}/followers',
  scope: 'opportunities.write',
  doing: 'add the followers',
  repeatable: true,
};

export const REMOVE_FOLLOWERS: Endpoint = {
  method: 'DELETE',
  path: '/opportunities/{id}/followers',
  scope: 'opportunities.write',
  doing: 'remove the followers',
  repeatable: true,
};

/** In one request. [spec] */
export const MOST_FOLLOWERS = 10;

/** It answers with ids alone; who needs the opportunity reads it afterwards. [spec] */
const answer = s.unknown();

/** Adds followers to the ones there are. Who follows already is taken once. [assumed] */
export async function addFollowers(client: Client, id: string, userIds: string[]): Promise<void> {
  await client.call(ADD_FOLLOWERS, answer, { path: { id }, body: { followers: userIds } });
}

/** Removes some followers. Who does not follow is passed over. [assumed] */
export async function removeFollowers(client: Client, id: string, userIds: string[]): Promise<void> {
  await client.call(REMOVE_FOLLOWERS, answer, { path: { id }, body: { followers: userIds } });
}

/** Removes every follower. The specification demands the body here as well. [spec; assumed: that an empty list will do] */
export async function removeAllFollowers(client: Client, id: string): Promise<void> {
  const query = { isRemoveAllFollowers: true };
  await client.call(REMOVE_FOLLOWERS, answer, { path: { id }, query, body: { followers: [] } });
}
