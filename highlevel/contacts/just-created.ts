/**
 * The search for contacts by name runs behind the records [docs], while email and phone are looked up exactly. So a
 * contact that this connection created with a name alone is remembered by it, or a Zap that runs twice in a row would
 * make the same person twice.
 */

import { simplify } from '../account/resolve.ts';
import type { Client } from '../http/client.ts';
import { unlessGone } from '../http/problem.ts';
import { type ContactRecord, contactName } from './record.ts';
import { getContact } from './requests.ts';

const keyOf = (name: string) => `just_created_contact:${simplify(name)}`;
/** As long as an opportunity is remembered. */
const KEPT_SECONDS = 15 * 60;

export async function rememberNamed(client: Client, contact: ContactRecord): Promise<void> {
  const name = contactName(contact);
  if (name) await client.remember(keyOf(name), contact.id, KEPT_SECONDS);
}

/** The contact that was created with this whole name within the last quarter of an hour, as it stands now; or null. */
export async function findJustNamed(client: Client, name: string): Promise<ContactRecord | null> {
  const id = await client.recall<string>(keyOf(name));
  if (!id) return null;
  const contact = await unlessGone(getContact(client, id));
  return contact && simplify(contactName(contact)) === simplify(name) ? contact : null;
}
