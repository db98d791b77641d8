import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import { owner } from '../fields/inputs/common.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import {
  contactInput,
  opportunityInput,
  readTarget,
  targetOutput,
  targetSample,
} from '../fields/inputs/opportunity-or-contact.ts';
import { optionalText, readText, requiredText } from '../fields/inputs/read-text.ts';
import { isTest, marked, TEST_ID, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { noteOutput, noteSample } from '../fields/outputs/note.ts';
import { idNotTold, noticeOf, noticeOutput } from '../fields/outputs/notice.ts';
import { hasLeft } from '../highlevel/account/resolve.ts';
import { connect } from '../highlevel/connect.ts';
import { CREATE_NOTE, type NewNote } from '../highlevel/contacts/notes.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { isoTime } from '../highlevel/http/time.ts';

const AUTHOR = 'Author';

const inputFields = defineInputFields([
  { key: 'body', label: LABELS.body, type: 'text', required: true, helpText: 'What the note says.' },
  opportunityInput('The note goes to the contact of this opportunity'),
  contactInput,
  { key: 'title', label: LABELS.title, type: 'string', required: false },
  {
    ...owner,
    key: 'author_id',
    label: AUTHOR,
    group: moreGroup.key,
    helpText:
      'The user who wrote the note: choose one, or map a user’s ID, exact name or email address. Leave empty for none; HighLevel then shows the note on the contact, and not on the opportunity.',
  },
  { ...testMode, group: moreGroup.key },
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const input = bundle.inputData;
  const test = isTest(z, input);
  highlevel.requirePermission(CREATE_NOTE);
  const body = requiredText(z, LABELS.body, input.body);
  const authorText = readText(input.author_id);
  const author = authorText ? await highlevel.account.resolveUserOrGone(authorText, AUTHOR) : null;
  const left = authorText && !author ? `${AUTHOR}: ${hasLeft(authorText)}, so the note has no author.` : null;
  const target = await readTarget(z, bundle, input, test);
  const { opportunity_id: opportunityId, contact_id: contactId } = target;
  const note: NewNote = { body, title: optionalText(z, LABELS.title, input.title), userId: author?.id };
  const relates = opportunityId !== null && highlevel.contacts.notes.canRelate(note);
  const related =
    relates && !test
      ? await highlevel.contacts.notes.createOnOpportunity({ opportunityId, contactId }, note)
      : null;
  const written = test ? null : (related ?? (await highlevel.contacts.notes.create(contactId, note)));
  return marked(
    {
      id: written ? written.id || null : TEST_ID,
      title: written?.title || note.title || null,
      body: written?.body || body,
      author_id: author?.id ?? null,
      author_name: author?.name ?? null,
      created_at: isoTime(written?.dateAdded),
      related_to_opportunity: test ? relates : related !== null,
      ...target,
      notice: noticeOf(left, written && !written.id ? idNotTold('note') : null),
    },
    test,
  );
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'create_note',
  noun: 'Note',
  display: {
    label: 'Create Note',
    description: 'Creates a note on the contact of an opportunity, or on any contact.',
  },
  operation: {
    perform,
    inputFields,
    inputFieldGroups: [moreGroup],
    outputFields: [
      ...noteOutput,
      { key: 'related_to_opportunity', label: 'Is on the Opportunity', type: 'boolean' },
      ...targetOutput,
      noticeOutput,
      testOutput,
    ],
    sample: marked(
      {
        ...noteSample,
        related_to_opportunity: false,
        ...targetSample,
        notice: null,
      },
      false,
    ),
  },
});
