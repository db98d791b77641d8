/** What adding and removing a contact's tags share. */

import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import * as inputs from '../../fields/inputs/common.ts';
import { requiredId } from '../../fields/inputs/read-id.ts';
import { requiredText } from '../../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../../fields/inputs/test-mode.ts';
import { existingContactOutputFields, existingContactSample } from '../../fields/outputs/contact.ts';
import { connect } from '../../highlevel/connect.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { readTags } from './save-contact.ts';
import { readOrTestContact, withoutTestLink } from './test-records.ts';

const tags = defineInputField({
  key: 'tags',
  label: LABELS.tags,
  type: 'string',
  list: true,
  required: true,
  helpText: 'One per line, or separated by commas. Capitals do not matter.',
});

export const tagInputs = [
  { ...inputs.contact, helpText: inputs.existingContactHelp },
  tags,
  testMode,
] as const;

export const tagOutputFields = [...existingContactOutputFields, testOutput];
export const tagSample = marked(existingContactSample, false);

interface TagInput {
  contact_id?: unknown;
  tags?: unknown;
  test_mode?: unknown;
}

/**
 * The contact with its tags changed, as it then stands.
 *
 * @param write sends the change and gives the tags that the contact then has, or null where that is not known
 * @param preview the tags that it should have, for Test Mode and where it is not known
 */
export async function changeTags(
  z: ZObject,
  bundle: Bundle,
  write: (contactId: string, tags: string[]) => Promise<string[] | null>,
  preview: (before: string[], tags: string[]) => string[],
) {
  const highlevel = connect(z, bundle);
  const input = bundle.inputData as TagInput;
  const test = isTest(z, input);
  const contactId = requiredId(z, inputs.contact.label, input.contact_id, test);
  const wanted = readTags(z, input.tags);
  requiredText(z, tags.label, wanted[0]);
  const contact = await readOrTestContact(highlevel, contactId, test);
  const written = test ? null : await write(contactId, wanted);
  const after = written ?? preview(contact.tags ?? [], wanted);
  const shown = await highlevel.contacts.present({ ...contact, tags: after });
  return marked(withoutTestLink(shown), test);
}
