/** An opportunity that is gone: what its deletion told, and its contact, which is still there to be read. */

import { existingContactSample } from '../../fields/outputs/contact.ts';
import { opportunitySample } from '../../fields/outputs/opportunity.ts';
import type { HighLevel } from '../../highlevel/connect.ts';
import type { Contact, ContactRecord } from '../../highlevel/contacts/record.ts';
import { problemOf } from '../../highlevel/http/problem.ts';
import type { Opportunity, OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** What is told of it. */
export type DeletedRecord = Pick<
  OpportunityRecord,
  | 'id'
  | 'name'
  | 'source'
  | 'status'
  | 'monetaryValue'
  | 'pipelineId'
  | 'pipelineStageId'
  | 'assignedTo'
  | 'contactId'
>;

/** `contact` is null where it was deleted too, or the permission to read it was not granted. */
export type DeletedOpportunity = Opportunity & { contact: Contact | null };

/**
 * With the contact as HighLevel has it now: by its email or a field of its own a row in another system can be found.
 *
 * @throws the errors of `call`, but where the contact is gone as well
 */
export async function presentDeleted(
  highlevel: HighLevel,
  {
    id,
    name,
    source,
    status,
    monetaryValue,
    pipelineId,
    pipelineStageId,
    assignedTo,
    contactId,
  }: DeletedRecord,
): Promise<DeletedOpportunity> {
  const person = contactId ? await readIfThere(highlevel, contactId) : null;
  const contact = person && (await highlevel.contacts.present(person));
  const told = {
    id,
    name,
    source,
    status,
    monetaryValue,
    pipelineId,
    pipelineStageId,
    assignedTo,
    contactId,
  };
  const opportunity = await highlevel.opportunities.presentOne({
    ...told,
    // As all else that a deletion does not tell.
    lostReasonId: null,
    contact: contact && {
      id: contact.id,
      name: contact.name,
      email: contact.email,
      phone: contact.phone,
      companyName: contact.company_name,
      tags: contact.tags,
    },
  });
  // A link to it would lead nowhere.
  return { ...opportunity, url: null, contact };
}

async function readIfThere(highlevel: HighLevel, contactId: string): Promise<ContactRecord | null> {
  if (!highlevel.hasScope('contacts.readonly')) return null;
  try {
    return await highlevel.contacts.get(contactId);
  } catch (error) {
    if (problemOf(error)?.kind === 'not_found') return null;
    throw error;
  }
}

/** No more than what is told of one. */
export const deletedSample = {
  ...opportunitySample,
  expected_close_date: null,
  probability: null,
  effective_probability: null,
  follower_ids: [],
  created_at: null,
  updated_at: null,
  last_stage_change_at: null,
  last_status_change_at: null,
  url: null,
  contact: existingContactSample,
};
