import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkUser } from '../account/user-check.ts';
import { contactOf } from '../contacts/store.ts';
import { SUCCEEDED } from '../contacts/views.ts';
import { fail, unprocessable } from '../server/errors.ts';
import { type Caller, ownLocation } from '../server/guard.ts';
import { check, optionalText } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Note } from '../state/records.ts';
import { changeNote, createNote, deleteNote, newestFirst, noteRecord } from './store.ts';

interface ById {
  Params: { id: string };
}

type Relations = Note['relations'];

const relations = z.array(z.strictObject({ objectKey: z.string(), recordId: z.string().min(1) })).min(1);
const extras = { title: z.string().optional(), color: z.string().optional(), pinned: z.boolean().optional() };
const locationQuery = z.strictObject({ locationId: z.string().min(1) });
const optionalLocation = z.strictObject({ locationId: optionalText });
const createBody = z.strictObject({
  body: z.string().min(1),
  userId: z.string().min(1),
  relations,
  ...extras,
});
const updateBody = z.strictObject({
  body: z.string().min(1).optional(),
  userId: z.string().min(1).optional(),
  ...extras,
});
const searchBody = z.strictObject({
  objectKey: z.string().optional(),
  recordId: z.string().optional(),
  query: z.string().optional(),
  skip: z.number().int().min(0).optional(),
  limit: z.number().int().min(1).max(100).optional(),
});

/**
 * The records' notes of 2026: on contacts, businesses and custom objects, by a dated copy of the vendor's page [docs];
 * body, userId and at least one relation are required [docs]; that locationId is a query parameter is [assumed].
 *
 * On an opportunity a note is possible in HighLevel's own pages, and whether the API takes one is [assumed]: the
 * setting `notesAcceptOpportunity` decides. The body and answer of the search, and every error, are [assumed].
 */
export function registerNoteRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  function noteOf(caller: Caller, id: string, query: unknown): Note {
    check(optionalLocation, query);
    const note = ctx.state.notes.get(id) ?? fail(400, `Note not found for id:${id}`);
    ownLocation(ctx, caller, note.locationId);
    return note;
  }

  function relationsOf(caller: Caller, locationId: string, written: Relations): Relations {
    return written.flatMap((relation, index) => {
      const { objectKey, recordId } = relation;
      if (objectKey === 'contact') {
        const contact = contactOf(ctx, caller, recordId);
        if (contact.locationId !== locationId) fail(400, `Contact not found for id:${recordId}`);
        return [relation];
      }
      if (objectKey === 'opportunity' && ctx.settings.notesAcceptOpportunity) {
        const opportunity = ctx.state.opportunities.get(recordId);
        if (opportunity?.locationId !== locationId)
          return fail(400, `Opportunity with id ${recordId} not found`);
        // Such a note also belongs to the opportunity's contact and fires its event [measured by others, in the UI].
        return [relation, { objectKey: 'contact', recordId: opportunity.contactId }];
      }
      if (objectKey === 'business' || objectKey.startsWith('custom_objects.')) return [relation];
      return unprocessable([`relations.${index}.objectKey is invalid`]);
    });
  }

  app.post('/notes/', async ({ caller, query, body }, reply) => {
    const { locationId } = check(locationQuery, query);
    ownLocation(ctx, caller, locationId);
    const { body: text, relations: written, ...rest } = check(createBody, body);
    checkUser(ctx, locationId, rest.userId);
    const stored = relationsOf(caller, locationId, written);
    const note = createNote(ctx, locationId, text, { ...rest, relations: stored });
    return reply.code(201).send({ note: noteRecord(note) });
  });

  app.post('/notes/search', async ({ caller, query, body }) => {
    const { locationId } = check(locationQuery, query);
    ownLocation(ctx, caller, locationId);
    const { objectKey, recordId, query: text = '', skip = 0, limit = 20 } = check(searchBody, body);
    const found = [...ctx.state.notes.values()].filter(
      (note) =>
        note.locationId === locationId &&
        note.body.toLowerCase().includes(text.toLowerCase()) &&
        note.relations.some(
          (relation) =>
            (objectKey === undefined || relation.objectKey === objectKey) &&
            (recordId === undefined || relation.recordId === recordId),
        ),
    );
    return {
      notes: newestFirst(found)
        .slice(skip, skip + limit)
        .map(noteRecord),
      total: found.length,
    };
  });

  app.get<ById>('/notes/:id', async ({ caller, params, query }) => ({
    note: noteRecord(noteOf(caller, params.id, query)),
  }));

  app.put<ById>('/notes/:id', async ({ caller, params, query, body }) => {
    const note = noteOf(caller, params.id, query);
    const patch = check(updateBody, body);
    checkUser(ctx, note.locationId, patch.userId);
    return { note: noteRecord(changeNote(ctx, note, patch)) };
  });

  app.put<ById>('/notes/:id/relations', async ({ caller, params, query, body }) => {
    const note = noteOf(caller, params.id, query);
    const written = check(z.strictObject({ relations }), body).relations;
    const stored = relationsOf(caller, note.locationId, written);
    return { note: noteRecord(changeNote(ctx, note, { relations: stored })) };
  });

  app.delete<ById>('/notes/:id', async ({ caller, params, query }) => {
    deleteNote(ctx, noteOf(caller, params.id, query));
    return SUCCEEDED;
  });
}
