import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import { simplify } from '../highlevel/account/resolve.ts';
import { connect } from '../highlevel/connect.ts';
import { REMOVE_TAGS } from '../highlevel/contacts/writes.ts';
import { changeTags, tagInputs, tagOutputFields, tagSample } from './support/contact-tags.ts';

const inputFields = defineInputFields([...tagInputs]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(REMOVE_TAGS);
  return changeTags(z, bundle, highlevel.contacts.removeTags, withoutTags);
}) satisfies CreatePerform<typeof inputFields>;

function withoutTags(before: string[], removed: string[]): string[] {
  const gone = new Set(removed.map(simplify));
  return before.filter((tag) => !gone.has(simplify(tag)));
}

export default defineCreate({
  key: 'remove_contact_tags',
  noun: 'Contact Tag',
  display: {
    label: 'Remove Tags From Contact',
    description: 'Removes tags from a contact and keeps its others.',
  },
  operation: { perform, inputFields, outputFields: tagOutputFields, sample: tagSample },
});
