import { contactCustomField } from '../account/custom-field-values.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Contact, Opportunity } from '../state/records.ts';

/** The answer to a deletion: v3 has both spellings [spec]; v2 the old one, where the new does no harm [assumed]. */
export const SUCCEEDED = { succeeded: true, succeded: true };

function isFull(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}

function withoutEmpty(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => isFull(value)));
}

function customFieldsOf(ctx: SandboxContext, contact: Contact): Record<string, unknown>[] {
  const shown: Record<string, unknown>[] = [];
  for (const { id, value } of contact.customFields) {
    const field = ctx.state.customFields.get(id);
    const entry = field === undefined ? null : contactCustomField(field, value);
    if (entry !== null) shown.push(entry);
  }
  return shown;
}

/** First and last name; '' if there is neither. */
export function fullName(contact: Contact): string {
  return [contact.firstName, contact.lastName].filter(isFull).join(' ');
}

/**
 * A contact as GET, POST, PUT and upsert answer it [spec: GetContactByIdSchemaV3]. Empty keys are left out, as with
 * one opportunity [assumed]; additionalEmails is there although it cannot be written [issue #262].
 */
export function contactRecord(ctx: SandboxContext, contact: Contact): Record<string, unknown> {
  return {
    ...withoutEmpty({
      id: contact.id,
      name: fullName(contact),
      locationId: contact.locationId,
      firstName: contact.firstName,
      lastName: contact.lastName,
      email: contact.email,
      emailLowerCase: contact.email?.toLowerCase(),
      companyName: contact.companyName,
      phone: contact.phone,
      source: contact.source,
      assignedTo: contact.assignedTo,
      firstNameLowerCase: contact.firstName?.toLowerCase(),
      lastNameLowerCase: contact.lastName?.toLowerCase(),
      fullNameLowerCase: fullName(contact).toLowerCase(),
      ...contact.details,
      attributionSource: contact.attribution?.first,
      lastAttributionSource: contact.attribution?.last,
    }),
    dnd: contact.details?.dnd ?? false,
    type: 'lead',
    tags: contact.tags,
    dateAdded: contact.dateAdded,
    dateUpdated: contact.dateUpdated,
    customFields: customFieldsOf(ctx, contact),
    additionalEmails: [],
  };
}

/**
 * A row of POST /contacts/search. It has the names in lower case only: "first name without lowercase is not yet
 * available" [docs: the vendor's page on this search], and others' code reads nothing else [measured by others]. Keys
 * without a value are null, as in the search rows of opportunities [assumed].
 *
 * @param opportunities the contact's opportunities, of which the row shows five keys [measured by others]
 * @param searchAfter the row's position in the order, for the next page
 */
export function contactRow(
  ctx: SandboxContext,
  contact: Contact,
  opportunities: Opportunity[],
  searchAfter: (string | number | null)[],
): Record<string, unknown> {
  const details = contact.details ?? {};
  return {
    id: contact.id,
    locationId: contact.locationId,
    firstNameLowerCase: contact.firstName?.toLowerCase() ?? null,
    lastNameLowerCase: contact.lastName?.toLowerCase() ?? null,
    email: contact.email,
    phone: contact.phone,
    phoneLabel: null,
    companyName: contact.companyName,
    businessName: null,
    businessId: null,
    address: details.address1 ?? null,
    city: details.city ?? null,
    state: details.state ?? null,
    postalCode: details.postalCode ?? null,
    country: details.country ?? null,
    website: details.website ?? null,
    dateOfBirth: details.dateOfBirth ?? null,
    source: contact.source,
    type: 'lead',
    assignedTo: contact.assignedTo,
    followers: [],
    tags: contact.tags,
    dnd: details.dnd ?? false,
    dndSettings: details.dndSettings ?? {},
    validEmail: null,
    additionalEmails: [],
    additionalPhones: [],
    customFields: customFieldsOf(ctx, contact),
    dateAdded: contact.dateAdded,
    dateUpdated: contact.dateUpdated,
    opportunities: opportunities.map(({ id, pipelineId, pipelineStageId, monetaryValue, status }) => ({
      id,
      pipelineId,
      pipelineStageId,
      monetaryValue,
      status,
    })),
    searchAfter,
  };
}

/** A contact as its webhooks carry it [spec: webhook events]; empty keys are left out [assumed]. */
export function contactEventFields(ctx: SandboxContext, contact: Contact): Record<string, unknown> {
  const { dndSettings, inboundDndSettings, timezone, gender, ...details } = contact.details ?? {};
  return {
    ...withoutEmpty({
      id: contact.id,
      ...details,
      companyName: contact.companyName,
      source: contact.source,
      email: contact.email,
      name: fullName(contact),
      firstName: contact.firstName,
      lastName: contact.lastName,
      phone: contact.phone,
      assignedTo: contact.assignedTo,
    }),
    dateAdded: contact.dateAdded,
    tags: contact.tags,
    attachments: [],
    customFields: customFieldsOf(ctx, contact),
  };
}
