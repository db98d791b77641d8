import type { Bundle, ZObject } from 'zapier-platform-core';
import { account } from './account/index.ts';
import { api } from './api/index.ts';
import { connection } from './connection/index.ts';
import { contacts } from './contacts/index.ts';
import { files } from './files/index.ts';
import { type Bound, bind } from './http/bind.ts';
import { type Client, tokenClient, zapierClient } from './http/client.ts';
import { opportunities } from './opportunities/index.ts';

/**
 * HighLevel for one connection: its API (`call`), and what this project knows to do with it, room by room.
 *
 *     const highlevel = connect(z, bundle);
 *     const opportunity = await highlevel.opportunities.get(id);
 */
export type HighLevel = Client & Bound<typeof ROOMS>;

const ROOMS = { api, connection, account, opportunities, contacts, files };

/** HighLevel for the connection of a Zap's run. */
export function connect(z: ZObject, bundle: Pick<Bundle, 'authData'>): HighLevel {
  const known = bound.get(bundle);
  if (known) return known;
  const highlevel = withRooms(zapierClient(z, bundle));
  bound.set(bundle, highlevel);
  return highlevel;
}

/** Once for each run, whose bundle is one object: all that a run asks shares one clock. */
const bound = new WeakMap<object, HighLevel>();

/** HighLevel for what runs beside Zapier, by plain fetch. @param access.apiUrl without a slash at the end */
export function connectWithToken(access: { apiUrl: string; token: string; locationId: string }): HighLevel {
  return withRooms(tokenClient(access));
}

/** Beside the client's own members; a spread would read its `authData` once and for all. */
function withRooms(client: Client): HighLevel {
  return Object.assign(client, bind(client, ROOMS));
}
