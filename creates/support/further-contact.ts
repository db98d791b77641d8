/** What adding and removing a further contact of an opportunity share. */

import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import * as inputs from '../../fields/inputs/common.ts';
import { requiredId } from '../../fields/inputs/read-id.ts';
import { isTest, TEST_ID, testOutput } from '../../fields/inputs/test-mode.ts';
import { noticeOutput } from '../../fields/outputs/notice.ts';
import { opportunityOutputFields, opportunitySample } from '../../fields/outputs/opportunity.ts';
import { connect } from '../../highlevel/connect.ts';
import { contactName } from '../../highlevel/contacts/record.ts';
import type { Opportunity } from '../../highlevel/opportunities/record.ts';
import { isTestId, testOpportunity } from './test-records.ts';

export const furtherContact = defineInputField({
  ...inputs.contact,
  key: 'further_contact_id',
  helpText:
    'A contact beside the opportunity’s primary contact; the dropdown shows the newest first. To use one from an earlier step, map that step’s contact ID.',
});

/** The contact that the step is about. */
interface FurtherContact {
  further_contact_id: string;
  further_contact_name: string | null;
  further_contact_email: string | null;
}

interface Pair {
  opportunity: Opportunity;
  contact: FurtherContact;
  /** Whether it is the opportunity's own contact. */
  isOwn: boolean;
  /** Whether nothing may be written. */
  test: boolean;
  /** Whether one of the two was never made, so that nothing can be asked of it. */
  isMadeUp: boolean;
}

/**
 * The opportunity and the contact, read from HighLevel before anything is written.
 *
 * @throws HaltedError where one of them is not named, or is not there
 */
export async function readPair(z: ZObject, bundle: Bundle): Promise<Pair> {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  const test = isTest(z, inputData);
  const opportunityId = requiredId(z, inputs.opportunity.label, inputData.opportunity_id, test);
  const contactId = requiredId(z, furtherContact.label, inputData[furtherContact.key], test);
  const record = isTestId(opportunityId, test)
    ? testOpportunity(highlevel)
    : await highlevel.opportunities.getWhole(opportunityId);
  const opportunity = await highlevel.opportunities.presentOne(record);
  const contact = await readContact(z, bundle, contactId, test);
  return {
    opportunity: isTestId(opportunityId, test) ? { ...opportunity, url: null } : opportunity,
    contact,
    isOwn: contactId !== TEST_ID && contactId === opportunity.contact_id,
    test,
    isMadeUp: isTestId(opportunityId, test) || isTestId(contactId, test),
  };
}

async function readContact(
  z: ZObject,
  bundle: Bundle,
  contactId: string,
  test: boolean,
): Promise<FurtherContact> {
  if (isTestId(contactId, test)) {
    return { further_contact_id: contactId, further_contact_name: null, further_contact_email: null };
  }
  const contact = await connect(z, bundle).contacts.get(contactId);
  return {
    further_contact_id: contact.id,
    further_contact_name: contactName(contact),
    further_contact_email: contact.email || null,
  };
}

/** Given by a function, which costs the definition nothing. */
const contactOutputs = async () => [
  { key: 'further_contact_id', label: 'Additional Contact ID', type: 'string' as const },
  { key: 'further_contact_name', label: 'Additional Contact Name', type: 'string' as const },
  { key: 'further_contact_email', label: 'Additional Contact Email', type: 'string' as const },
];

/** @param done what tells whether anything was done: `was_added` or `was_removed` */
export const pairOutputFields = (done: { key: string; label: string }) => [
  ...opportunityOutputFields,
  contactOutputs,
  { ...done, type: 'boolean' as const },
  noticeOutput,
  testOutput,
];

export const pairSample = {
  ...opportunitySample,
  further_contact_id: 'Jb3fTq8sWc2Rz6LmYk0P',
  further_contact_name: 'Hannah Lee',
  further_contact_email: 'hannah@example.com',
};
