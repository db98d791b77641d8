import * as s from 'zod/mini';
import { type CustomFieldWrite, customFieldsBody } from '../account/custom-field-write.ts';
import { simplify } from '../account/resolve.ts';
import { forgetTry, rememberIfUnanswered, rememberTry, triedSince } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { LABELS } from '../http/labels.ts';
import { orKnown } from '../http/problem.ts';
import { flag, shown, textList } from '../http/shapes.ts';
import { isoDay, momentMs } from '../http/time.ts';
import { type ContactRecord, contactRecord } from './record.ts';
import { findContactBy, getContact } from './requests.ts';

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
export const ADD_TAGS: Endpoint = {
  method: 'POST',
  path: '/contacts/{contactId}/tags',
  scope: 'contacts.write',
  doing: 'add the tags',
  repeatable: true,
};

/** [spec] */
export const REMOVE_TAGS: Endpoint = {
  method: 'DELETE',
  path: '/contacts/{contactId}/tags',
  scope: 'contacts.write',
  doing: 'remove the tags',
  repeatable: true,
};

/** Takes all that an upsert does but the company. [spec: UpdateContactDtoV3] */
export const UPDATE_CONTACT: Endpoint = {
  method: 'PUT',
  path: '/contacts/{contactId}',
  scope: 'contacts.write',
  doing: 'update the contact',
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
  address1?: string;
  city?: string;
  state?: string;
  postalCode?: string;
  country?: string;
  website?: string;
  /** YYYY-MM-DD */
  dateOfBirth?: string;
  dnd?: boolean;
  source?: string;
  assignedTo?: string;
  customFields?: CustomFieldWrite[];
}

/** A write was saved, whatever its answer says. */
const upserted = s.lazy(() =>
  s.catch(
    s.looseObject({
      new: shown(flag),
      contact: s.optional(s.catch(s.nullish(contactRecord), undefined)),
    }),
    {},
  ),
);

/**
 * Updates the contact that has this e-mail address or phone number, or creates one. Which of the two decides is a
 * setting of the account; the other is dropped without a word where a second contact has it. [spec; issue #37]
 * One of them is needed. [issue #59] Further e-mail addresses of the contact can be lost. [issue #337]
 * Where the answer does not hold the contact, it is looked up; where it names the id alone, it is read.
 *
 * @returns the contact, and whether this step created it, in an earlier run whose answer was lost too; null where
 *   HighLevel does not say
 * @throws errors.Error where HighLevel does not say which contact it saved
 */
export async function upsertContact(
  client: Client,
  { customFields, ...contact }: ContactChange,
): Promise<{ created: boolean | null; contact: ContactRecord }> {
  const body = upsertBody(client, { customFields, ...contact });
  const attempt = { kind: UPSERT, payload: body };
  const begun = Date.now();
  const { result: answer, since } = await rememberIfUnanswered(client, attempt, () =>
    client.call(UPSERT_CONTACT, upserted, { body }),
  );
  const named = answer.contact ?? (await findContactBy(client, contact));
  if (!named) {
    throw new client.errors.Error(
      'HighLevel did not say which contact it saved, and none is found by this email or phone. Look in HighLevel before you replay this step.',
      'unreadable',
      503,
    );
  }
  const saved = await asSaved(client, named, contact);
  const created = (await wasAddedSince(client, saved, since)) || (answer.new ?? null);
  if (created) await rememberTry(client, attempt, begun);
  return { created, contact: saved };
}

/** Whether an earlier run of the same step, which did not end well, is what created the contact. */
export async function wasUpsertedBefore(
  client: Client,
  change: ContactChange,
  contact: ContactRecord,
): Promise<boolean> {
  const since = await triedSince(client, { kind: UPSERT, payload: upsertBody(client, change) });
  return wasAddedSince(client, contact, since);
}

/** @param since in ms since the epoch; null where no earlier run may have added it */
async function wasAddedSince(client: Client, contact: ContactRecord, since: number | null): Promise<boolean> {
  if (since === null) return false;
  const { dateAdded } = contact.dateAdded
    ? contact
    : await getContact(client, contact.id).catch(() => contact);
  return momentMs(dateAdded) >= since;
}

/**
 * The contact that a write answered with. One of which the answer tells nothing that was sent is read by its id; where
 * that fails, what was sent is all that is known.
 */
