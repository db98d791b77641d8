import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { customFieldsGroup, opportunityFieldInputs } from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { readOpportunityValues } from '../fields/inputs/opportunity-values.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { readText, requiredText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { CREATE, SEARCH } from '../fields/keys.ts';
import { noticeOf, noticeOutput } from '../fields/outputs/notice.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { CREATE_OPPORTUNITY } from '../highlevel/opportunities/writes.ts';
import { readLostReason } from './support/change.ts';
import { ifExists, readExistsRule, readValueRule, valueRule } from './support/existing.ts';
import { isAfterSearch, ofContact } from './support/locks.ts';
import { createdSample, outcomeOutput, presentOutcome } from './support/outcome.ts';
import { saveOpportunity, type Wanted } from './support/save-opportunity.ts';

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

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(CREATE_OPPORTUNITY);
  const test = isTest(z, inputData);
  const rules = {
    exists: readExistsRule(z, inputData.if_exists),
    value: readValueRule(z, inputData.value_rule),
    afterSearch: isAfterSearch(bundle, SEARCH.findOpportunity),
  };
  const { wanted, dropped } = await read(z, bundle, inputData, test);
  const saved = await saveOpportunity(z, bundle, wanted, rules, test);
  const opportunity = await presentOutcome(highlevel, saved);
  return marked({ ...opportunity, notice: noticeOf(dropped, saved.notice) }, test);
}) satisfies CreatePerform<typeof inputFields>;

/** Everything is read and found before the one request that writes. */
async function read(
  z: ZObject,
  bundle: Bundle,
  input: Input,
  test: boolean,
): Promise<{ wanted: Wanted; dropped: string | null }> {
  const highlevel = connect(z, bundle);
  const contactId = requiredId(z, inputs.contact.label, input.contact_id, test);
  const name = requiredText(z, inputs.name.label, input.name);
  const pipelineText = requiredText(z, inputs.pipeline.label, input.pipeline_id);
  const values = await readOpportunityValues(z, bundle, input);
  const pipeline = await highlevel.account.resolvePipeline(pipelineText);
  const stageText = readText(input.stage_id);
  const { lostReasonId, notice } = await readLostReason(z, bundle, input.lost_reason_id, values.status);
  const wanted = {
    ...values,
    contactId,
    name,
    source: readText(input.source),
    pipelineId: pipeline.id,
    pipelineStageId: stageText && (await highlevel.account.resolveStage(stageText, pipeline)).id,
    lostReasonId,
  };
  return { wanted, dropped: notice };
}

export default defineCreate({
  key: CREATE.createOpportunity,
  noun: 'Opportunity',
  display: {
    label: 'Create Opportunity',
    description: 'Creates a new opportunity in a pipeline.',
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
