import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { contactFieldInputs, customFieldsGroup, readContactFields } from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { BIRTH_DATE_HELP, readBirthDate } from '../fields/inputs/read-day.ts';
import { readEmail } from '../fields/inputs/read-email.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { readPhone } from '../fields/inputs/read-phone.ts';
import { optionalText, readText } from '../fields/inputs/read-text.ts';
import { readYesNo, YES_NO_CHOICES } from '../fields/inputs/read-yes-no.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { existingContactOutputFields, existingContactSample } from '../fields/outputs/contact.ts';
import { connect } from '../highlevel/connect.ts';
import { type ContactChange, notKept, previewContact, UPDATE_CONTACT } from '../highlevel/contacts/writes.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { addressInputs, readAddress } from './support/address.ts';
import { setValues } from './support/set-values.ts';
import { readOrTestContact, withoutTestLink } from './support/test-records.ts';

const more = { group: moreGroup.key };

const text = <K extends string, L extends string>(key: K, label: L) =>
  ({ key, label, type: 'string', required: false }) as const;

const inputFields = defineInputFields([
  { ...inputs.contact, helpText: inputs.existingContactHelp },
  text('first_name', LABELS.firstName),
  text('last_name', LABELS.lastName),
  { ...text('email', LABELS.email), helpText: 'The new address, in place of the one that the contact has.' },
  {
    ...text('phone', LABELS.phone),
    helpText: 'With the country code, for example `+12025550107`.',
  },
  ...addressInputs(),
  { ...text('website', LABELS.website), ...more },
  { ...text('date_of_birth', LABELS.dateOfBirth), helpText: BIRTH_DATE_HELP, ...more },
  {
    ...text('do_not_disturb', LABELS.dnd),
    choices: YES_NO_CHOICES,
    helpText:
      'Choose Yes to stop all messages to this contact, No to allow them again. Leave empty to keep it as it is.',
    ...more,
  },
  {
    ...inputs.owner,
    helpText: inputs.contactOwnerHelp,
    ...more,
  },
  {
    ...text('source', LABELS.source),
    helpText: 'Where the contact came from, for example `Webinar`.',
    ...more,
  },
  { ...testMode, ...more },
  contactFieldInputs,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const test = isTest(z, bundle.inputData);
  highlevel.requirePermission(UPDATE_CONTACT);
  const contactId = requiredId(z, inputs.contact.label, bundle.inputData.contact_id, test);
  const change = await read(z, bundle, bundle.inputData);
  const after = test
    ? previewContact(await readOrTestContact(highlevel, contactId, test), change, [])
    : await highlevel.contacts.update(contactId, change);
  const contact = withoutTestLink(await highlevel.contacts.present(after));
  return marked({ ...contact, not_kept: test ? [] : notKept(change, after) }, test);
}) satisfies CreatePerform<typeof inputFields>;

/** Everything is read and found before the one request that writes. */
async function read(z: ZObject, bundle: Bundle, input: Input): Promise<ContactChange> {
  const ownerText = readText(input.owner_id);
  const change: ContactChange = {
    firstName: optionalText(z, LABELS.firstName, input.first_name),
    lastName: optionalText(z, LABELS.lastName, input.last_name),
    email: readEmail(z, LABELS.email, input.email),
    phone: readPhone(z, LABELS.phone, input.phone),
    ...readAddress(z, input),
    website: optionalText(z, LABELS.website, input.website),
    dateOfBirth: await readBirthDate(z, bundle, LABELS.dateOfBirth, input.date_of_birth),
    dnd: readYesNo(z, LABELS.dnd, input.do_not_disturb),
    source: optionalText(z, LABELS.source, input.source),
    customFields: await readContactFields(z, bundle),
    assignedTo: ownerText && (await connect(z, bundle).account.resolveOwner(ownerText)).id,
  };
  return setValues(z, change);
}

export default defineCreate({
  key: 'update_contact',
  noun: 'Contact',
  display: {
    label: 'Update Contact',
    description: 'Updates a contact, changing only the fields that you fill in.',
  },
  operation: {
    perform,
    inputFields,
    inputFieldGroups: [moreGroup, customFieldsGroup],
    outputFields: [
      ...existingContactOutputFields,
      { key: 'not_kept', label: 'Fields HighLevel Did Not Keep', type: 'string', list: true },
      testOutput,
    ],
    sample: marked({ ...existingContactSample, not_kept: [] }, false),
  },
});
