import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import { contactOwnerHelp, owner } from '../fields/inputs/common.ts';
import { contactFieldInputs, customFieldsGroup, readContactFields } from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { optionalText, readText } from '../fields/inputs/read-text.ts';
import { isTest, marked, TEST_ID, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { SEARCH } from '../fields/keys.ts';
import { contactOutputFields, contactSample } from '../fields/outputs/contact.ts';
import { noticeOutput } from '../fields/outputs/notice.ts';
import { connect, type HighLevel } from '../highlevel/connect.ts';
import { contactName } from '../highlevel/contacts/record.ts';
import { UPSERT_CONTACT } from '../highlevel/contacts/writes.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { isAfterSearch, ofPerson } from './support/locks.ts';
import {
  contactIsDone,
  findContactBy,
  type Person,
  personInputs,
  readPerson,
  type SavedContact,
  saveContact,
} from './support/save-contact.ts';

const inputFields = defineInputFields([
  personInputs.email,
  personInputs.phone,
  personInputs.firstName,
  personInputs.lastName,
  personInputs.company,
  personInputs.tags,
  {
    key: 'name',
    label: 'Full Name',
    type: 'string',
    required: false,
    group: moreGroup.key,
    helpText:
      'Only for apps that do not split names: the first word becomes the first name, the rest the last name. Ignored where First Name or Last Name is filled in.',
  },
  {
    ...owner,
    group: moreGroup.key,
    helpText: contactOwnerHelp,
  },
  {
    key: 'source',
    label: LABELS.source,
    type: 'string',
    required: false,
    group: moreGroup.key,
    helpText: 'Where the contact came from, for example `Webinar`.',
  },
  { ...findContactBy, group: moreGroup.key },
  { ...testMode, group: moreGroup.key },
  contactFieldInputs,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const test = isTest(z, bundle.inputData);
  highlevel.requirePermission(UPSERT_CONTACT);
  const person = await read(z, bundle, bundle.inputData);
  const meanwhile = isAfterSearch(bundle, SEARCH.findContact) ? await madeMeanwhile(highlevel, person) : null;
  const saved = meanwhile ?? (await saveContact(z, bundle, person, test));
  const { record, created, notice } = saved;
  const contact = await highlevel.contacts.present(record);
  await contactIsDone(z, bundle, saved);
  const url = record.id === TEST_ID ? null : contact.url;
  return marked({ ...contact, url, was_created: created, notice }, test);
}) satisfies CreatePerform<typeof inputFields>;

/** A contact with a name alone, made by another run after this one had searched; by email and phone one is found again. */
async function madeMeanwhile({ contacts }: HighLevel, { change }: Person): Promise<SavedContact | null> {
  const { customFields: _, ...plain } = change;
  const name = contactName({ id: TEST_ID, ...plain });
  if (change.email || change.phone || !name) return null;
  const record = await contacts.findJustNamed(name);
  return record && { record, created: false, sent: null, notice: null };
}

/** Everything is read and found before the first request that writes. */
async function read(z: ZObject, bundle: Bundle, input: Input): Promise<Person> {
  const highlevel = connect(z, bundle);
  const { change, ...person } = readPerson(z, input, input.name);
  const ownerText = readText(input.owner_id);
  return {
    ...person,
    change: {
      ...change,
      source: optionalText(z, LABELS.source, input.source),
      customFields: await readContactFields(z, bundle),
      assignedTo: ownerText && (await highlevel.account.resolveOwner(ownerText)).id,
    },
  };
}

export default defineCreate({
  key: 'create_or_update_contact',
  noun: 'Contact',
  display: {
    label: 'Create or Update Contact',
    description: 'Creates a contact, or updates the one that has the same email address or phone number.',
  },
  operation: {
    perform,
    lock: ofPerson,
    inputFields,
    inputFieldGroups: [moreGroup, customFieldsGroup],
    outputFields: [...contactOutputFields, noticeOutput, testOutput],
    sample: marked({ ...contactSample, notice: null }, false),
  },
});
