import { fail } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';

/**
 * Refuses a user id that is no active user of the location; the vendor's words for this are unknown [assumed].
 *
 * @throws HighLevelError 400
 */
export function checkUser(ctx: SandboxContext, locationId: string, userId: string | null | undefined): void {
  if (userId === null || userId === undefined) return;
  const user = ctx.state.users.get(userId);
  if (user === undefined || user.deleted || !user.locationIds.includes(locationId)) {
    fail(400, `The user id ${userId} is invalid.`);
  }
}
