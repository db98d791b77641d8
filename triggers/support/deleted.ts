/** An opportunity that is gone: what its deletion told, and its contact, which is still there to be read. */

import { existingContactSample } from '../../fields/outputs/contact.ts';
import { opportunityOutput, opportunitySample } from '../../fields/outputs/opportunity.ts';
import { without } from '../../fields/outputs/pick.ts';
import type { HighLevel } from '../../highlevel/connect.ts';
import type { Contact } from '../../highlevel/contacts/record.ts';
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

/** What a deletion does not tell, and nobody can say any more. */
const NEVER_TOLD = [
  'lost_reason_id',
  'lost_reason_name',
  'expected_close_date',
  'probability',
  'effective_probability',
  'follower_ids',
  'created_at',
  'updated_at',
  'last_stage_change_at',
  'last_status_change_at',
  // It would lead nowhere.
  'url',
  'custom_fields',
] as const satisfies (keyof Opportunity)[];

/** `contact` is null where it was deleted too, or the permission to read it was not granted. */
export type DeletedOpportunity = Omit<Opportunity, (typeof NEVER_TOLD)[number]> & { contact: Contact | null };

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
  const contact = await highlevel.contacts.ofOpportunity(contactId);
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
    contact: contact && {
      id: contact.id,
      name: contact.name,
      email: contact.email,
      phone: contact.phone,
      companyName: contact.company_name,
      tags: contact.tags,
    },
  });
  return { ...without(NEVER_TOLD, opportunity), contact };
}

const isTold = ({ key }: { key: string }) => !(NEVER_TOLD as readonly string[]).includes(key);
const outputs = opportunityOutput.filter(isTold);

/** No more than what is told of one; the rows are told apart by what stands in the definition itself. */
export const deletedOutput = [...outputs.slice(0, 1), async () => outputs.slice(1)];

export const deletedSample = { ...without(NEVER_TOLD, opportunitySample), contact: existingContactSample };
