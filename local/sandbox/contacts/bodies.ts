import { z } from 'zod';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Contact } from '../state/records.ts';
import { readContactCustomFields } from './custom-fields.ts';

const text = z.string().nullish();

// An empty text is refused with this sentence [measured by others].
const email = z
  .string()
  .refine((value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), { error: 'email must be an email' })
  .nullish();

const customField = z.strictObject({
  id: z.string().optional(),
  key: z.string().optional(),
  fieldValue: z.unknown().optional(),
  field_value: z.unknown().optional(),
});

/** Kept as they are sent: nothing in the sandbox reads them. */
const DETAILS = {
  address1: text,
  city: text,
  state: text,
  postalCode: text,
  website: text,
  timezone: text,
  country: text,
  dateOfBirth: text,
  dnd: z.boolean().nullish(),
  dndSettings: z.record(z.string(), z.unknown()).nullish(),
  inboundDndSettings: z.record(z.string(), z.unknown()).nullish(),
};

const COMMON = {
  firstName: text,
  lastName: text,
  name: text,
  email,
  phone: text,
  tags: z.array(z.string()).nullish(),
  customFields: z.array(customField).nullish(),
  source: text,
  assignedTo: text,
  ...DETAILS,
};

const locationId = z.string().min(1);

// PUT takes neither companyName nor gender [spec; issue #313 for gender].
const updateBody = z.strictObject(COMMON);
const createBody = z.strictObject({ ...COMMON, locationId, companyName: text, gender: text });
const upsertBody = createBody.extend({ createNewIfDuplicateAllowed: z.boolean().nullish() });

type Written = z.infer<typeof updateBody> & {
  companyName?: string | null | undefined;
  gender?: string | null | undefined;
};

/** What a body sets on a contact: only the keys that it has. */
export type ContactPatch = Partial<Omit<Contact, 'id' | 'locationId' | 'dateAdded' | 'dateUpdated'>>;

/**
 * Reads POST /contacts/ [spec: CreateContactDtoV3].
 *
 * @throws HighLevelError 422 with a list
 */
export function readCreate(body: unknown): { locationId: string; written: Written } {
  const { locationId, ...written } = check(createBody, body);
  return { locationId, written };
}

/** Reads PUT /contacts/{id} [spec: UpdateContactDtoV3]. */
export function readUpdate(body: unknown): Written {
  return check(updateBody, body);
}

/** Reads POST /contacts/upsert [spec: UpsertContactDtoV3]. */
export function readUpsert(body: unknown): {
  locationId: string;
  createNewIfDuplicateAllowed: boolean;
  written: Written;
} {
  const { locationId, createNewIfDuplicateAllowed, ...written } = check(upsertBody, body);
  return { locationId, createNewIfDuplicateAllowed: createNewIfDuplicateAllowed === true, written };
}

/**
 * A body as changes to a record. Null and '' empty a text [assumed]; `name` fills first and last name where those
 * are not sent [assumed]; tags overwrite [spec] and are kept in lower case [assumed]; phones are kept as E.164
 * [assumed from the answers others show].
 *
 * @param before the record that is changed, null for a new one
 */
export function patchFrom(
  ctx: SandboxContext,
  locationId: string,
  written: Written,
  before: Contact | null,
): ContactPatch {
  const patch: ContactPatch = {};
  const {
    name,
    email: mail,
    phone,
    tags,
    customFields,
    firstName,
    lastName,
    companyName,
    source,
    assignedTo,
    gender,
    ...details
  } = written;
  if (name) {
    const [first = '', ...rest] = name.trim().split(/\s+/);
    patch.firstName = first || null;
    patch.lastName = rest.join(' ') || null;
  }
  if (firstName !== undefined) patch.firstName = firstName || null;
  if (lastName !== undefined) patch.lastName = lastName || null;
  if (mail !== undefined) patch.email = mail || null;
  if (phone !== undefined) patch.phone = phone ? plainPhone(phone) : null;
  if (companyName !== undefined) patch.companyName = companyName || null;
  if (source !== undefined) patch.source = source || null;
  if (assignedTo !== undefined) patch.assignedTo = assignedTo || null;
  if (tags != null) patch.tags = plainTags(tags);
  if (customFields != null) {
    const values = new Map((before?.customFields ?? []).map((field) => [field.id, field]));
    for (const field of readContactCustomFields(ctx, locationId, customFields)) values.set(field.id, field);
    patch.customFields = [...values.values()];
  }
  if (Object.keys(details).length > 0) patch.details = { ...before?.details, ...details };
  // On a contact that exists, an upsert drops the gender and says nothing [issue #313].
  if (before === null && gender) patch.details = { ...patch.details, gender };
  return patch;
}

/** Tags as HighLevel keeps them: lower case, each once [assumed]. */
export function plainTags(tags: string[]): string[] {
  return [...new Set(tags.map((tag) => tag.trim().toLowerCase()).filter((tag) => tag !== ''))];
}

/** A phone number without its punctuation; ten bare digits are taken for a US number [assumed]. */
export function plainPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  if (phone.trim().startsWith('+')) return `+${digits}`;
  return digits.length === 10 ? `+1${digits}` : `+${digits}`;
}
