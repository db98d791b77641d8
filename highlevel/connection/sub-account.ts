import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { recall, remember } from '../http/cache.ts';
import { call, type Endpoint } from '../http/client.ts';
import { locationId } from './connection.ts';

const GET_LOCATION: Endpoint = {
  method: 'GET',
  path: '/locations/{locationId}',
  scope: 'locations.readonly',
  doing: 'read the sub-account',
  repeatable: true,
};

const answer = s.looseObject({
  location: s.looseObject({
    id: s.string(),
    name: s.nullish(s.string()),
    timezone: s.nullish(s.string()),
    companyId: s.nullish(s.string()),
    settings: s.nullish(s.looseObject({ allowDuplicateOpportunity: s.nullish(s.boolean()) })),
  }),
});

/** The sub-account of this connection: `{id, name, timezone, companyId, settings}`. [spec] */
export async function getLocation(z: ZObject, bundle: Bundle) {
  const path = { locationId: locationId(z, bundle) };
  return (await call(z, bundle, GET_LOCATION, answer, { path })).location;
}

const TIME_ZONE_TTL_SECONDS = 24 * 60 * 60;

/** The sub-account's time zone by its IANA name, or null where it names none; hardly ever changed, so kept for a day. */
export async function locationTimeZone(z: ZObject, bundle: Bundle): Promise<string | null> {
  const known = await recall<string>(z, bundle, 'time_zone');
  if (known) return known;
  const { timezone } = await getLocation(z, bundle);
  if (timezone) await remember(z, bundle, 'time_zone', timezone, TIME_ZONE_TTL_SECONDS);
  return timezone || null;
}
