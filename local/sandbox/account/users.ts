import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { type Caller, ownLocation } from '../server/guard.ts';
import { check, numberText, optionalText } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { User } from '../state/records.ts';

interface ById {
  Params: { userId: string };
}

const searchQuery = z.strictObject({
  companyId: z.string().min(1),
  query: optionalText,
  skip: numberText,
  limit: numberText,
  locationId: optionalText,
  type: optionalText,
  role: optionalText,
  ids: optionalText,
  sort: optionalText,
  sortDirection: optionalText,
  enabled2waySync: optionalText,
});

/** A user as all three endpoints show one [spec: UserSchema], without permissions and scopes. */
function userRecord(user: User): Record<string, unknown> {
  const { id, name, firstName, lastName, email, phone, deleted, locationIds } = user;
  return {
    id,
    name,
    firstName,
    lastName,
    email,
    phone,
    extension: '',
    roles: { type: 'account', role: 'user', locationIds, restrictSubAccount: false },
    deleted,
  };
}

function seenBy(caller: Caller, user: User): boolean {
  return caller.userType === 'Location'
    ? caller.locationId !== null && user.locationIds.includes(caller.locationId)
    : user.companyId === caller.companyId;
}

/** Users: search, one by id, and the list by location that v3 no longer has [spec: users]. */
export function registerUserRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.get('/users/search', async ({ caller, query }) => {
    const asked = check(searchQuery, query);
    // Another company's is refused, in these words [assumed].
    if (asked.companyId !== caller.companyId) fail(403, 'The token does not have access to this company.');
    if (asked.locationId !== undefined) ownLocation(ctx, caller, asked.locationId);
    const text = asked.query?.toLowerCase() ?? '';
    const ids = asked.ids?.split(',');
    const found = [...ctx.state.users.values()].filter(
      (user) =>
        // Archived people are not found, and a Location token sees its own location's [assumed].
        !user.deleted &&
        seenBy(caller, user) &&
        (asked.locationId === undefined || user.locationIds.includes(asked.locationId)) &&
        (ids === undefined || ids.includes(user.id)) &&
        `${user.name} ${user.email} ${user.phone}`.toLowerCase().includes(text),
    );
    const skip = asked.skip ?? 0;
    const limit = ctx.contrary.has('users-25-a-page') ? 25 : (asked.limit ?? 25);
    return { users: found.slice(skip, skip + limit).map(userRecord), count: found.length };
  });

  app.get<ById>('/users/:userId', async ({ caller, params }) => {
    const user = ctx.state.users.get(params.userId);
    // An archived person is still shown, marked as deleted; the refusal's words are unknown [assumed].
    if (user === undefined || !seenBy(caller, user))
      return fail(400, `User not found for id:${params.userId}`);
    return userRecord(user);
  });

  app.get('/users/', { config: { removedInV3: true } }, async ({ caller, query }) => {
    const { locationId } = check(z.strictObject({ locationId: z.string().min(1) }), query);
    ownLocation(ctx, caller, locationId);
    const users = [...ctx.state.users.values()].filter(
      (user) => !user.deleted && user.locationIds.includes(locationId),
    );
    return { users: users.map(userRecord) };
  });
}
