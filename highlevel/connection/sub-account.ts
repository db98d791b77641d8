import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { flag, shown, textOrNumber } from '../http/shapes.ts';

const GET_LOCATION: Endpoint = {
  method: 'GET',
  path: '/locations/{locationId}',
  scope: 'locations.readonly',
  doing: 'read the sub-account',
  repeatable: true,
};

const answer = s.lazy(() =>
  s.looseObject({
    location: s.looseObject({
      id: s.string(),
      name: shown(textOrNumber),
      timezone: shown(s.nullish(s.string())),
      companyId: shown(textOrNumber),
      settings: shown(s.nullish(s.looseObject({ allowDuplicateOpportunity: shown(flag) }))),
    }),
  }),
);

/** The sub-account of this connection: `{id, name, timezone, companyId, settings}`. [spec] */
export async function getLocation(client: Client) {
  const path = { locationId: client.locationId() };
  return (await client.call(GET_LOCATION, answer, { path })).location;
}

const TIME_ZONE_TTL_SECONDS = 24 * 60 * 60;

/** The sub-account's time zone by its IANA name, or null where it names none; hardly ever changed, so kept for a day. */
export async function locationTimeZone(client: Client): Promise<string | null> {
  const known = await client.recall<string>('time_zone');
  if (known) return known;
  const { timezone } = await getLocation(client);
  if (timezone) await client.remember('time_zone', timezone, TIME_ZONE_TTL_SECONDS);
  return timezone || null;
}
