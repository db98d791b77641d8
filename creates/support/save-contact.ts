/** A person found by email or phone, or made: what both steps that save one share. */

import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import { readChoice } from '../../fields/inputs/choices.ts';
import { readEmail } from '../../fields/inputs/read-email.ts';
import { readPhone } from '../../fields/inputs/read-phone.ts';
import { optionalText, readTexts } from '../../fields/inputs/read-text.ts';
import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import { noticeOf } from '../../fields/outputs/notice.ts';
import { connect, type HighLevel } from '../../highlevel/connect.ts';
import { type ContactRecord, contactName } from '../../highlevel/contacts/record.ts';
import { type ContactChange, notKept, previewContact } from '../../highlevel/contacts/writes.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { problemOf, withProblem } from '../../highlevel/http/problem.ts';

export const personInputs = {
  email: {
    key: 'email',
    label: LABELS.email,
    type: 'string',
    required: false,
    helpText:
      'HighLevel looks for the contact by email or phone; with neither, a new contact is made each time. Other email addresses of a contact that is there can get lost in an update.',
  },
  phone: {
    key: 'phone',
    label: LABELS.phone,
    type: 'string',
    required: false,
    helpText:
      'With the country code, for example `+12025550107`. If another contact already has the number, the output "Notice" says so.',
  },
  firstName: { key: 'first_name', label: LABELS.firstName, type: 'string', required: false },
  lastName: { key: 'last_name', label: LABELS.lastName, type: 'string', required: false },
  company: { key: 'company_name', label: LABELS.companyName, type: 'string', required: false },
  tags: {
    key: 'tags',
    label: LABELS.tags,
    type: 'string',
    list: true,
    required: false,
    helpText:
      'Added to the tags that the contact has; none is removed. One per line, or separated by commas.',
  },
} as const;

const SHARED_CHOICES = { either: 'Email or Phone', email: 'Email Only' };

export const findContactBy = defineInputField({
  key: 'find_contact_by',
  label: 'Find the Contact By',
  type: 'string',
  required: false,
  choices: SHARED_CHOICES,
  helpText:
    'If people share a phone, as families do, choose Email Only: a number that another contact has is then left out, and nobody else is changed. Leave empty for email or phone.',
});

interface PersonInput {
  email?: unknown;
  phone?: unknown;
  first_name?: unknown;
  last_name?: unknown;
  company_name?: unknown;
  tags?: unknown;
  find_contact_by?: unknown;
}

export interface Person {
  change: ContactChange;
  tags: string[];
  /** Whether a phone number alone finds nobody. */
  emailOnly: boolean;
}

/**
 * The person whom a step names.
 *
 * @param fullName split at its first space, where neither part of the name is given
 * @param tagsLabel the label of the input field for tags, for the error
 * @throws HaltedError for a bad address, or where nothing at all is given
 */
export function readPerson(
  z: ZObject,
  input: PersonInput,
  fullName: unknown,
  tagsLabel: string = LABELS.tags,
): Person {
  const email = readEmail(z, LABELS.email, input.email);
  const phone = readPhone(z, LABELS.phone, input.phone);
  const change = {
    ...namesOf(z, input, fullName),
    email,
    phone,
    companyName: optionalText(z, LABELS.companyName, input.company_name),
  };
  if (Object.values(change).every((value) => value === undefined)) {
    throw new z.errors.HaltedError(
      `${LABELS.email}, ${LABELS.phone}, ${LABELS.firstName}, ${LABELS.lastName}: all are empty, so there is nobody to save. If they come from an earlier step, that step had no values this time.`,
    );
  }
  const by = readChoice(z, findContactBy.label, input.find_contact_by, SHARED_CHOICES);
  return { change, tags: readTags(z, input.tags, tagsLabel), emailOnly: by === 'email' };
}

/**
 * The tags that are given, without what stands for none.
 *
 * @param label the input field's label, for the error
 */
