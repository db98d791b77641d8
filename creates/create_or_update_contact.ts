import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import { owner } from '../fields/inputs/common.ts';
import { contactFieldInputs, customFieldsGroup, readContactFields } from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { readEmail } from '../fields/inputs/read-email.ts';
import { readText, readTexts } from '../fields/inputs/read-text.ts';
import { isTest, marked, TEST_ID, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { CREATE } from '../fields/keys.ts';
import { contactOutputFields, contactSample } from '../fields/outputs/contact.ts';
import { connect } from '../highlevel/connect.ts';
import type { Contact, ContactRecord } from '../highlevel/contacts/record.ts';
import { type ContactChange, previewContact, UPSERT_CONTACT } from '../highlevel/contacts/writes.ts';
import { LABELS } from '../highlevel/http/labels.ts';
import { problemOf, withProblem } from '../highlevel/http/problem.ts';

const inputFields = defineInputFields([
  {
    key: 'email',
    label: LABELS.email,
    type: 'string',
    required: false,
    helpText:
      'HighLevel looks for the contact by email or phone, so one of the two is needed. Further email addresses that the contact has can get lost in an update.',
  },
  {
    key: 'phone',
    label: LABELS.phone,
    type: 'string',
    required: false,
    helpText:
      'With the country code, for example `+12025550107`. If another contact already has the number, HighLevel leaves it out without saying so.',
  },
  { key: 'first_name', label: LABELS.firstName, type: 'string', required: false },
  { key: 'last_name', label: LABELS.lastName, type: 'string', required: false },
  { key: 'company_name', label: LABELS.companyName, type: 'string', required: false },
  {
    key: 'tags',
    label: LABELS.tags,
    type: 'string',
    list: true,
    required: false,
    helpText:
      'Added to the tags that the contact has; none is taken away. One per line, or separated by commas.',
  },
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
    helpText:
      'Choose a user, or map a user’s ID, exact name or email address. Unless your account keeps them apart, HighLevel makes this person the owner of the contact’s opportunities too.',
  },
  {
    key: 'source',
    label: LABELS.source,
    type: 'string',
    required: false,
    group: moreGroup.key,
    helpText: 'Where the contact came from, for example `Webinar`.',
  },
  { ...testMode, group: moreGroup.key },
  contactFieldInputs,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const test = isTest(z, bundle.inputData);
  highlevel.requirePermission(UPSERT_CONTACT);
  const change = await read(z, bundle, bundle.inputData);
  const tags = readTexts(bundle.inputData.tags);
  return marked(await (test ? preview : write)(z, bundle, change, tags), test);
}) satisfies CreatePerform<typeof inputFields>;

/** Everything is read and found before the first request that writes. */
async function read(z: ZObject, bundle: Bundle, input: Input): Promise<ContactChange> {
  const highlevel = connect(z, bundle);
  const email = readEmail(z, LABELS.email, input.email);
  const phone = readText(input.phone);
  if (!email && !phone) {
    throw new z.errors.HaltedError(
      `${LABELS.email}, ${LABELS.phone}: both are empty, and HighLevel needs one of them to know whether the contact exists already. Nothing was saved.`,
    );
  }
  const ownerText = readText(input.owner_id);
  return {
    ...namesOf(input),
    email,
    phone,
    companyName: readText(input.company_name),
    source: readText(input.source),
    customFields: await readContactFields(z, bundle),
    assignedTo: ownerText && (await highlevel.account.resolveOwner(ownerText)).id,
  };
}

function namesOf(input: Input): { firstName?: string; lastName?: string } {
  const firstName = readText(input.first_name);
  const lastName = readText(input.last_name);
  const full = readText(input.name);
  if (firstName || lastName || !full) return { firstName, lastName };
  const [first, ...rest] = full.split(/\s+/);
  return { firstName: first, lastName: readText(rest.join(' ')) };
}

type Result = Contact & { was_created: boolean };

/** Two requests where there are tags, because an upsert would replace the tags that the contact has. */
async function write(z: ZObject, bundle: Bundle, change: ContactChange, tags: string[]): Promise<Result> {
  const highlevel = connect(z, bundle);
  const { created, contact } = await highlevel.contacts.upsert(change);
  const tagged =
    tags.length === 0
      ? contact.tags
      : await highlevel.contacts.addTags(contact.id, tags).catch((error: unknown) => {
          throw halfSaved(z, bundle, error, contact, created);
        });
  return { ...(await highlevel.contacts.present({ ...contact, tags: tagged })), was_created: created };
}

/** A throttled step, or one whose token has run out, is repeated by Zapier, finds the same contact and ends whole. */
function halfSaved(z: ZObject, bundle: Bundle, error: unknown, contact: ContactRecord, created: boolean) {
  const highlevel = connect(z, bundle);
  const problem = problemOf(error);
  if (!problem || problem.kind === 'throttled') return error;
  const url = highlevel.connection.contactUrl(contact.id);
  const sentence =
    `The contact was ${created ? 'created' : 'updated'} (${url}), but its tags could not be added: ` +
    `${problem.messages.join('; ') || 'HighLevel gave no reason'}. Add them in HighLevel, or replay this step: it finds the same contact again.`;
  return withProblem(new z.errors.Error(sentence, 'tags_not_added', problem.status || 503), problem);
}

async function preview(z: ZObject, bundle: Bundle, change: ContactChange, tags: string[]): Promise<Result> {
  const highlevel = connect(z, bundle);
  const existing = await highlevel.contacts.findBy(change);
  const contact = await highlevel.contacts.present(previewContact(existing ?? { id: TEST_ID }, change, tags));
  return { ...contact, url: existing ? contact.url : null, was_created: !existing };
}

export default defineCreate({
  key: CREATE.createOrUpdateContact,
  noun: 'Contact',
  display: {
    label: 'Create or Update Contact',
    description: 'Creates a contact, or updates the one that has the same email address or phone number.',
  },
  operation: {
    perform,
    inputFields,
    inputFieldGroups: [moreGroup, customFieldsGroup],
    outputFields: [...contactOutputFields, testOutput],
    sample: marked(contactSample, false),
  },
});
