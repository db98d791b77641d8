import { defineInputField, defineInputFields, defineSearch, type SearchPerform } from 'zapier-platform-core';
import {
  contactInput,
  opportunityInput,
  readTarget,
  targetOutput,
  targetSample,
} from '../fields/inputs/opportunity-or-contact.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { readWholeNumber } from '../fields/inputs/read-whole-number.ts';
import { TEST_ID } from '../fields/inputs/test-mode.ts';
import { noteOutput, noteSample, presentNote } from '../fields/outputs/note.ts';
import { cannotTell, simplify } from '../highlevel/account/resolve.ts';
import { connect } from '../highlevel/connect.ts';
import { momentMs } from '../highlevel/http/time.ts';

const MOST = 100;
const USUAL = 20;

const limit = defineInputField({
  key: 'limit',
  label: 'Maximum Number to List',
  type: 'string',
  required: false,
  helpText: `From 1 to ${MOST}, the newest first. Leave empty for ${USUAL}.`,
});

const inputFields = defineInputFields([
  opportunityInput('All notes of this opportunity’s contact are listed'),
  contactInput,
  {
    key: 'text',
    label: 'Contains',
    type: 'string',
    required: false,
    helpText: 'Only notes with these words in title or text. Capitals do not matter.',
  },
  limit,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const input = bundle.inputData;
  const most = readWholeNumber(z, limit.label, input.limit, { least: 1, most: MOST }) ?? USUAL;
  if (!readText(input.opportunity_id) && !readText(input.contact_id)) return [];
  const target = await readTarget(z, bundle, input, true);
  if (target.contact_id === TEST_ID) return [];
  const words = simplify(readText(input.text));
  const { kept, leftOut } = await highlevel.contacts.notes.all(target.contact_id);
  const found = kept
    .filter(({ title, body }) => simplify(`${title ?? ''} ${body ?? ''}`).includes(words))
    .sort((a, b) => momentMs(b.dateAdded) - momentMs(a.dateAdded));
  if (found.length === 0 && leftOut > 0) throw cannotTell(highlevel, '', 'such a note');
  if (found.length === 0) return [];
  const listed = found.slice(0, most);
  const authorIds = listed.flatMap(({ userId }) => (userId ? [userId] : []));
  const authors = await highlevel.account.usersWithIds(new Set(authorIds));
  const notes = listed.map((note) => presentNote(note, authors));
  return [
    {
      id: target.contact_id,
      count: notes.length,
      is_complete: found.length <= most && leftOut === 0,
      ...target,
      notes,
    },
  ];
}) satisfies SearchPerform<typeof inputFields>;

export default defineSearch({
  key: 'list_notes',
  noun: 'Note',
  display: {
    label: 'List Notes',
    description:
      'Lists the notes of a contact, or of the contact of an opportunity, as line items, the newest first.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      { key: 'id', label: 'List ID', type: 'string', required: true },
      { key: 'count', label: 'Number Listed', type: 'integer' },
      { key: 'is_complete', label: 'All That Match Are Listed', type: 'boolean' },
      ...targetOutput,
      ...noteOutput.map((field) => ({ ...field, key: `notes[]${field.key}` })),
    ],
    sample: {
      id: targetSample.contact_id,
      count: 1,
      is_complete: true,
      ...targetSample,
      notes: [noteSample],
    },
  },
});
