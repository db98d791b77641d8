import { checkUser } from '../account/user-check.ts';
import { changeOpportunity, deleteOpportunity } from '../opportunities/store.ts';
import { fail } from '../server/errors.ts';
import { type Caller, ownLocation } from '../server/guard.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Contact, Opportunity } from '../state/records.ts';
import { type ContactPatch, plainPhone } from './bodies.ts';
import { contactEventFields, fullName } from './views.ts';

export interface Match {
  contact: Contact;
  matchingField: 'email' | 'phone';
}

/**
 * The contact, if it exists and the caller may see it. A missing or deleted one is 400, not 404 [measured by others].
 *
 * @throws HighLevelError 400 or 403
 */
export function contactOf(ctx: SandboxContext, caller: Caller, id: string): Contact {
  const contact = ctx.state.contacts.get(id) ?? fail(400, `Contact not found for id:${id}`);
  ownLocation(ctx, caller, contact.locationId);
  return contact;
}

/**
 * The location's contact with this email, or else with this phone number: the order is a setting of the location,
 * of which the sandbox has the one [spec: the text on /contacts/search/duplicate].
 *
 * @param except a contact that is not meant
 */
export function matchOf(
  ctx: SandboxContext,
  locationId: string,
  by: { email?: string | null | undefined; phone?: string | null | undefined },
  except?: string,
): Match | null {
  const email = by.email?.toLowerCase();
  const phone = by.phone ? plainPhone(by.phone) : null;
  let byPhone: Match | null = null;
  for (const contact of ctx.state.contacts.values()) {
    if (contact.locationId !== locationId || contact.id === except) continue;
    if (email && contact.email?.toLowerCase() === email) return { contact, matchingField: 'email' };
    if (phone && contact.phone === phone) byPhone ??= { contact, matchingField: 'phone' };
  }
  return byPhone;
}

function refuseDuplicate(
  ctx: SandboxContext,
  locationId: string,
  patch: ContactPatch,
  except?: string,
): void {
  if (ctx.state.locations.get(locationId)?.settings.allowDuplicateContact === true) return;
  const match = matchOf(ctx, locationId, patch, except);
  if (match === null) return;
  const { contact, matchingField } = match;
  // Message and meta as others' code reads them [measured by others].
  fail(400, 'This location does not allow duplicated contacts.', {
    meta: { contactId: contact.id, contactName: fullName(contact), matchingField },
  });
}

function send(ctx: SandboxContext, type: string, contact: Contact): void {
  ctx.emit({ type, locationId: contact.locationId, fields: contactEventFields(ctx, contact) });
}

function opportunitiesOf(ctx: SandboxContext, contactId: string): Opportunity[] {
  return [...ctx.state.opportunities.values()].filter((one) => one.contactId === contactId);
}

/**
 * Writes a new contact and sends its events.
 *
 * @throws HighLevelError 400 for a second one with the same email or phone where the location forbids it [measured
 *   by others], and for an unknown owner [assumed]
 */
export function createContact(ctx: SandboxContext, locationId: string, patch: ContactPatch): Contact {
  refuseDuplicate(ctx, locationId, patch);
  checkUser(ctx, locationId, patch.assignedTo);
  const at = ctx.nowIso();
  const contact: Contact = {
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    companyName: null,
    assignedTo: null,
    source: null,
    tags: [],
    customFields: [],
    ...patch,
    id: ctx.newId(),
    locationId,
    dateAdded: at,
    dateUpdated: at,
  };
  ctx.state.contacts.set(contact.id, contact);
  send(ctx, 'ContactCreate', contact);
  return contact;
}

/**
 * Changes a contact and sends its events; with its owner change the owners of its opportunities [measured by others].
 *
 * @throws HighLevelError 400 as for a new one [assumed]
 */
export function changeContact(ctx: SandboxContext, before: Contact, patch: ContactPatch): Contact {
  refuseDuplicate(ctx, before.locationId, patch, before.id);
  const newOwner = patch.assignedTo !== undefined && patch.assignedTo !== before.assignedTo;
  if (newOwner) checkUser(ctx, before.locationId, patch.assignedTo);
  const after: Contact = { ...before, ...patch, dateUpdated: ctx.nowIso() };
  ctx.state.contacts.set(after.id, after);
  send(ctx, 'ContactUpdate', after);
  if (after.tags.join('\n') !== before.tags.join('\n')) send(ctx, 'ContactTagUpdate', after);
  if (newOwner) {
    for (const opportunity of opportunitiesOf(ctx, after.id)) {
      if (opportunity.assignedTo !== after.assignedTo)
        changeOpportunity(ctx, opportunity, { assignedTo: after.assignedTo });
    }
  }
  return after;
}

/** Sets a contact's tags and sends that event alone [assumed]. */
export function setTags(ctx: SandboxContext, before: Contact, tags: string[]): Contact {
  const after: Contact = { ...before, tags, dateUpdated: ctx.nowIso() };
  ctx.state.contacts.set(after.id, after);
  if (after.tags.join('\n') !== before.tags.join('\n')) send(ctx, 'ContactTagUpdate', after);
  return after;
}

/**
 * Deletes a contact with its opportunities [measured by others], notes and tasks [assumed], and sends the events of all but
 * notes and tasks.
 */
export function deleteContact(ctx: SandboxContext, contact: Contact): void {
  for (const opportunity of opportunitiesOf(ctx, contact.id)) deleteOpportunity(ctx, opportunity);
  for (const task of ctx.state.tasks.values()) {
    if (task.contactId === contact.id) ctx.state.tasks.delete(task.id);
  }
  for (const note of ctx.state.notes.values()) {
    if (note.relations.some((relation) => relation.recordId === contact.id)) ctx.state.notes.delete(note.id);
  }
  for (const enrolment of ctx.state.enrolments.values()) {
    if (enrolment.contactId === contact.id) ctx.state.enrolments.delete(enrolment.id);
  }
  for (const relation of ctx.state.relations.values()) {
    if ([relation.firstRecordId, relation.secondRecordId].includes(contact.id)) {
      ctx.state.relations.delete(relation.id);
    }
  }
  ctx.state.contacts.delete(contact.id);
  send(ctx, 'ContactDelete', contact);
}
