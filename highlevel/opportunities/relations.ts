/** The contacts of an opportunity beside its own: relations of one association that HighLevel made itself. */

import * as s from 'zod/mini';
import { forgetTry, rememberIfUnanswered, triedSince } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { unlessGone } from '../http/problem.ts';
import { shown, textOrNumber, withId } from '../http/shapes.ts';

/** [spec: associations] */
const GET_ASSOCIATION: Endpoint = {
  method: 'GET',
  path: '/associations/key/{key_name}',
  scope: 'associations.readonly',
  doing: 'look up how contacts are tied to opportunities',
  repeatable: true,
};

/** [spec: associations] */
export const LIST_RELATIONS: Endpoint = {
  method: 'GET',
  path: '/associations/relations/{recordId}',
  scope: 'associations/relation.readonly',
  doing: 'list the contacts of the opportunity',
  repeatable: true,
};

/** [spec: associations] */
export const ADD_RELATION: Endpoint = {
  method: 'POST',
  path: '/associations/relations',
  scope: 'associations/relation.write',
  doing: 'add the contact to the opportunity',
  repeatable: false,
};

/** [spec: associations] */
export const REMOVE_RELATION: Endpoint = {
  method: 'DELETE',
  path: '/associations/relations/{relationId}',
  scope: 'associations/relation.write',
  doing: 'remove the contact from the opportunity',
  repeatable: true,
};

/** [recorded] */
const KEY = 'OPPORTUNITIES_CONTACTS_ASSOCIATION';

interface Association {
  id: string;
  /** Whether a relation names the contact before the opportunity. */
  contactFirst: boolean;
}

/** Rows show the key in place of an id. [recorded] */
const AS_RECORDED: Association = { id: KEY, contactFirst: false };

const association = s.lazy(() =>
  s.pipe(s.transform(withId), s.looseObject({ id: s.string(), firstObjectKey: s.optional(s.unknown()) })),
);

/** It was made by HighLevel and stays. */
const REMEMBER_SECONDS = 24 * 60 * 60;

/**
 * The association's id, from the cache where it is warm. Without the permission to look it up, or where HighLevel does not
 * know it by its key, it is the one that rows show.
 */
async function findAssociation(client: Client): Promise<Association> {
  if (!client.hasScope('associations.readonly')) return AS_RECORDED;
  const known = await client.recall<Association>(KEY);
  if (known) return known;
  const parts = { path: { key_name: KEY }, query: { locationId: client.locationId() } };
  const answer = await unlessGone(client.call(GET_ASSOCIATION, association, parts));
  const found = answer ? { id: answer.id, contactFirst: answer.firstObjectKey === 'contact' } : AS_RECORDED;
  await client.remember(KEY, found, REMEMBER_SECONDS);
  return found;
}

const relations = s.lazy(() =>
  s.looseObject({
    relations: s.array(
      s.catch(
        s.pipe(
          s.transform(withId),
          s.looseObject({
            id: shown(textOrNumber),
            firstRecordId: shown(textOrNumber),
            secondRecordId: shown(textOrNumber),
          }),
        ),
        {},
      ),
    ),
  }),
);

/** In one answer; an opportunity has 25 contacts at most [measured by others], and other relations, such as tasks, beside them. */
const PAGE = 100;
const MOST_PAGES = 5;

/**
 * The relation of an opportunity and a contact; null where there is none.
 *
 * @returns its id is null where HighLevel does not tell it
 */
export async function findRelation(
  client: Client,
  opportunityId: string,
  contactId: string,
): Promise<{ id: string | null } | null> {
  const path = { recordId: opportunityId };
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { locationId: client.locationId(), skip: page * PAGE, limit: PAGE };
    const { relations: listed } = await client.call(LIST_RELATIONS, relations, { path, query });
    const found = listed.find(
      ({ firstRecordId, secondRecordId }) => firstRecordId === contactId || secondRecordId === contactId,
    );
    if (found) return { id: found.id || null };
    if (listed.length < PAGE) break;
  }
  return null;
}

/** What the write answers with says nothing of the records. [spec] */
const anything = s.unknown();

const attemptOf = (
  kind: 'relation_added' | 'relation_removed',
  opportunityId: string,
  contactId: string,
) => ({
  kind,
  payload: { opportunityId, contactId },
});

/** Makes a contact one of the opportunity's further ones. */
export async function addRelation(client: Client, opportunityId: string, contactId: string): Promise<void> {
  const { id, contactFirst } = await findAssociation(client);
  const [firstRecordId, secondRecordId] = contactFirst
    ? [contactId, opportunityId]
    : [opportunityId, contactId];
  const body = { locationId: client.locationId(), associationId: id, firstRecordId, secondRecordId };
  await rememberIfUnanswered(client, attemptOf('relation_added', opportunityId, contactId), () =>
    client.call(ADD_RELATION, anything, { body }),
  );
}

/**
 * Takes a contact from the opportunity's further ones.
 *
 * @returns false where it was gone already
 */
export async function removeRelation(
  client: Client,
  relationId: string,
  opportunityId: string,
  contactId: string,
): Promise<boolean> {
  const parts = { path: { relationId }, query: { locationId: client.locationId() } };
  const removal = rememberIfUnanswered(client, attemptOf('relation_removed', opportunityId, contactId), () =>
    client.call(REMOVE_RELATION, anything, parts),
  );
  return (await unlessGone(removal)) !== null;
}

/** Whether an earlier run of the same step, whose answer was lost, is what added or removed the contact; asked once. */
export async function wasRelationChangedBefore(
  client: Client,
  change: 'added' | 'removed',
  opportunityId: string,
  contactId: string,
): Promise<boolean> {
  const attempt = attemptOf(`relation_${change}`, opportunityId, contactId);
  const tried = (await triedSince(client, attempt)) !== null;
  if (tried) await forgetTry(client, attempt);
  return tried;
}
