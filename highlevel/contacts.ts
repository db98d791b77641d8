import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { call, type Endpoint } from './client.ts';
import { locationId } from './connection.ts';

/** The list endpoint was deprecated on 2026-04-28 and is absent in v3; this search takes its place. [spec; docs] */
const SEARCH_CONTACTS: Endpoint = {
  method: 'POST',
  path: '/contacts/search',
  scope: 'contacts.readonly',
  doing: 'search the contacts',
  repeatable: true,
};

const answer = s.looseObject({
  contacts: s.array(
    s.looseObject({
      id: s.string(),
      firstName: s.nullish(s.string()),
      lastName: s.nullish(s.string()),
      firstNameLowerCase: s.nullish(s.string()),
      lastNameLowerCase: s.nullish(s.string()),
      email: s.nullish(s.string()),
      phone: s.nullish(s.string()),
      companyName: s.nullish(s.string()),
    }),
  ),
});

export interface ContactChoice {
  id: string;
  name: string;
  email: string | null;
  phone: string | null;
}

/**
 * One page of contacts, for a person to choose from.
 *
 * @param page from 1
 * @param query text in name, e-mail or phone; empty for all
 * @param limit rows, 500 at most [docs]; HighLevel refuses a request without it [issue #31]
 */
export async function searchContacts(
  z: ZObject,
  bundle: Bundle,
  { page, query, limit }: { page: number; query?: string; limit: number },
): Promise<ContactChoice[]> {
  const body = { locationId: locationId(z, bundle), page, pageLimit: limit, ...(query ? { query } : {}) };
  const { contacts } = await call(z, bundle, SEARCH_CONTACTS, answer, { body });
  return contacts.map((contact) => ({
    id: contact.id,
    name: nameOf(contact),
    email: contact.email || null,
    phone: contact.phone || null,
  }));
}

/** Search rows have the names in lower case alone, by the vendor's page; should they have them as written, better. [docs] */
function nameOf(contact: s.output<typeof answer>['contacts'][number]): string {
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
