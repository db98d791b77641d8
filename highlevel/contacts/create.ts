import * as s from 'zod/mini';
import { customFieldsBody } from '../account/custom-field-write.ts';
import { simplify } from '../account/resolve.ts';
import { afterAPart, CLOCK_DRIFT_MS, createOnce, forgetTry } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { NOT_READABLE, undecided, WITHOUT_DATE } from '../http/errors.ts';
import { problemOf } from '../http/problem.ts';
import { UNREADABLE } from '../http/shapes.ts';
import { momentMs } from '../http/time.ts';
import { findJustNamed, rememberNamed } from './just-created.ts';
import { type ContactRecord, contactName, contactRecord } from './record.ts';
import { getContact, searchContacts } from './requests.ts';
import { asSaved, type ContactChange } from './writes.ts';

/** Asks for the location alone, where an upsert needs an address to look for. [spec: CreateContactDto; issue #59] */
const CREATE_CONTACT: Endpoint = {
  method: 'POST',
  path: '/contacts/',
  scope: 'contacts.write',
  doing: 'create the contact',
  repeatable: false,
};

const created = s.lazy(() => s.looseObject({ contact: contactRecord }));

/**
 * Creates a contact that has neither email nor phone. What an earlier try made is known by its names alone, and by
 * having been added since.
 *
 * It was seen to be refused with 422 although it was created [issue #64]: then the one that was created is given.
 */
export async function createContact(
  client: Client,
  { customFields, ...contact }: ContactChange,
): Promise<ContactRecord> {
  const body = newBody(client, { customFields, ...contact });
  const made = await createOnce(client, {
    kind: KIND,
    payload: body,
    isKept: true,
    make: async () => {
      const begun = Date.now();
      try {
        return await asSaved(client, (await client.call(CREATE_CONTACT, created, { body })).contact, contact);
      } catch (error) {
        const isDoubtful = problemOf(error)?.status === 422;
        const there = isDoubtful
          ? await addedSince(client, contact, begun - CLOCK_DRIFT_MS).catch((failure: unknown) => {
              throw afterAPart(failure);
            })
          : null;
        if (there) return there;
        throw error;
      }
    },
    // The search runs behind, while the step may run again within seconds of an answer.
    findEarlier: async (since) =>
      (await justAdded(client, contact, since)) ?? (await addedSince(client, contact, since)),
  });
  // Under the name that was sent: the answer may spell it otherwise.
  await rememberNamed(client, { ...contact, id: made.id });
  return made;
}

/** Ends what is remembered of the creation, once the step has ended well: until then, run again, it finds the contact. */
export function createdContactIsDone(client: Client, change: ContactChange): Promise<void> {
  return forgetTry(client, { kind: KIND, payload: newBody(client, change) });
}

const KIND = 'contact';

function newBody(client: Client, { customFields, ...contact }: ContactChange) {
  return { ...contact, customFields: customFieldsBody(customFields), locationId: client.locationId() };
}

/** The contact that this connection created under that name a moment ago, added since a moment in ms; or null. */
async function justAdded(
  client: Client,
  contact: ContactChange,
  since: number,
): Promise<ContactRecord | null> {
  const name = nameOf(contact);
  const just = name === null ? null : await findJustNamed(client, name);
  return just && momentMs(just.dateAdded) >= since ? just : null;
}

/** What a contact goes by that is to be created without email and phone. */
function nameOf({ customFields: _, ...contact }: ContactChange): string | null {
  return contactName({ id: '', ...contact });
}

const MOST_ALIKE = 100;

/**
 * The contact of those names, without email and phone, that was added since a moment in ms; null where there is none.
 *
 * @throws errors.Error where it cannot be told whether there is one
 */
async function addedSince(
  client: Client,
  wanted: ContactChange,
  since: number,
): Promise<ContactRecord | null> {
  const query = nameOf(wanted);
  if (query === null) return null;
  const { contacts, leftOut } = await searchContacts(client, { page: 1, query, limit: MOST_ALIKE });
  // A row without names goes by its company, or by its id.
  const alike = contacts.filter(
    ({ id, name, email, phone }) =>
      !email &&
      !phone &&
      [id, simplify(query), simplify(wanted.companyName)].includes(name === id ? id : simplify(name)),
  );
  let undated = false;
  for (const { id } of alike) {
    const contact = await getContact(client, id);
    if (simplify(contactName(contact)) !== simplify(query)) continue;
    if (momentMs(contact.dateAdded) >= since) return contact;
    undated ||= !contact.dateAdded || contact.dateAdded === UNREADABLE;
  }
  if (undated) throw undecided(client.errors, 'the contact', WITHOUT_DATE);
  if (leftOut > 0) throw undecided(client.errors, 'the contact', NOT_READABLE);
  return null;
}
