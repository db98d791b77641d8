import * as s from 'zod/mini';
import {
  type CustomFieldValue,
  customFieldRow,
  everyField,
  readCustomFieldValue,
} from '../account/custom-field-value.ts';
import { contactFields } from '../account/custom-fields.ts';
import { orNone } from '../account/lookup.ts';
import { usersWithIds } from '../account/users.ts';
import { contactUrl } from '../connection/links.ts';
import type { Client } from '../http/client.ts';
import { entries, flag, moment, shown, textList, textOrNumber } from '../http/shapes.ts';
import { isoDay, isoTime } from '../http/time.ts';
import { byId } from './shapes.ts';

/**
 * A contact as HighLevel sends it: one by id, and what the writes answer with. [spec: GetContactByIdSchemaV3]
 * The e-mail address and the phone number are insisted on, because people are told apart by them; what is merely shown is not.
 */
export const contactRecord = s.lazy(() =>
  byId(
    s.looseObject({
      id: s.string(),
      name: shown(textOrNumber),
      firstName: shown(textOrNumber),
      lastName: shown(textOrNumber),
      email: s.nullish(s.string()),
      phone: textOrNumber,
      companyName: shown(textOrNumber),
      address1: shown(textOrNumber),
      city: shown(textOrNumber),
      state: shown(textOrNumber),
      postalCode: shown(textOrNumber),
      country: shown(textOrNumber),
      website: shown(textOrNumber),
      dateOfBirth: shown(s.nullish(s.union([s.string(), s.number()]))),
      dnd: shown(flag),
      tags: shown(textList),
      assignedTo: shown(textOrNumber),
      source: shown(textOrNumber),
      customFields: shown(s.nullish(entries(customFieldRow))),
      dateAdded: shown(moment),
      dateUpdated: shown(moment),
    }),
  ),
);

export type ContactRecord = s.output<typeof contactRecord>;

/** A contact as every action and search of this app shows it: the same keys always, null for empty. */
export interface Contact {
  id: string;
  name: string | null;
  first_name: string | null;
  last_name: string | null;
  email: string | null;
  phone: string | null;
  company_name: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  postal_code: string | null;
  /** As HighLevel keeps it: two letters. [spec] */
  country: string | null;
  website: string | null;
  /** YYYY-MM-DD */
  date_of_birth: string | null;
  /** Null where HighLevel does not say. */
  do_not_disturb: boolean | null;
  tags: string[];
  owner_id: string | null;
  owner_name: string | null;
  source: string | null;
  created_at: string | null;
  updated_at: string | null;
  url: string | null;
  /** By custom field id, because a field's name can change and a Zap must not break when it does. */
  custom_fields: Record<string, CustomFieldValue>;
}

/** A contact with its owner's name beside the id, every custom field of the account, and a link to open it. */
export async function presentContact(client: Client, record: ContactRecord): Promise<Contact> {
  const ownerId = record.assignedTo || null;
  const [owners, fields] = await Promise.all([
    usersWithIds(client, new Set(ownerId ? [ownerId] : [])),
    client.hasScope('locations/customFields.readonly') ? orNone(contactFields.all(client)) : [],
  ]);
  const values = (record.customFields ?? []).map((field) => [field.id, readCustomFieldValue(field)] as const);
  return {
    id: record.id,
    name: contactName(record),
    first_name: record.firstName || null,
    last_name: record.lastName || null,
    email: record.email || null,
    phone: record.phone || null,
    company_name: record.companyName || null,
    address: record.address1 || null,
    city: record.city || null,
    state: record.state || null,
    postal_code: record.postalCode || null,
    country: record.country || null,
    website: record.website || null,
    date_of_birth: isoDay(record.dateOfBirth),
    do_not_disturb: record.dnd ?? null,
    tags: record.tags ?? [],
    owner_id: ownerId,
    owner_name: owners.find(({ id }) => id === ownerId)?.name ?? null,
    source: record.source || null,
    created_at: isoTime(record.dateAdded),
    updated_at: isoTime(record.dateUpdated),
    url: contactUrl(client, record.id),
    custom_fields: everyField(Object.fromEntries(values), fields),
  };
}

/** What a person calls the contact: the name, or what is known instead. */
export function contactName(record: ContactRecord): string | null {
  return (
    [record.firstName, record.lastName].filter(Boolean).join(' ') ||
    record.name ||
    record.companyName ||
    record.email ||
    record.phone ||
    null
  );
}
