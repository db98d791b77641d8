import type { Bundle, ZObject } from 'zapier-platform-core';
import { pipelines } from '../highlevel/account/pipelines.ts';
import { locationId } from '../highlevel/connection/connection.ts';
import { getLocation } from '../highlevel/connection/sub-account.ts';
import { hasScope } from '../highlevel/http/permissions.ts';
import { lacksPermission, problemOf } from '../highlevel/http/problem.ts';

/**
 * Proves a connection by one read, and answers with what its label needs: `{id, name, short_id, timezone?}`.
 * Where the sub-account may not be read its name is not to be had, and the pipelines prove the connection instead.
 *
 * @throws the errors of a refused read
 */
export async function testConnection(z: ZObject, bundle: Bundle) {
  const id = locationId(z, bundle);
  const short_id = id.slice(-6);
  const location = hasScope(bundle, 'locations.readonly') ? await readLocation(z, bundle) : null;
  if (!location) {
    await pipelines.fresh(z, bundle);
    return { id, name: UNNAMED, short_id };
  }
  return { id, name: location.name || UNNAMED, short_id, timezone: location.timezone ?? null };
}

const UNNAMED = 'HighLevel sub-account';

/** Null where a private token, which does not say what it may do, may not read the sub-account. */
async function readLocation(z: ZObject, bundle: Bundle) {
  try {
    return await getLocation(z, bundle);
  } catch (error) {
    const problem = problemOf(error);
    if (problem && lacksPermission(problem)) return null;
    throw error;
  }
}
