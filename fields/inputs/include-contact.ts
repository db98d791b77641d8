import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import type { Contact } from '../../highlevel/contacts/record.ts';
import { readYesNo, YES_NO_CHOICES } from './read-yes-no.ts';

/** The choice to get the whole contact of an opportunity, which costs a request. */
export const includeContact = defineInputField({
  key: 'include_contact',
  label: 'Include the Whole Contact',
  type: 'string',
  required: false,
  choices: YES_NO_CHOICES,
  helpText:
    'Choose Yes to get all that HighLevel has of the contact, such as first and last name, address and custom fields. Leave empty, or choose No, for name, email, phone, company and tags alone.',
});

/**
 * Whether the whole contact is wanted.
 *
 * @throws HaltedError for text that is neither yes nor no
 */
export function wantsContact(z: ZObject, { inputData }: Pick<Bundle, 'inputData'>): boolean {
  return readYesNo(z, includeContact.label, inputData[includeContact.key]) ?? false;
}

/** An opportunity with its whole contact, where that is wanted: for a step that shows one, on which the Zap runs. */
export async function withContact<T extends { contact_id: string | null }>(
  z: ZObject,
  bundle: Bundle,
  opportunity: T,
): Promise<T & { contact?: Contact | null }> {
  if (!wantsContact(z, bundle)) return opportunity;
  const contact = await connect(z, bundle).contacts.ofOpportunity(opportunity.contact_id);
  return { ...opportunity, contact };
}
