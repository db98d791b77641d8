import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import {
  customFieldsGroup,
  opportunityFieldInputs,
  personFieldInputs,
  personFieldsGroup,
  readPersonFields,
} from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { optionalText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { noticeOf, noticeOutput } from '../fields/outputs/notice.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { UPSERT_CONTACT } from '../highlevel/contacts/writes.ts';
import { wasRefused } from '../highlevel/http/attempts.ts';
import { problemOf, withProblem } from '../highlevel/http/problem.ts';
import { CREATE_OPPORTUNITY } from '../highlevel/opportunities/writes.ts';
import { addressInputs, readAddress } from './support/address.ts';
import { ifExists, valueRule } from './support/existing.ts';
import { ofPerson } from './support/locks.ts';
import { createdSample, outcomeOutput, presentOutcome } from './support/outcome.ts';
import {
  contactIsDone,
  findContactBy,
  type Person,
  personInputs,
  readPerson,
  saveContact,
  whatWasDone,
} from './support/save-contact.ts';
import { saveOpportunity, type Wanted } from './support/save-opportunity.ts';
import { readRules, readWanted } from './support/wanted.ts';

const more = { group: moreGroup.key };
const TAGS = 'Contact Tags';

const inputFields = defineInputFields([
  inputs.pipeline,
  inputs.name,
  personInputs.email,
  personInputs.phone,
  personInputs.firstName,
  personInputs.lastName,
  personInputs.company,
  inputs.stage,
  inputs.value,
  inputs.owner,
  {
    key: 'note',
    label: 'Note',
    type: 'text',
    required: false,
    helpText: 'A note on the contact, for example what was written into the form.',
  },
  {
    key: 'full_name',
    label: 'Full Name',
    type: 'string',
    required: false,
    ...more,
    helpText:
      'Only for apps that do not split names: the first word becomes the first name, the rest the last name. Ignored where First Name or Last Name is filled in.',
  },
  { ...personInputs.tags, label: TAGS, ...more },
  ...addressInputs(more),
  {
    ...inputs.status,
    helpText: 'Leave empty for Open. An existing opportunity then keeps its status.',
    ...more,
  },
  { ...inputs.lostReason, ...more },
  { ...inputs.expectedCloseDate, ...more },
  { ...inputs.probability, ...more },
  { ...inputs.source, ...more },
  { ...findContactBy, ...more },
  { ...ifExists, ...more },
  { ...valueRule, ...more },
  { ...testMode, ...more },
  personFieldInputs,
  opportunityFieldInputs,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

interface Plan {
  person: Person;
  /** Everything but the contact, who is known once saved. */
  wanted: Omit<Wanted, 'contactId'>;
  note: string | undefined;
  dropped: string | null;
}

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  for (const endpoint of [UPSERT_CONTACT, CREATE_OPPORTUNITY]) highlevel.requirePermission(endpoint);
  const test = isTest(z, inputData);
  const rules = readRules(z, inputData, false);
  const { person, wanted, note, dropped } = await read(z, bundle, inputData);
  const contact = await saveContact(z, bundle, person, test);
  const contactId = contact.record.id;
  const saved = await saveOpportunity(z, bundle, { ...wanted, contactId }, rules, test).catch(
    (error: unknown) => {
      throw test ? error : onlyContact(z, bundle, error, contactId, contact.created);
    },
  );
  const unnoted = note && !test ? await addNote(z, bundle, contactId, note) : null;
  const outcome = await presentOutcome(highlevel, saved);
  await contactIsDone(z, bundle, contact);
  const notice = noticeOf(contact.notice, dropped, saved.notice, unnoted);
  return marked(
    { ...withContact(outcome, contact.record), contact_was_created: contact.created, notice },
    test,
  );
}) satisfies CreatePerform<typeof inputFields>;

/** Everything is read and found before the first request that writes. */
async function read(z: ZObject, bundle: Bundle, input: Input): Promise<Plan> {
  const person = readPerson(z, input, input.full_name, TAGS);
  const address = readAddress(z, input);
  const { wanted, dropped } = await readWanted(z, bundle, input);
  const customFields = await readPersonFields(z, bundle);
  return {
    person: { ...person, change: { ...person.change, ...address, customFields } },
    wanted,
    note: optionalText(z, 'Note', input.note),
    dropped,
  };
}

/** What is told where the opportunity could not be saved: the contact was. Run again, the step finds the same contact. */
function onlyContact(
  z: ZObject,
  bundle: Bundle,
  error: unknown,
  contactId: string,
  created: boolean | null,
): unknown {
  const problem = problemOf(error);
  if (problem?.kind === 'throttled') return error;
  const url = connect(z, bundle).connection.contactUrl(contactId);
  const saved = `The contact was ${whatWasDone(created)} all the same (${url}); run again, this step finds the same contact.`;
  if (error instanceof z.errors.HaltedError) {
    const halted = new z.errors.HaltedError(`${error.message} ${saved}`);
    return problem ? withProblem(halted, problem) : halted;
  }
  if (!problem || !(error instanceof z.errors.Error)) return error;
  // Core keeps the sentence of its own errors in JSON. [source: core, errors]
  const { message, code, status } = JSON.parse(error.message) as {
    message: string;
    code: string;
    status: number;
  };
  return withProblem(new z.errors.Error(`${message} ${saved}`, code, status), problem);
}

/** @returns what is told where the note could not be added: an error would have the step run again */
async function addNote(z: ZObject, bundle: Bundle, contactId: string, body: string): Promise<string | null> {
  const { contacts } = connect(z, bundle);
  return contacts.notes
    .create(contactId, { body })
    .then(() => null)
    .catch((error: unknown) =>
      wasRefused(error)
        ? 'Note: it could not be added. Add it in HighLevel.'
        : 'Note: HighLevel did not answer whether it was added. Look at the contact in HighLevel.',
    );
}

/** HighLevel's answers to a creation and a change may name the contact by its id alone. */
function withContact(
  outcome: Awaited<ReturnType<typeof presentOutcome>>,
  person: Awaited<ReturnType<typeof saveContact>>['record'],
) {
  const { id, firstName, lastName, name, email, phone, companyName, tags } = person;
  const fullName = [firstName, lastName].filter(Boolean).join(' ') || name;
  if (outcome.contact_id !== null && outcome.contact_id !== id) return outcome;
  return {
    ...outcome,
    contact_id: id,
    contact_name: outcome.contact_name ?? (fullName || null),
    contact_email: outcome.contact_email ?? (email || null),
    contact_phone: outcome.contact_phone ?? (phone || null),
    contact_company_name: outcome.contact_company_name ?? (companyName || null),
    contact_tags: outcome.contact_tags.length > 0 ? outcome.contact_tags : (tags ?? []),
  };
}

export default defineCreate({
  key: 'create_contact_and_opportunity',
  noun: 'Opportunity',
  display: {
    label: 'Create Contact and Opportunity',
    description: 'Finds or creates a contact, and creates or updates an opportunity for them, in one step.',
  },
  operation: {
    perform,
    lock: ofPerson,
    inputFields,
    inputFieldGroups: [moreGroup, customFieldsGroup, personFieldsGroup],
    outputFields: [
      ...opportunityOutputFields,
      ...outcomeOutput,
      { key: 'contact_was_created', label: 'Contact Was Created', type: 'boolean' },
      noticeOutput,
      testOutput,
    ],
    sample: marked(
      { ...opportunitySample, ...createdSample, contact_was_created: true, notice: null },
      false,
    ),
  },
});
