import type { Client } from '../http/client.ts';
import { type Contact, presentContact } from './record.ts';
import { getContactIfThere } from './requests.ts';

/**
 * The whole contact of an opportunity.
 *
 * @param contactId null for an opportunity that has none
 * @returns null where it is gone, or the permission to read it was not granted
 */
export async function contactOfOpportunity(
  client: Client,
  contactId: string | null | undefined,
): Promise<Contact | null> {
  if (!contactId || !client.hasScope('contacts.readonly')) return null;
  const record = await getContactIfThere(client, contactId);
  return record && presentContact(client, record);
}
