import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { readText } from '../fields/inputs/read-text.ts';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import type { ContactChoice } from '../highlevel/contacts/requests.ts';
import { dropdown } from './support/dropdown.ts';

const ROWS_A_PAGE = 100;

/** HighLevel can search as a person types; whether the editor hands the typed text on is not documented. [assumed] */
const inputFields = defineInputFields([
  {
    key: 'search',
    label: 'Search',
    type: 'string',
    required: false,
    helpText: 'Part of a name, email or phone.',
  },
]);

const perform = dropdown(async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const page = (bundle.meta?.page ?? 0) + 1;
  const { contacts } = await highlevel.contacts.search({
    page,
    query: readText(bundle.inputData.search),
    limit: ROWS_A_PAGE,
  });
  return contacts.map((contact) => {
    const { id, name, email, phone } = contact;
    return { id, name, email, phone, label: labelOf(contact) };
  });
}) satisfies PollingTriggerPerform<typeof inputFields>;

/** Two contacts of one name are told apart by how they are reached. */
function labelOf({ name, email, phone }: ContactChoice): string {
  const reach = email ?? phone;
  return reach && reach !== name ? `${name} (${reach})` : name;
}

export default defineTrigger({
  key: TRIGGER.contactList,
  noun: 'Contact',
  display: {
    label: 'Contact List',
    description: 'Triggers when the contacts of the sub-account are listed in a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform,
    canPaginate: true,
    inputFields,
    sample: {
      id: 'mTkSCb1UBjb5tk4OvB69',
      name: 'Sam Reed',
      email: 'sam@example.com',
      phone: '+12025550107',
      label: 'Sam Reed (sam@example.com)',
    },
  },
});
