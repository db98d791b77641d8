import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { customFieldsGroup, opportunityFieldInputs } from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { SEARCH } from '../fields/keys.ts';
import { noticeOf, noticeOutput } from '../fields/outputs/notice.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { CREATE_OPPORTUNITY } from '../highlevel/opportunities/writes.ts';
import { ifExists, valueRule } from './support/existing.ts';
import { isAfterSearch, ofContact } from './support/locks.ts';
import { createdSample, outcomeOutput, presentOutcome } from './support/outcome.ts';
import { saveOpportunity } from './support/save-opportunity.ts';
import { readRules, readWanted } from './support/wanted.ts';

const more = { group: moreGroup.key };

const inputFields = defineInputFields([
  inputs.contact,
  inputs.pipeline,
  inputs.name,
  inputs.stage,
  { ...inputs.status, helpText: 'Leave empty for Open. An existing opportunity then keeps its status.' },
  inputs.value,
  inputs.owner,
  { ...inputs.expectedCloseDate, ...more },
  { ...inputs.probability, ...more },
  { ...inputs.source, ...more },
  { ...inputs.lostReason, ...more },
  { ...ifExists, ...more },
  { ...valueRule, ...more },
  { ...testMode, ...more },
  opportunityFieldInputs,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(CREATE_OPPORTUNITY);
  const test = isTest(z, inputData);
  const rules = readRules(z, inputData, isAfterSearch(bundle, SEARCH.findOpportunity));
  // Everything is read and found before the one request that writes.
  const contactId = requiredId(z, inputs.contact.label, inputData.contact_id, test);
  const { wanted, dropped } = await readWanted(z, bundle, inputData);
  const saved = await saveOpportunity(z, bundle, { ...wanted, contactId }, rules, test);
  const opportunity = await presentOutcome(highlevel, saved);
  return marked({ ...opportunity, notice: noticeOf(dropped, saved.notice) }, test);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'create_opportunity',
  noun: 'Opportunity',
  display: {
    label: 'Create Opportunity',
    description:
      'Creates an opportunity in a pipeline, or updates the one that the contact has there if you choose so.',
  },
  operation: {
    perform,
    lock: ofContact,
    inputFields,
    inputFieldGroups: [moreGroup, customFieldsGroup],
    outputFields: [...opportunityOutputFields, ...outcomeOutput, noticeOutput, testOutput],
    sample: marked({ ...opportunitySample, ...createdSample, notice: null }, false),
  },
});
