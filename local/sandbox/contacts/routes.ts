import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail, unprocessable } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { check, optionalText } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import { patchFrom, plainTags, readCreate, readUpdate, readUpsert } from './bodies.ts';
import { changeContact, contactOf, createContact, deleteContact, matchOf, setTags } from './store.ts';
import { contactRecord, SUCCEEDED } from './views.ts';

interface ById {
  Params: { contactId: string };
}

const duplicateQuery = z.strictObject({
  locationId: z.string().min(1),
  email: optionalText,
  number: optionalText,
});
const tagsBody = z.strictObject({ tags: z.array(z.string()).min(1) });

/** Contacts: one by id, create, update, upsert, delete, exact find, tags [spec: contacts]. */
export function registerContactRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.get<ById>('/contacts/:contactId', async ({ caller, params }) => ({
    contact: contactRecord(ctx, contactOf(ctx, caller, params.contactId)),
  }));

  app.post('/contacts/', async ({ caller, body }, reply) => {
    const { locationId, written } = readCreate(body);
    ownLocation(ctx, caller, locationId);
    if (ctx.contrary.has('contact-needs-address') && !written.email && !written.phone) {
      unprocessable(['email or phone should not be empty']);
    }
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
    // That one of the two is needed is from issue #59; the sentence is [assumed].
    if (!written.email && !written.phone) fail(400, 'Either email or phone is required to upsert a contact.');
    const mayDouble = ctx.state.locations.get(locationId)?.settings.allowDuplicateContact === true;
    const match = createNewIfDuplicateAllowed && mayDouble ? null : matchOf(ctx, locationId, written);
    if (match === null) {
      const contact = createContact(ctx, locationId, patchFrom(ctx, locationId, written, null));
      return { new: true, contact: contactRecord(ctx, contact), succeded: true };
    }
    const before = match.contact;
    const patch = patchFrom(ctx, locationId, written, before);
    // A phone number that is another contact's is dropped and nothing is said [issue #37].
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