export function readTags(z: ZObject, value: unknown, label: string = LABELS.tags): string[] {
  return readTexts(value).flatMap((tag) => optionalText(z, label, tag) ?? []);
}

/** As `Lee, Ann`, `van der Berg, Jan` and `Lee, Ann, PhD`. */
const LAST_FIRST =
  /^((?:(?:van|von|vom|zu|zur|de|der|den|del|della|di|da|das|do|dos|du|la|le|ten|ter|bin|ibn|al|el|st\.?)\s+)*[^\s,]+),\s*([^,]+)(?:,\s*([^,]+))?$/i;
/** What stands behind a comma and is no name, as in `Acme, Inc.`. */
const NO_NAME = /^(?:jr|sr|i{2,3}|iv|md|phd|esq|cpa|inc|llc|ltd|gmbh|co|corp|ag|sa|bv)\b\.?$/i;
/** A title belongs to the name behind it, as in `Dr. Ann Lee`. */
const FIRST_REST = /^((?:(?:dr|prof|mr|mrs|ms|mx|miss|rev|herr|frau)\.?\s+)*\S+)\s+(\S.*)$/is;

function namesOf(
  z: ZObject,
  input: PersonInput,
  fullName: unknown,
): { firstName?: string; lastName?: string } {
  const firstName = optionalText(z, LABELS.firstName, input.first_name);
  const lastName = optionalText(z, LABELS.lastName, input.last_name);
  const full = optionalText(z, 'Full Name', fullName);
  if (firstName || lastName || !full) return { firstName, lastName };
  const [, last, given = '', suffix] = LAST_FIRST.exec(full) ?? [];
  if (last && !NO_NAME.test(given) && (!suffix || NO_NAME.test(suffix))) {
    return { firstName: given, lastName: suffix ? `${last}, ${suffix}` : last };
  }
  const [, first = full, rest] = FIRST_REST.exec(full) ?? [];
  return { firstName: first, lastName: rest?.replace(/\s+/g, ' ') };
}

export interface SavedContact {
  record: ContactRecord;
  /** Null where HighLevel does not say. */
  created: boolean | null;
  /** What was sent of the change; null where nothing was. */
  sent: ContactChange | null;
  /** What was done otherwise than asked; null where nothing was. */
  notice: string | null;
}

/**
 * Finds the contact and changes it, or creates one.
 *
 * @param test whether nothing may be written; the contact is then as it would become
 */
export async function saveContact(
  z: ZObject,
  bundle: Bundle,
  { change, tags, emailOnly }: Person,
  test: boolean,
): Promise<SavedContact> {
  const highlevel = connect(z, bundle);
  const found = await holderOfPhone(highlevel, change, emailOnly);
  const isSelf = found !== null && isSameEmail(found, change);
  const holder = found?.email && !isSelf ? found : null;
  const leavesPhone = emailOnly && holder !== null;
  const sent = leavesPhone ? { ...change, phone: undefined } : change;
  const { record, created } =
    isSelf && isAsSent(change, found)
      ? { record: found, created: !test && (await highlevel.contacts.wasUpsertedBefore(sent, found)) }
      : await (test ? preview : write)(highlevel, sent);
  const tagged = test || tags.length === 0 ? record : await addTags(z, highlevel, record, created, tags);
  const shown = test ? previewContact(record, {}, tags) : tagged;
  const notice = noticeOf(
    aboutPhone(holder, record, leavesPhone),
    aboutLost(holder ? { ...sent, phone: undefined } : sent, record),
  );
  return { record: shown, created, sent: test ? null : sent, notice };
}

/** What an answer leaves out is not told, and so is not called lost. */
function aboutLost(sent: ContactChange, record: ContactRecord): string | null {
  const told = Object.fromEntries(Object.entries(sent).filter(([key]) => key in record));
  const lost = notKept(told, record);
  return lost.length > 0 ? `HighLevel did not keep what was sent for: ${lost.join(', ')}.` : null;
}

