import type { Client } from '../http/client.ts';
import { problemOf } from '../http/problem.ts';
import { type Contact, presentContact } from './record.ts';
import { getContactIfThere } from './requests.ts';

/**
 * The whole contact of an opportunity.
 *
 * @param contactId null for an opportunity that has none
 * @returns null where it is gone, or may not be read: the permission was not granted, or HighLevel answers 403
 */
export async function contactOfOpportunity(
  client: Client,
  contactId: string | null | undefined,
): Promise<Contact | null> {
  if (!contactId || !client.hasScope('contacts.readonly')) return null;
  const record = await getContactIfThere(client, contactId).catch(noneWhereForbidden);
  return record && presentContact(client, record);
}

/** An opportunity is worth more without its contact than not at all. */
function noneWhereForbidden(error: unknown): null {
  if (problemOf(error)?.kind === 'forbidden') return null;
  throw error;
}
