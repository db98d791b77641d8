/** The contact of a note or a task, as the instant triggers on those show it. */

import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { contactName } from '../../highlevel/contacts/record.ts';

/** Null where it is not told. */
export interface ContactOf {
  contact_id: string | null;
  contact_name: string | null;
  contact_email: string | null;
  /** Opens the contact. */
  url: string | null;
}

/** A function, which costs the definition nothing. */
export const contactOutputs = async () => [
  { key: 'contact_id', label: 'Contact ID', type: 'string' as const },
  { key: 'contact_name', label: 'Contact Name', type: 'string' as const },
  { key: 'contact_email', label: 'Contact Email', type: 'string' as const },
  { key: 'url', label: 'Link', type: 'string' as const },
];

export const CONTACT_SAMPLE: ContactOf = {
  contact_id: 'mTkSCb1UBjb5tk4OvB69',
  contact_name: 'Sam Reed',
  contact_email: 'sam@example.com',
  url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
};

/** @throws the errors of `call`, "not found" among them */
export async function presentContactOf(z: ZObject, bundle: Bundle, contactId: string): Promise<ContactOf> {
  const highlevel = connect(z, bundle);
  const contact = await highlevel.contacts.get(contactId);
  return {
    contact_id: contactId,
    contact_name: contactName(contact),
    contact_email: contact.email || null,
    url: highlevel.connection.contactUrl(contactId),
  };
}

/** Of the contacts of the newest opportunities so many are looked through for a sample. */
const SAMPLE_CONTACTS = 5;

/** The first row that `rowOf` makes of one of these contacts. */
export async function sampleOfContacts<T>(
  z: ZObject,
  bundle: Bundle,
  rowOf: (contactId: string) => Promise<T | undefined>,
): Promise<T[]> {
  const { opportunities } = connect(z, bundle);
  for (const { contactId } of await opportunities.readFirst({ where: {}, rows: SAMPLE_CONTACTS })) {
    const row = contactId ? await rowOf(contactId) : undefined;
    if (row) return [row];
  }
  return [];
}
