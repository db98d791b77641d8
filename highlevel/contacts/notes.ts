import * as s from 'zod/mini';
import { simplify } from '../account/resolve.ts';
import { CLOCK_DRIFT_MS, createOnce } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { NOT_READABLE, undecided, WITHOUT_DATE } from '../http/errors.ts';
import { problemOf } from '../http/problem.ts';
import { countedEntries, moment, shown, textOrNumber, UNREADABLE } from '../http/shapes.ts';
import { momentMs } from '../http/time.ts';
import { byId, changed } from './shapes.ts';

/** A locationId in the body is refused. [measured by others] */
export const CREATE_NOTE: Endpoint = {
  method: 'POST',
  path: '/contacts/{contactId}/notes',
  scope: 'contacts.write',
  doing: 'create the note',
  repeatable: false,
};

/** Notes on other records than contacts, since 2026-04-21. [docs: a dated copy of the vendor's page] */
const CREATE_RELATED_NOTE: Endpoint = {
  method: 'POST',
  path: '/notes/',
  scope: 'notes.write',
  doing: 'create the note',
  repeatable: false,
};

/** [spec] */
const GET_NOTE: Endpoint = {
  method: 'GET',
  path: '/contacts/{contactId}/notes/{id}',
  scope: 'contacts.readonly',
  doing: 'read the note',
  repeatable: true,
};

/** [spec] */
const LIST_NOTES: Endpoint = {
  method: 'GET',
  path: '/contacts/{contactId}/notes',
  scope: 'contacts.readonly',
  doing: 'list the notes',
  repeatable: true,
};

export interface NewNote {
  body: string;
  title?: string;
  /** Who wrote it: the id of a user. */
  userId?: string;
}

const noteRecord = s.lazy(() =>
  byId(
    s.looseObject({
      id: s.string(),
      body: shown(textOrNumber),
      title: shown(textOrNumber),
      userId: shown(textOrNumber),
      dateAdded: shown(moment),
    }),
  ),
);

export type NoteRecord = s.output<typeof noteRecord>;

const answer = s.lazy(() => s.looseObject({ note: noteRecord }));

/** A write was saved, whatever its answer says. */
const written = s.lazy(() =>
  s.catch(s.looseObject({ note: s.optional(s.catch(s.nullish(noteRecord), undefined)) }), {}),
);

/** One note of a contact. */
export async function getNote(client: Client, path: { contactId: string; id: string }): Promise<NoteRecord> {
  return (await client.call(GET_NOTE, answer, { path })).note;
}

const listAnswer = s.lazy(() => s.looseObject({ notes: countedEntries(noteRecord) }));

/** The notes of a contact that can be told apart; in which order is not said. */
export async function listNotes(client: Client, contactId: string): Promise<NoteRecord[]> {
  return (await allNotes(client, contactId)).kept;
}

/** As `listNotes`, with how many could not be told apart. */
export async function allNotes(
  client: Client,
  contactId: string,
): Promise<{ kept: NoteRecord[]; leftOut: number }> {
  const { notes } = await client.call(LIST_NOTES, listAnswer, { path: { contactId } });
  if (notes.leftOut > 0)
    client.log(`${notes.leftOut} notes had no id or were not as expected, and were left out`);
  return notes;
}

/** [spec] */
export const UPDATE_NOTE: Endpoint = {
  method: 'PUT',
  path: '/contacts/{contactId}/notes/{id}',
  scope: 'contacts.write',
  doing: 'update the note',
  repeatable: true,
};

/** Changes what is given of a note. What the answer leaves out is as it was sent, or is read again. [spec] */
export async function updateNote(
  client: Client,
  path: { contactId: string; id: string },
  change: Partial<NewNote>,
): Promise<NoteRecord> {
  const { note } = await client.call(UPDATE_NOTE, written, { path, body: { ...change } });
  return { ...(await changed(SHOWN, note, change, () => getNote(client, path))), id: path.id };
}

