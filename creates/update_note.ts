import { type CreatePerform, defineCreate, defineInputField, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { optionalText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { TRIGGER } from '../fields/keys.ts';
import { noteOutput, noteSample, presentNote } from '../fields/outputs/note.ts';
import { connect } from '../highlevel/connect.ts';
import { type NoteRecord, UPDATE_NOTE } from '../highlevel/contacts/notes.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { setValues } from './support/set-values.ts';
import { isTestId } from './support/test-records.ts';

const note = defineInputField({
  key: 'note_id',
  label: 'Note',
  type: 'string',
  required: true,
  dynamic: `${TRIGGER.noteList}.id.label`,
  helpText: 'Choose a contact first to see its notes, or map the note’s ID from an earlier step.',
});

const inputFields = defineInputFields([
  { ...inputs.contact, helpText: 'The contact that has the note.' },
  note,
  {
    key: 'title',
    label: LABELS.title,
    type: 'string',
    required: false,
    helpText: 'The new title. Leave empty to keep the one it has.',
  },
  {
    key: 'body',
    label: LABELS.body,
    type: 'text',
    required: false,
    helpText: 'The new text. Leave empty to keep the one it has.',
  },
  testMode,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const input = bundle.inputData;
  const test = isTest(z, input);
  highlevel.requirePermission(UPDATE_NOTE);
  const contactId = requiredId(z, inputs.contact.label, input.contact_id, test);
  const id = requiredId(z, note.label, input.note_id, test);
  const change = setValues(z, {
    title: optionalText(z, LABELS.title, input.title),
    body: optionalText(z, LABELS.body, input.body),
  });
  const isMadeUp = isTestId(contactId, test) || isTestId(id, test);
  const record: NoteRecord = test
    ? { ...(isMadeUp ? { id } : await highlevel.contacts.notes.get({ contactId, id })), ...change }
    : await highlevel.contacts.notes.update({ contactId, id }, change);
  const authors = await highlevel.account.usersWithIds(new Set(record.userId ? [record.userId] : []));
  return marked(
    {
      ...presentNote(record, authors),
      contact_id: contactId,
      url: isTestId(contactId, test) ? null : highlevel.connection.contactUrl(contactId),
    },
    test,
  );
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'update_note',
  noun: 'Note',
  display: { label: 'Update Note', description: 'Updates the title or text of a note on a contact.' },
  operation: {
    perform,
    inputFields,
    outputFields: [
      ...noteOutput,
      { key: 'contact_id', label: 'Contact ID', type: 'string' },
      { key: 'url', label: 'Link', type: 'string' },
      testOutput,
    ],
    sample: marked(
      {
        ...noteSample,
        contact_id: 'mTkSCb1UBjb5tk4OvB69',
        url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
      },
      false,
    ),
  },
});
