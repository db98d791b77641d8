/** What a note looks like in the Zap editor, for every operation that shows one. */

import type { User } from '../../highlevel/account/users.ts';
import type { NoteRecord } from '../../highlevel/contacts/notes.ts';
import { isoTime } from '../../highlevel/http/time.ts';

export const noteOutput = [
  { key: 'id', label: 'Note ID', type: 'string', required: true },
  { key: 'title', label: 'Title', type: 'string' },
  { key: 'body', label: 'Text', type: 'string' },
  { key: 'author_id', label: 'Author ID', type: 'string' },
  { key: 'author_name', label: 'Author Name', type: 'string' },
  { key: 'created_at', label: 'Created', type: 'datetime' },
] as const;

export const noteSample = {
  id: 'HGPcayliwcdoUFzvbTok',
  title: 'Follow-Up',
  body: 'Asked for a second quote.',
  author_id: '082goXVW3lIExEQPOnd3',
  author_name: 'Maria Lopez',
  created_at: '2026-11-20T14:30:00.000Z',
};

/** A note with its author's name; null for what it has not. */
export function presentNote(note: NoteRecord, authors: User[]) {
  return {
    id: note.id,
    title: note.title || null,
    body: note.body || null,
    author_id: note.userId || null,
    author_name: authors.find(({ id }) => id === note.userId)?.name ?? null,
    created_at: isoTime(note.dateAdded),
  };
}
