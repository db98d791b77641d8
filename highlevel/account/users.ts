import * as s from 'zod/mini';
import { getLocation } from '../connection/sub-account.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { countedEntries, flag, numeral, shown, textOrNumber } from '../http/shapes.ts';
import { createLookup, type Listed } from './lookup.ts';

export interface User {
  id: string;
  name: string;
  email: string | null;
}

/** The one user search that v3 has; it wants the agency's id as well. [spec] */
const SEARCH_USERS: Endpoint = {
  method: 'GET',
  path: '/users/search',
  scope: 'users.readonly',
  doing: 'list the users',
  repeatable: true,
  takesInput: false,
};

const answer = s.lazy(() =>
  s.looseObject({
    users: countedEntries(
      s.looseObject({
        id: s.string(),
        name: shown(textOrNumber),
        firstName: shown(textOrNumber),
        lastName: shown(textOrNumber),
        email: shown(textOrNumber),
        deleted: shown(flag),
      }),
    ),
    count: shown(s.nullish(numeral)),
  }),
);

const PAGE = 100;
/** A sub-account with more users than this shows the first ones; a list without end must not hold a Zap up. */
const MOST = 1000;

async function listUsers(client: Client): Promise<Listed<User>> {
  // A token made before companyId was kept, or a private one, does not name the agency; its location does. [measured by others]
  const companyId = client.authData.companyId || (await getLocation(client)).companyId || undefined;
  const found = new Map<string, UserRow>();
  let leftOut = 0;
  let seen = 0;
  while (seen < MOST) {
    const query = { companyId, locationId: client.locationId(), limit: PAGE, skip: seen };
    const { users, count } = await client.call(SEARCH_USERS, answer, { query });
    const fresh = users.kept.filter(({ id }) => !found.has(id));
    for (const user of fresh) found.set(user.id, user);
    seen += users.rows;
    leftOut += users.leftOut;
    // A page may repeat the one before, where what is to be skipped is not.
    if (fresh.length === 0) break;
    // Fewer may come than were asked for while there are more: 25 were seen whatever was asked.
    if (users.rows < PAGE && (count == null || seen >= count)) break;
  }
  // They are told of only where that is asked for; one that comes all the same can own nothing any more. [spec]
  const present = [...found.values()].filter(({ deleted }) => deleted !== true);
  const items = present.map((user) => ({ id: user.id, name: nameOf(user), email: user.email || null }));
  return { items, leftOut };
}

type UserRow = s.output<typeof answer>['users']['kept'][number];

function nameOf(user: UserRow): string {
  return user.name || [user.firstName, user.lastName].filter(Boolean).join(' ') || user.email || user.id;
}

export const users = createLookup('users', listUsers, ({ id }) => [id]);

/**
 * The users that these ids are of, for their names; none where the permission was not granted, and those known where the
 * list cannot be had.
 */
export async function usersWithIds(client: Client, ids: Set<string>): Promise<User[]> {
  if (ids.size === 0 || !client.hasScope('users.readonly')) return [];
  return users.namesOf(client, ids);
}
