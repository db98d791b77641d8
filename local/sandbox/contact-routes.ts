import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ownLocation } from './auth.ts';
import { patchFrom, plainTags, readCreate, readUpdate, readUpsert } from './contact-bodies.ts';
import { changeContact, contactOf, createContact, deleteContact, matchOf, setTags } from './contact-store.ts';
import { contactRecord } from './contact-views.ts';
import type { SandboxContext } from './context.ts';
import { fail } from './errors.ts';
import { check, optionalText } from './validate.ts';

interface ById {
  Params: { contactId: string };
}

const duplicateQuery = z.strictObject({
  locationId: z.string().min(1),
  email: optionalText,
  number: optionalText,
});
const tagsBody = z.strictObject({ tags: z.array(z.string()).min(1) });

/** The answer to a deletion: v3 has both spellings [spec]; v2 the old one, where the new does no harm [assumed]. */
export const SUCCEEDED = { succeeded: true, succeded: true };

/** Contacts: one by id, create, update, upsert, delete, exact find, tags [spec: contacts]. */
export function registerContactRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.get<ById>('/contacts/:contactId', async ({ caller, params }) => ({
    contact: contactRecord(ctx, contactOf(ctx, caller, params.contactId)),
  }));

  app.post('/contacts/', async ({ caller, body }, reply) => {
    const { locationId, written } = readCreate(body);
    ownLocation(ctx, caller, locationId);
    const contact = createContact(ctx, locationId, patchFrom(ctx, locationId, written, null));
    return reply.code(201).send({ contact: contactRecord(ctx, contact) });
  });

  app.put<ById>('/contacts/:contactId', async ({ caller, params, body }) => {
    const before = contactOf(ctx, caller, params.contactId);
    const patch = patchFrom(ctx, before.locationId, readUpdate(body), before);
    return { ...SUCCEEDED, contact: contactRecord(ctx, changeContact(ctx, before, patch)) };
  });

  app.delete<ById>('/contacts/:contactId', async ({ caller, params }) => {
    deleteContact(ctx, contactOf(ctx, caller, params.contactId));
    return SUCCEEDED;
  });

  app.post('/contacts/upsert', async ({ caller, body }) => {
    const { locationId, createNewIfDuplicateAllowed, written } = readUpsert(body);
    ownLocation(ctx, caller, locationId);
    // That one of the two is needed is told in issue #59; the words are [assumed].
    if (!written.email && !written.phone) fail(400, 'Either email or phone is required to upsert a contact.');
    const mayDouble = ctx.state.locations.get(locationId)?.settings.allowDuplicateContact === true;
    const match = createNewIfDuplicateAllowed && mayDouble ? null : matchOf(ctx, locationId, written);
    if (match === null) {
      const contact = createContact(ctx, locationId, patchFrom(ctx, locationId, written, null));
      return { new: true, contact: contactRecord(ctx, contact), succeded: true };
    }
    const before = match.contact;
    const patch = patchFrom(ctx, locationId, written, before);
    // A phone number that is another contact's is dropped without a word [issue #37].
    const owner = matchOf(ctx, locationId, { phone: patch.phone }, before.id);
    if (!mayDouble && owner !== null) delete patch.phone;
    return { new: false, contact: contactRecord(ctx, changeContact(ctx, before, patch)), succeded: true };
  });

  app.get('/contacts/search/duplicate', async ({ caller, query }) => {
    const { locationId, email, number } = check(duplicateQuery, query);
    ownLocation(ctx, caller, locationId);
    const match = matchOf(ctx, locationId, { email, phone: number });
    return { contact: match === null ? null : contactRecord(ctx, match.contact) };
  });

  app.post<ById>('/contacts/:contactId/tags', async ({ caller, params, body }, reply) => {
    const contact = contactOf(ctx, caller, params.contactId);
    const { tags } = check(tagsBody, body);
    const after = setTags(ctx, contact, plainTags([...contact.tags, ...tags]));
    return reply.code(201).send({ tags: after.tags });
  });

  app.delete<ById>('/contacts/:contactId/tags', async ({ caller, params, body }) => {
    const contact = contactOf(ctx, caller, params.contactId);
    const removed = plainTags(check(tagsBody, body).tags);
    const after = setTags(
      ctx,
      contact,
      contact.tags.filter((tag) => !removed.includes(tag)),
    );
    return { tags: after.tags };
  });
}
