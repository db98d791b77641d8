import type { SandboxContext } from '../state/context.ts';
import type { Note } from '../state/records.ts';

/** What a body may set on a note [spec: NotesDTO]. */
export type NotePatch = Partial<Pick<Note, 'body' | 'title' | 'color' | 'pinned' | 'userId' | 'relations'>>;

/** The contact that a note belongs to, null for one on other records alone. */
function contactOfNote(note: Note): string | null {
  return note.relations.find(({ objectKey }) => objectKey === 'contact')?.recordId ?? null;
}

// Just these fields: title, userId and the like are missing from the real event [issue #312], as is any
// opportunity's id.
function send(ctx: SandboxContext, type: string, note: Note): void {
  const contactId = contactOfNote(note);
  ctx.emit({
    type,
    locationId: note.locationId,
    fields: {
      id: note.id,
      body: note.body,
      ...(contactId === null ? {} : { contactId }),
      dateAdded: note.dateAdded,
    },
  });
}

/** Writes a new note and sends its events. */
export function createNote(ctx: SandboxContext, locationId: string, body: string, patch: NotePatch): Note {
  const note: Note = {
    title: null,
    color: null,
    pinned: false,
    userId: null,
    relations: [],
    ...patch,
    id: ctx.newId(),
    locationId,
    body,
    dateAdded: ctx.nowIso(),
  };
  ctx.state.notes.set(note.id, note);
  send(ctx, 'NoteCreate', note);
  return note;
}

/** Changes a note and sends its events. */
export function changeNote(ctx: SandboxContext, before: Note, patch: NotePatch): Note {
  const after: Note = { ...before, ...patch };
  ctx.state.notes.set(after.id, after);
  send(ctx, 'NoteUpdate', after);
  return after;
}

/** Deletes a note and sends its events. */
export function deleteNote(ctx: SandboxContext, note: Note): void {
  ctx.state.notes.delete(note.id);
  send(ctx, 'NoteDelete', note);
}

/** A note as both note APIs answer it [spec: GetNoteSchema]; what is empty is left out [assumed]. */
export function noteRecord(note: Note): Record<string, unknown> {
  const { id, body, userId, dateAdded, title, color, pinned } = note;
  const contactId = contactOfNote(note);
  return {
    id,
    body,
    ...(userId === null ? {} : { userId }),
    dateAdded,
    ...(contactId === null ? {} : { contactId }),
    ...(title === null ? {} : { title }),
    ...(color === null ? {} : { color }),
    pinned,
  };
}

/** Notes from newest to oldest [assumed]. */
export function newestFirst(notes: Iterable<Note>): Note[] {
  return [...notes].sort((a, b) => (a.dateAdded < b.dateAdded ? 1 : -1));
}