const SHOWN = ['body', 'title', 'userId'] as const;

/** Creates a note on a contact; its id is empty where it is neither told nor found. [spec] */
export async function createContactNote(
  client: Client,
  contactId: string,
  note: NewNote,
): Promise<NoteRecord> {
  const parts = { path: { contactId }, body: { ...note } };
  return createOnce(client, {
    kind: 'note',
    payload: parts,
    make: () => create(client, CREATE_NOTE, parts, contactId, note),
    findEarlier: (since) => writtenSince(client, contactId, note, since),
  });
}

/** The note as it is answered, or as it is found among the contact's, or as it was sent. */
async function create(
  client: Client,
  endpoint: Endpoint,
  parts: Parameters<Client['call']>[2],
  contactId: string,
  note: NewNote,
): Promise<NoteRecord> {
  const since = Date.now() - CLOCK_DRIFT_MS;
  const answered = (await client.call(endpoint, written, parts)).note;
  if (answered) return answered;
  const found = await writtenSince(client, contactId, note, since).catch(() => null);
  return found ?? { ...note, id: '' };
}

/**
 * The contact's note with that text that was written since.
 *
 * @throws errors.Error where it cannot be told whether there is one
 */
async function writtenSince(
  client: Client,
  contactId: string,
  { body, title }: NewNote,
  since: number,
): Promise<NoteRecord | null> {
  const { kept, leftOut } = await allNotes(client, contactId);
  const same = kept.filter(
    (note) => plain(note.body) === plain(body) && (title === undefined || plain(note.title) === plain(title)),
  );
  const found = same.find(({ dateAdded }) => momentMs(dateAdded) >= since);
  if (found) return found;
  if (same.some(({ dateAdded }) => !dateAdded || dateAdded === UNREADABLE)) {
    throw undecided(client.errors, 'the note', WITHOUT_DATE);
  }
  if (leftOut > 0) throw undecided(client.errors, 'the note', NOT_READABLE);
  return null;
}

/** Tags, as they are and escaped; what stands for a character; and the characters and spaces that HTML writes otherwise. */
const HTML = /<[^>]*>|&lt;.*?&gt;|&#?\w+;|[&<>"'\s]/g;

/** For comparing alone: HighLevel may make HTML of a note's text. [assumed] */
function plain(text: string | null | undefined): string {
  return simplify((text ?? '').replace(HTML, ''));
}

/**
 * Whether a note may be tried on the opportunity itself: the person granted it in so many words, and the note has an
 * author, which that endpoint demands. [docs] A connection that does not say what was granted has not granted it,
 * because HighLevel answers 401 for a missing permission, which core takes for an expired token.
 */
export function canRelateNote(client: Client, { userId }: NewNote): boolean {
  const granted = client.authData.scope?.split(/\s+/) ?? [];
  return userId !== undefined && granted.includes('notes.write');
}

/**
 * Creates a note on an opportunity and its contact; null where HighLevel takes none on an opportunity, and nothing was
 * written. The page names contacts, businesses and custom objects; "opportunity" and the place of locationId in the
 * query are [assumed].
 */
export async function createOpportunityNote(
  client: Client,
  { opportunityId, contactId }: { opportunityId: string; contactId: string },
  note: NewNote,
): Promise<NoteRecord | null> {
  const relations = [
    { objectKey: 'opportunity', recordId: opportunityId },
    { objectKey: 'contact', recordId: contactId },
  ];
  const parts = { query: { locationId: client.locationId() }, body: { ...note, relations } };
  try {
    return await createOnce(client, {
      kind: 'note',
      payload: parts,
      make: () => create(client, CREATE_RELATED_NOTE, parts, contactId, note),
      findEarlier: (since) => writtenSince(client, contactId, note, since),
    });
  } catch (error) {
    if ([400, 404, 422].includes(problemOf(error)?.status ?? 0)) return null;
    throw error;
  }
}
