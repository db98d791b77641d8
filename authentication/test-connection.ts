import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect, type HighLevel } from '../highlevel/connect.ts';
import { lacksPermission, problemOf } from '../highlevel/http/problem.ts';

/**
 * Proves a connection by one read, and answers with what its label needs: `{id, name, short_id, timezone?}`.
 * Where the sub-account may not be read its name is not to be had, and the pipelines prove the connection instead.
 *
 * @throws the errors of a refused read
 */
export async function testConnection(z: ZObject, bundle: Bundle) {
  const highlevel = connect(z, bundle);
  const id = highlevel.locationId();
  const short_id = id.slice(-6);
  const location = highlevel.hasScope('locations.readonly') ? await readLocation(highlevel) : null;
  if (!location) {
    await highlevel.account.pipelines.fresh();
    return { id, name: UNNAMED, short_id };
  }
  return { id, name: location.name || UNNAMED, short_id, timezone: location.timezone ?? null };
}

const UNNAMED = 'HighLevel sub-account';

/** Null where the sub-account may not be read, though the connection did not say so. */
async function readLocation(highlevel: HighLevel) {
  try {
    return await highlevel.connection.subAccount();
  } catch (error) {
    const problem = problemOf(error);
    if (problem && lacksPermission(problem)) return null;
    // Core hides what a sign-in's 401 says; where the token is no good, the pipelines are refused as well.
    if (error instanceof Error && error.name === 'RefreshAuthError') return null;
    throw error;
  }
}
