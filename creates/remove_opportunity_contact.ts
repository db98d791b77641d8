import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { marked, testMode } from '../fields/inputs/test-mode.ts';
import { connect } from '../highlevel/connect.ts';
import { LIST_RELATIONS, REMOVE_RELATION } from '../highlevel/opportunities/relations.ts';
import { furtherContact, pairOutputFields, pairSample, readPair } from './support/further-contact.ts';

const inputFields = defineInputFields([inputs.opportunity, furtherContact, testMode]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(REMOVE_RELATION);
  highlevel.requirePermission(LIST_RELATIONS);
  const { opportunity, contact, isOwn, test, isMadeUp } = await readPair(z, bundle);
  if (isOwn) {
    throw new z.errors.HaltedError(
      `${furtherContact.label}: "${contact.further_contact_name}" is the opportunity’s primary contact, which it cannot be without. Choose one of its additional contacts. Nobody was removed.`,
    );
  }
  const { further_contact_id: id } = contact;
  const { opportunities } = highlevel;
  const relation = isMadeUp ? null : await opportunities.findRelation(opportunity.id, id);
  if (relation && !relation.id) {
    throw new z.errors.Error(
      `${furtherContact.label}: HighLevel lists this contact and does not say how it is tied to the opportunity, so it cannot be removed. Remove it in HighLevel.`,
      'unreadable',
      503,
    );
  }
  const isRemoved =
    relation?.id && !test
      ? await opportunities.removeRelation(relation.id, opportunity.id, id)
      : relation !== null;
  const wasRemoved =
    isRemoved ||
    isMadeUp ||
    (!test && (await opportunities.wasRelationChangedBefore('removed', opportunity.id, id)));
  const notice = wasRemoved
    ? null
    : `${furtherContact.label}: this is no additional contact of the opportunity, or not any more.`;
  return marked({ ...opportunity, ...contact, was_removed: wasRemoved, notice }, test);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'remove_opportunity_contact',
  noun: 'Contact',
  display: {
    label: 'Remove Contact From Opportunity',
    description: 'Removes an additional contact from an opportunity and keeps the contact itself.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: pairOutputFields({ key: 'was_removed', label: 'Was Removed' }),
    sample: marked({ ...pairSample, was_removed: true, notice: null }, false),
  },
});