/** Told once the step has ended well: until then, run again, it finds the contact that it created, and says that it did. */
export async function contactIsDone(
  z: ZObject,
  bundle: Bundle,
  { sent, created }: SavedContact,
): Promise<void> {
  if (!sent || !created) return;
  const { contacts } = connect(z, bundle);
  await (sent.email || sent.phone ? contacts.upsertIsDone(sent) : contacts.creationIsDone(sent));
}

/**
 * The contact who has the phone number, where an email address is given too and could be another's. Where contacts may not
 * be read, nobody: that costs a notice, unless who has the number decides.
 */
async function holderOfPhone(
  { contacts, hasScope }: HighLevel,
  { email, phone }: ContactChange,
  emailOnly: boolean,
): Promise<ContactRecord | null> {
  if (!email || !phone || (!emailOnly && !hasScope('contacts.readonly'))) return null;
  return contacts.findBy({ phone }).catch((error: unknown) => {
    const kind = problemOf(error)?.kind;
    if (!emailOnly && (kind === 'forbidden' || kind === 'unauthorized')) return null;
    throw error;
  });
}

function isSameEmail({ email }: ContactRecord, sent: ContactChange): boolean {
  return email?.toLowerCase() === sent.email?.toLowerCase();
}

/** Whether a contact has all that is sent already, so that nothing needs to be written. */
function isAsSent(change: ContactChange, held: ContactRecord): boolean {
  const { customFields, email: _, phone: __, dateOfBirth: ___, ...plain } = change;
  const isSame = Object.entries(plain).every(([key, value]) => value === undefined || held[key] === value);
  return isSame && customFields === undefined && notKept(change, held).length === 0;
}

function aboutPhone(holder: ContactRecord | null, saved: ContactRecord, leavesPhone: boolean): string | null {
  if (!holder) return null;
  const who = `"${contactName(holder)}" (${holder.email})`;
  if (leavesPhone) return `${LABELS.phone}: it was left out, because the contact ${who} has this number.`;
  return holder.id === saved.id
    ? `${LABELS.phone}: the contact ${who} had this number, and was changed by this step. To change nobody by a phone number, choose "${SHARED_CHOICES.email}" under "${findContactBy.label}".`
    : `${LABELS.phone}: the contact ${who} has this number, so HighLevel may have left it out.`;
}

type Written = Pick<SavedContact, 'record' | 'created'>;

async function write({ contacts }: HighLevel, change: ContactChange): Promise<Written> {
  if (!change.email && !change.phone) return { record: await contacts.create(change), created: true };
  const { contact, created } = await contacts.upsert(change);
  return { record: contact, created };
}

async function preview({ contacts }: HighLevel, change: ContactChange): Promise<Written> {
  const existing = await contacts.findBy(change);
  return { record: previewContact(existing ?? { id: TEST_ID }, change, []), created: !existing };
}

/** A request of its own, because an upsert would replace the tags that the contact has. */
async function addTags(
  z: ZObject,
  { contacts, connection }: HighLevel,
  contact: ContactRecord,
  created: boolean | null,
  tags: string[],
): Promise<ContactRecord> {
  try {
    const all = await contacts.addTags(contact.id, tags);
    return all ? { ...contact, tags: all } : previewContact(contact, {}, tags);
  } catch (error) {
    // A throttled step, or one whose token has run out, is repeated by Zapier, finds the same contact and ends whole.
    const problem = problemOf(error);
    if (!problem || problem.kind === 'throttled') throw error;
    const sentence =
      `The contact was ${whatWasDone(created)} (${connection.contactUrl(contact.id)}), but its tags could not be added: ` +
      `${problem.messages.join('; ') || 'HighLevel gave no reason'}. Add them in HighLevel, or replay this step: it finds the same contact again.`;
    throw withProblem(new z.errors.Error(sentence, 'tags_not_added', problem.status || 503), problem);
  }
}

/** @param created null where HighLevel does not say */
export function whatWasDone(created: boolean | null): string {
  return created === null ? 'saved' : created ? 'created' : 'updated';
}
