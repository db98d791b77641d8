import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { call, type Endpoint } from './client.ts';
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
