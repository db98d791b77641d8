import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import type { Contact } from '../../highlevel/contacts/record.ts';
import { readYesNo, YES_NO_CHOICES } from './read-yes-no.ts';

/** The choice to get the whole contact of an opportunity, which costs a request. */
export const includeContact = defineInputField({
  key: 'include_contact',
  label: 'Include the Contact’s Own Fields',
  type: 'string',
  required: false,
  choices: YES_NO_CHOICES,
  helpText:
    'Choose Yes to get the whole contact too: first and last name apart, address, and the contact’s own custom fields. Each run then makes one more request to HighLevel.',
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
