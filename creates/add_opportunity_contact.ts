import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { marked, testMode } from '../fields/inputs/test-mode.ts';
import { connect } from '../highlevel/connect.ts';
import { ADD_RELATION, LIST_RELATIONS } from '../highlevel/opportunities/relations.ts';
import { furtherContact, pairOutputFields, pairSample, readPair } from './support/further-contact.ts';

const inputFields = defineInputFields([inputs.opportunity, furtherContact, testMode]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(ADD_RELATION);
  highlevel.requirePermission(LIST_RELATIONS);
  const { opportunity, contact, isOwn, test, isMadeUp } = await readPair(z, bundle);
  const { further_contact_id: id } = contact;
  const { opportunities } = highlevel;
  const isThere = isOwn || (!isMadeUp && (await opportunities.findRelation(opportunity.id, id)) !== null);
  const wasAddedBefore =
    isThere && !isOwn && !test && (await opportunities.wasRelationChangedBefore('added', opportunity.id, id));
  const wasAdded = !isThere || wasAddedBefore;
  if (!isThere && !test) await opportunities.addRelation(opportunity.id, id);
  const notice = isOwn
    ? `${furtherContact.label}: this is the opportunity’s primary contact already.`
    : !wasAdded
      ? `${furtherContact.label}: this was an additional contact of the opportunity already.`
      : null;
  return marked({ ...opportunity, ...contact, was_added: wasAdded, notice }, test);
}) satisfies CreatePerform<typeof inputFields>;

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
