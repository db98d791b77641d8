import * as s from 'zod/mini';
import { customFieldsBody } from '../account/custom-field-write.ts';
import { createOnce } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { rememberNamed } from './just-created.ts';
import { type ContactRecord, contactRecord } from './record.ts';
import type { ContactChange } from './writes.ts';

/** Asks for the location alone, where an upsert needs an address to look for. [spec: CreateContactDto; issue #59] */
const CREATE_CONTACT: Endpoint = {
  method: 'POST',
  path: '/contacts/',
  scope: 'contacts.write',
  doing: 'create the contact',
  repeatable: false,
};

const created = s.looseObject({ contact: contactRecord });

/**
 * Creates a contact that has neither email nor phone. An earlier try of the same step cannot be found again: nothing
 * tells two such people apart but their names.
 */
export async function createContact(
  client: Client,
  { customFields, ...contact }: ContactChange,
): Promise<ContactRecord> {
  const body = {
    ...contact,
    customFields: customFieldsBody(customFields),
    locationId: client.locationId(),
  };
  const made = await createOnce(client, {
    kind: 'contact',
    payload: body,
    make: async () => (await client.call(CREATE_CONTACT, created, { body })).contact,
    findEarlier: async () => null,
  });
  // Under the name that was sent: the answer may spell it otherwise.
  await rememberNamed(client, { ...contact, id: made.id });
  return made;
}
