import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import { ADD_TAGS, withTags } from '../highlevel/contacts/writes.ts';
import { changeTags, tagInputs, tagOutputFields, tagSample } from './support/contact-tags.ts';

const inputFields = defineInputFields([...tagInputs]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(ADD_TAGS);
  return changeTags(z, bundle, highlevel.contacts.addTags, withTags);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'add_contact_tags',
  noun: 'Contact Tag',
  display: {
    label: 'Add Tags to Contact',
    description: 'Adds tags to a contact and keeps those that it has.',
  },
  operation: { perform, inputFields, outputFields: tagOutputFields, sample: tagSample },
});
