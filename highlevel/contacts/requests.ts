import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { unlessGone } from '../http/problem.ts';
import { queryText } from '../http/query-text.ts';
import { countedEntries, moment, shown, textOrNumber } from '../http/shapes.ts';
import { type ContactRecord, contactRecord } from './record.ts';

const GET_CONTACT: Endpoint = {
  method: 'GET',
  path: '/contacts/{contactId}',
  scope: 'contacts.readonly',
  doing: 'read the contact',
  repeatable: true,
};

/** An exact look-up, at once right after a write, unlike the search. [spec; measured by others] */
const FIND_DUPLICATE: Endpoint = {
  method: 'GET',
  path: '/contacts/search/duplicate',
  scope: 'contacts.readonly',
  doing: 'look the contact up',
  repeatable: true,
};

/** The list endpoint was deprecated on 2026-04-28 and is absent in v3; this search takes its place. [spec; docs] */
const SEARCH_CONTACTS: Endpoint = {
  method: 'POST',
  path: '/contacts/search',
  scope: 'contacts.readonly',
  doing: 'search the contacts',
  repeatable: true,
};

const oneOrNone = s.lazy(() => s.looseObject({ contact: s.nullish(contactRecord) }));

/** One that is gone was seen to be answered with null in its place. [measured by others] */
const oneOrNull = s.lazy(() => s.looseObject({ contact: s.nullable(contactRecord) }));

/** @throws HaltedError with kind `not_found` for one that is gone: HighLevel answers 400 then. [measured by others] */
export async function getContact(client: Client, contactId: string): Promise<ContactRecord> {
  const { contact } = await client.call(GET_CONTACT, oneOrNull, { path: { contactId } });
  return contact ?? client.refuseAsGone(GET_CONTACT);
}

/** As `getContact`, and null for one that is gone. */
export async function getContactIfThere(client: Client, contactId: string): Promise<ContactRecord | null> {
  return unlessGone(getContact(client, contactId));
}

/**
 * The contact with this e-mail address, or else the one with this phone number; null where there is neither.
 * One is asked for at a time, because which of two decides is a setting of the account. [spec]
 *
 * @param phone best with the country code, as HighLevel keeps it [spec]
 */
export async function findContactBy(
  client: Client,
  { email, phone }: { email?: string; phone?: string },
): Promise<ContactRecord | null> {
  for (const by of [email && { email }, phone && { number: phone }]) {
    if (!by) continue;
    const query = { locationId: client.locationId(), ...by };
    // Nobody was seen to be answered with 400 and 404 too. [measured by others]
    const found = await unlessGone(client.call(FIND_DUPLICATE, oneOrNone, { query }));
    if (found?.contact) return found.contact;
  }
  return null;
}

const searchAnswer = s.lazy(() =>
  s.looseObject({
    contacts: countedEntries(
      s.looseObject({
        id: s.string(),
        firstName: shown(textOrNumber),
        lastName: shown(textOrNumber),
        firstNameLowerCase: shown(textOrNumber),
        lastNameLowerCase: shown(textOrNumber),
        email: shown(textOrNumber),
        phone: shown(textOrNumber),
        companyName: shown(textOrNumber),
        dateUpdated: shown(moment),
      }),
    ),
  }),
);

type SearchRow = s.output<typeof searchAnswer>['contacts']['kept'][number];

/** A contact among others, for a person to choose from; `getContact` has its name as it was written. */
export interface ContactChoice {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
  updatedAt: string | null;
}

export interface ContactPage {
  contacts: ContactChoice[];
  /** How many rows came without an id, and are not among them. */
  leftOut: number;
  /** Whether there may be more. */
  isFull: boolean;
}

/**
 * One page of contacts, the newest first. [assumed: the order]
 *
 * @param page from 1
 * @param query text in name, e-mail or phone, 75 characters at most [docs]; empty for all. What it looks into is a
 *   setting of the account [docs]
 * @param limit rows, 500 at most [docs]; HighLevel refuses a request without it [issue #31]
 */
export async function searchContacts(
  client: Client,
  { page, query, limit }: { page: number; query?: string; limit: number },
): Promise<ContactPage> {
  const text = query ? { query: queryText(query) } : {};
  const body = { locationId: client.locationId(), page, pageLimit: limit, ...text };
  const { contacts } = await client.call(SEARCH_CONTACTS, searchAnswer, { body });
  const choices = contacts.kept.map((contact) => ({
    id: contact.id,
    name: nameOf(contact),
    email: contact.email || null,
    phone: contact.phone || null,
    updatedAt: contact.dateUpdated || null,
  }));
  return { contacts: choices, leftOut: contacts.leftOut, isFull: contacts.rows >= limit };
}

/** Search rows have the names in lower case alone, by the vendor's page; should they have them as written, better. [docs] */
function nameOf(contact: SearchRow): string {
  const full = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' ');
  return (
    full(contact.firstName, contact.lastName) ||
    capitalised(full(contact.firstNameLowerCase, contact.lastNameLowerCase)) ||
    contact.companyName ||
    contact.email ||
    contact.phone ||
    contact.id
  );
}

function capitalised(text: string): string {
  return text.replace(/(^|[\s'-])\p{L}/gu, (start) => start.toUpperCase());
}
