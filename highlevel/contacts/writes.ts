import * as s from 'zod/mini';
import { type CustomFieldWrite, customFieldsBody } from '../account/custom-field-write.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { type ContactRecord, contactRecord } from './record.ts';

/**
 * Sent twice it makes one contact, unless the account allows duplicates and `createNewIfDuplicateAllowed` is sent,
 * which this app never does. [spec]
 */
export const UPSERT_CONTACT: Endpoint = {
  method: 'POST',
  path: '/contacts/upsert',
  scope: 'contacts.write',
  doing: 'save the contact',
  repeatable: true,
};

/** Adds to the tags there are, where the `tags` of an upsert would take their place. [spec] */
const ADD_TAGS: Endpoint = {
  method: 'POST',
  path: '/contacts/{contactId}/tags',
  scope: 'contacts.write',
  doing: 'add the tags',
  repeatable: true,
};

/**
 * What a contact is created or changed with; what is undefined stays as it is. [spec: UpsertContactDtoV3]
 * No `tags`, because they overwrite [spec], and no `gender`, because it is lost [issue #313].
 */
export interface ContactChange {
  firstName?: string;
  lastName?: string;
  email?: string;
  phone?: string;
  companyName?: string;
  source?: string;
  assignedTo?: string;
  customFields?: CustomFieldWrite[];
}

const upserted = s.looseObject({ new: s.nullish(s.boolean()), contact: contactRecord });

/**
 * Updates the contact that has this e-mail address or phone number, or creates one. Which of the two decides is a
 * setting of the account; the other is dropped without a word where a second contact has it. [spec; issue #37]
 * One of them is needed. [issue #59] Further e-mail addresses of the contact can be lost. [issue #337]
 */
export async function upsertContact(
  client: Client,
  { customFields, ...contact }: ContactChange,
): Promise<{ created: boolean; contact: ContactRecord }> {
  const body = {
    ...contact,
    customFields: customFieldsBody(customFields),
    locationId: client.locationId(),
  };
  const answer = await client.call(UPSERT_CONTACT, upserted, { body });
  return { created: answer.new ?? false, contact: answer.contact };
}

/**
 * The contact as it would then stand, for Test Mode, which sends nothing.
 *
 * @param before the contact as it is, or the id that a new one's place is held by
 */
export function previewContact(
  before: ContactRecord | { id: string },
  { customFields = [], ...contact }: ContactChange,
  tags: string[],
): ContactRecord {
  const record: ContactRecord = before;
  const set = Object.fromEntries(Object.entries(contact).filter(([, value]) => value !== undefined));
  const written = new Set(customFields.map(({ id }) => id));
  const kept = (record.customFields ?? []).filter(({ id }) => !written.has(id));
  return {
    ...record,
    ...set,
    tags: [...new Set([...(record.tags ?? []), ...tags])],
    customFields: [...kept, ...(customFieldsBody(customFields) ?? [])],
  };
}

const tagged = s.looseObject({ tags: s.array(s.string()) });

/** Adds tags and gives all that the contact then has. [spec] */
export async function addTags(client: Client, contactId: string, tags: string[]): Promise<string[]> {
  return (await client.call(ADD_TAGS, tagged, { path: { contactId }, body: { tags } })).tags;
}