export async function asSaved(
  client: Client,
  answered: ContactRecord,
  sent: Omit<ContactChange, 'customFields'>,
): Promise<ContactRecord> {
  const told = Object.keys(sent) as (keyof typeof sent)[];
  if (told.some((key) => sent[key] !== undefined && answered[key] != null)) return answered;
  return getContact(client, answered.id).catch(() => ({ ...sent, ...answered }));
}

/** Ends what is remembered of the creation, once the step has ended well: until then, run again, it is still the creator. */
export function upsertedContactIsDone(client: Client, change: ContactChange): Promise<void> {
  return forgetTry(client, { kind: UPSERT, payload: upsertBody(client, change) });
}

const UPSERT = 'upsert';

function upsertBody(client: Client, { customFields, ...contact }: ContactChange) {
  return { ...contact, customFields: customFieldsBody(customFields), locationId: client.locationId() };
}

/** The tags of a contact once some are added; those that differ in capitals alone are one. */
export function withTags(held: string[], added: string[]): string[] {
  const known = new Set(held.map(simplify));
  return [...held, ...added.filter((tag) => !known.has(simplify(tag)) && known.add(simplify(tag)))];
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
    tags: withTags(record.tags ?? [], tags),
    customFields: [...kept, ...(customFieldsBody(customFields) ?? [])],
  };
}

const tagged = s.lazy(() => s.catch(s.looseObject({ tags: shown(textList) }), {}));

/** Adds tags and gives all that the contact then has; null where that is neither told nor to be read. [spec] */
export function addTags(client: Client, contactId: string, tags: string[]): Promise<string[] | null> {
  return changeTags(client, ADD_TAGS, contactId, tags);
}

/** Removes tags and gives those that the contact is left with; null where that is neither told nor to be read. [spec] */
export function removeTags(client: Client, contactId: string, tags: string[]): Promise<string[] | null> {
  return changeTags(client, REMOVE_TAGS, contactId, tags);
}

async function changeTags(
  client: Client,
  endpoint: Endpoint,
  contactId: string,
  tags: string[],
): Promise<string[] | null> {
  const answer = await client.call(endpoint, tagged, { path: { contactId }, body: { tags } });
  if (answer.tags) return answer.tags;
  const contact = await getContact(client, contactId).catch(() => null);
  return contact?.tags ?? null;
}

/** The answer to an update names the contact, whole or in part; what counts is read again. [spec] */
const anything = s.unknown();

/**
 * Changes a contact and gives it as it then stands, read anew: what HighLevel leaves out without a word, such as a phone
 * number that another contact has, shows only there. [issue #37] Where that fails, what was saved is all that is known.
 *
 * @throws HaltedError with kind `not_found` where it is gone
 */
export async function updateContact(
  client: Client,
  contactId: string,
  { customFields, ...contact }: Omit<ContactChange, 'companyName'>,
): Promise<ContactRecord> {
  const body = { ...contact, customFields: customFieldsBody(customFields) };
  await client.call(UPDATE_CONTACT, anything, { path: { contactId }, body });
  return orKnown(getContact(client, contactId), () => {
    client.log('the contact was changed, and could not be read again');
    return { id: contactId, ...body };
  });
}

/**
 * The labels of what was sent and is not in the record: HighLevel drops some values without a word, such as a phone
 * number that another contact has. [issue #37] Custom fields are left out, because each type reads back in its own way.
 */
export function notKept({ customFields, ...change }: ContactChange, record: ContactRecord): string[] {
  return (Object.keys(change) as (keyof typeof change)[])
    .filter((key) => change[key] !== undefined && !isSame(key, change[key], record[key]))
    .map((key) => LABELS[key]);
}

/** HighLevel writes phone numbers in its own way, and addresses in small letters. [assumed] */
function isSame(key: string, sent: unknown, held: unknown): boolean {
  // What is empty may be left out of an answer, and "no" with it.
  if (key === 'dnd') return (held ?? false) === sent;
  if (key === 'dateOfBirth') return isoDay(held as ContactRecord['dateOfBirth']) === sent;
  const [one, other] = [String(sent ?? ''), String(held ?? '')];
  return key === 'phone' ? isSameNumber(one, other) : simplify(one) === simplify(other);
}

/** A number and the same one with its country code, which takes the place of a leading 0. */
function isSameNumber(sent: string, held: string): boolean {
  const [one, other] = [sent, held].map((text) => text.replace(/\D/g, '').replace(/^0+/, ''));
  if (!one || !other) return one === other;
  return one.endsWith(other) || other.endsWith(one) || one.slice(-9) === other.slice(-9);
}
