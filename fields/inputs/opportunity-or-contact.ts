/** Notes and tasks belong to a contact in HighLevel; a person names the contact, or an opportunity of theirs. */

import type { Bundle, ZObject } from 'zapier-platform-core';
import { connect } from '../../highlevel/connect.ts';
import { contactName } from '../../highlevel/contacts/record.ts';
import { contact, opportunity } from './common.ts';
import { requiredId } from './read-id.ts';
import { readText } from './read-text.ts';
import { TEST_ID } from './test-mode.ts';

/** @param what the opportunity is to the step, as the beginning of a sentence */
export const opportunityInput = (what: string) =>
  ({
    ...opportunity,
    required: false,
    helpText: `${what}: choose one, or map the opportunity ID of an earlier step. Leave empty to choose a contact instead.`,
  }) as const;

export const contactInput = {
  ...contact,
  required: false,
  helpText:
    'Needed only if Opportunity is empty, and ignored otherwise: choose a contact, or map the contact ID of an earlier step.',
} as const;

export interface Target {
  contact_id: string;
  contact_name: string | null;
  opportunity_id: string | null;
  opportunity_name: string | null;
  /** Opens the opportunity where there is one, or else the contact. */
  url: string | null;
}

/** What an earlier step in Test Mode would have made. */
const NEVER_MADE = { contact_name: null, opportunity_id: null, opportunity_name: null, url: null };

/**
 * The contact, and the opportunity if one was chosen, read from HighLevel so that neither is a guess.
 *
 * @param test whether the step writes nothing, so that what an earlier one in Test Mode would have made will do
 * @throws HaltedError where neither is chosen, or the one that is cannot be found
 */
export async function readTarget(
  z: ZObject,
  bundle: Bundle,
  input: { opportunity_id?: unknown; contact_id?: unknown },
  test: boolean,
): Promise<Target> {
  const highlevel = connect(z, bundle);
  if (readText(input.opportunity_id)) {
    const id = requiredId(z, opportunity.label, input.opportunity_id, test);
    if (id === TEST_ID) return { ...NEVER_MADE, contact_id: TEST_ID, opportunity_id: TEST_ID };
    const record = await highlevel.opportunities.get(id);
    const contactId = record.contactId ?? record.contact?.id;
    if (!contactId) {
      throw new z.errors.HaltedError(
        `${opportunity.label}: "${record.name ?? record.id}" has no contact, and HighLevel keeps notes and tasks with contacts. Give it a contact in HighLevel.`,
      );
    }
    return {
      contact_id: contactId,
      contact_name: record.contact?.name || null,
      opportunity_id: record.id,
      opportunity_name: record.name || null,
      url: highlevel.connection.opportunityUrl(record.id),
    };
  }
  if (!readText(input.contact_id)) {
    throw new z.errors.HaltedError(
      `${opportunity.label}, ${contact.label}: both are empty. Choose the one that this belongs to. If it comes from an earlier step, that step had no value for it this time.`,
    );
  }
  const id = requiredId(z, contact.label, input.contact_id, test);
  if (id === TEST_ID) return { ...NEVER_MADE, contact_id: TEST_ID };
  const person = await highlevel.contacts.get(id);
  return {
    contact_id: person.id,
    contact_name: contactName(person),
    opportunity_id: null,
    opportunity_name: null,
    url: highlevel.connection.contactUrl(person.id),
  };
}

export const targetOutput = [
  { key: 'contact_id', label: 'Contact ID', type: 'string' },
  { key: 'contact_name', label: 'Contact Name', type: 'string' },
  { key: 'opportunity_id', label: 'Opportunity ID', type: 'string' },
  { key: 'opportunity_name', label: 'Opportunity Name', type: 'string' },
  { key: 'url', label: 'Link', type: 'string' },
] as const;

export const targetSample: Target = {
  contact_id: 'mTkSCb1UBjb5tk4OvB69',
  contact_name: 'Sam Reed',
  opportunity_id: 'yWQobCRIhRguQtD2llvk',
  opportunity_name: 'Website for Harbor Cafe',
  url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/opportunities/list?opportunity=yWQobCRIhRguQtD2llvk',
};
