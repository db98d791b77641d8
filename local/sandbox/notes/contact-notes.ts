import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { checkUser } from '../account/user-check.ts';
import { contactOf } from '../contacts/store.ts';
import { SUCCEEDED } from '../contacts/views.ts';
import { fail } from '../server/errors.ts';
import type { Caller } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Note } from '../state/records.ts';
import { changeNote, createNote, deleteNote, newestFirst, noteRecord } from './store.ts';

interface OfContact {
  Params: { contactId: string };
}

interface ById {
  Params: { contactId: string; id: string };
}

const extras = {
  userId: z.string().optional(),
  title: z.string().optional(),
  color: z.string().optional(),
  pinned: z.boolean().optional(),
};

// Strict: a locationId in the body is refused [measured by others].
const createBody = z.strictObject({ body: z.string().min(1), ...extras });
const updateBody = z.strictObject({ body: z.string().min(1).optional(), ...extras });

/** Notes of a contact: list, create, read, update, delete [spec: contacts]. */
export function registerContactNotes(app: FastifyInstance, ctx: SandboxContext): void {
  const notesOf = (contactId: string): Note[] =>
    [...ctx.state.notes.values()].filter((note) =>
      note.relations.some(({ objectKey, recordId }) => objectKey === 'contact' && recordId === contactId),
    );

  // 400 and its words after the pattern of contacts [assumed].
  function noteOf(caller: Caller, { contactId, id }: ById['Params']): Note {
    contactOf(ctx, caller, contactId);
    return notesOf(contactId).find((note) => note.id === id) ?? fail(400, `Note not found for id:${id}`);
  }

  app.get<OfContact>('/contacts/:contactId/notes', async ({ caller, params }) => {
    const contact = contactOf(ctx, caller, params.contactId);
    return { notes: newestFirst(notesOf(contact.id)).map(noteRecord) };
  });

  app.post<OfContact>('/contacts/:contactId/notes', async ({ caller, params, body }, reply) => {
    const contact = contactOf(ctx, caller, params.contactId);
    const { body: text, ...rest } = check(createBody, body);
    checkUser(ctx, contact.locationId, rest.userId);
    const relations = [{ objectKey: 'contact', recordId: contact.id }];
    const note = createNote(ctx, contact.locationId, text, { ...rest, relations });
    return reply.code(201).send({ note: noteRecord(note) });
  });

  app.get<ById>('/contacts/:contactId/notes/:id', async ({ caller, params }) => ({
    note: noteRecord(noteOf(caller, params)),
  }));

  app.put<ById>('/contacts/:contactId/notes/:id', async ({ caller, params, body }) => {
    const note = noteOf(caller, params);
    const patch = check(updateBody, body);
    checkUser(ctx, note.locationId, patch.userId);
    return { note: noteRecord(changeNote(ctx, note, patch)) };
  });

  app.delete<ById>('/contacts/:contactId/notes/:id', async ({ caller, params }) => {
    deleteNote(ctx, noteOf(caller, params));
    return SUCCEEDED;
  });
}
