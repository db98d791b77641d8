import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { contact } from '../fields/inputs/common.ts';
import { isId } from '../fields/inputs/read-id.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import type { NoteRecord } from '../highlevel/contacts/notes.ts';
import { unlessGone } from '../highlevel/http/problem.ts';
import { dropdown } from './support/dropdown.ts';

const inputFields = defineInputFields([contact]);

/** Empty until a contact is chosen, and for one that is gone; while a Zap is built the contact can still be a placeholder of an earlier step. */
const perform = dropdown(async (z, bundle) => {
  const contactId = readText(bundle.inputData.contact_id);
  if (!contactId || !isId(contactId)) return [];
  const notes = (await unlessGone(connect(z, bundle).contacts.notes.list(contactId))) ?? [];
  return notes.map((note) => ({ id: note.id, label: labelOf(note) }));
}) satisfies PollingTriggerPerform<typeof inputFields>;

function labelOf({ id, title, body, dateAdded }: NoteRecord): string {
  const text =
    title ||
    body
      ?.replace(/(<[^>]*>|\s)+/g, ' ')
      .trim()
      .slice(0, 60) ||
    id;
  return dateAdded ? `${text} (${dateAdded.slice(0, 10)})` : text;
}

export default defineTrigger({
  key: TRIGGER.noteList,
  noun: 'Note',
  display: {
    label: 'Note List',
    description: 'Triggers when the notes of a contact are listed in a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    sample: { id: 'HGPcayliwcdoUFzvbTok', label: 'Asked for a second quote. (2026-11-20)' },
  },
});
