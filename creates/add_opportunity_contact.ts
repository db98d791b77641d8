import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { marked, testMode } from '../fields/inputs/test-mode.ts';
import { connect, type HighLevel } from '../highlevel/connect.ts';
import { problemOf } from '../highlevel/http/problem.ts';
import { ADD_RELATION, LIST_RELATIONS } from '../highlevel/opportunities/relations.ts';
import { furtherContact, pairOutputFields, pairSample, readPair } from './support/further-contact.ts';

const inputFields = defineInputFields([inputs.opportunity, furtherContact, testMode]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(ADD_RELATION);
  highlevel.requirePermission(LIST_RELATIONS);
  const { opportunity, contact, isOwn, test, isMadeUp } = await readPair(z, bundle);
  const { further_contact_id: id } = contact;
  const pair = { opportunityId: opportunity.id, contactId: id };
  const wasAdded = !isOwn && (isMadeUp || (await add(highlevel, pair, test)));
  const notice = isOwn
    ? `${furtherContact.label}: this is the opportunity’s primary contact already.`
    : !wasAdded
      ? `${furtherContact.label}: this was an additional contact of the opportunity already.`
      : null;
  return marked({ ...opportunity, ...contact, was_added: wasAdded, notice }, test);
}) satisfies CreatePerform<typeof inputFields>;

/** @returns whether this step added it, in an earlier run whose answer was lost too; in Test Mode whether it would */
async function add(
  { opportunities }: HighLevel,
  { opportunityId, contactId }: { opportunityId: string; contactId: string },
  test: boolean,
): Promise<boolean> {
  const isThere = async () => (await opportunities.findRelation(opportunityId, contactId)) !== null;
  const thereBefore = await isThere();
  if (test) return !thereBefore;
  if (!thereBefore) {
    try {
      await opportunities.addRelation(opportunityId, contactId);
      return true;
    } catch (error) {
      // Another run may have added it since it was looked for, so that HighLevel refuses a second.
      const isRefused = ['duplicate', 'invalid'].includes(problemOf(error)?.kind ?? '');
      if (!isRefused || !(await isThere().catch(() => false))) throw error;
    }
  }
  return opportunities.wasRelationChangedBefore('added', opportunityId, contactId);
}

export default defineCreate({
  key: 'add_opportunity_contact',
  noun: 'Contact',
  display: {
    label: 'Add Contact to Opportunity',
    description: 'Adds an additional contact to an opportunity, beside its primary contact.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: pairOutputFields({ key: 'was_added', label: 'Was Added' }),
    sample: marked({ ...pairSample, was_added: true, notice: null }, false),
  },
});
