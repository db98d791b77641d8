import {
  type Bundle,
  type CreatePerform,
  defineCreate,
  defineInputFields,
  type ZObject,
} from 'zapier-platform-core';
import { fieldsToClear, readClears } from '../fields/inputs/clear.ts';
import * as inputs from '../fields/inputs/common.ts';
import { customFieldsGroup, opportunityFieldInputs } from '../fields/inputs/custom-fields.ts';
import { moreGroup } from '../fields/inputs/groups.ts';
import { readOpportunityValues } from '../fields/inputs/opportunity-values.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { optionalText, readText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { noticeOf, noticeOutput } from '../fields/outputs/notice.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { problemOf } from '../highlevel/http/problem.ts';
import { normalise, type OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { UPDATE_OPPORTUNITY } from '../highlevel/opportunities/writes.ts';
import { asItStood } from './support/before.ts';
import { isNothing, previewWhole, readLostReason, saveChange, type WholeChange } from './support/change.ts';
import { duplicateError, explainDuplicate } from './support/duplicate.ts';
import { onlyIf, readOnlyIf, readValueRule, valueRule, withValue } from './support/existing.ts';
import { ofOpportunity } from './support/locks.ts';
import { explainLostReason } from './support/lost-reason.ts';
import { readMove } from './support/move.ts';
import { notKept } from './support/not-kept.ts';
import { outcomeOutput, presentOutcome, updatedSample } from './support/outcome.ts';
import { nothingToChange } from './support/set-values.ts';
import { isTestId, testOpportunity } from './support/test-records.ts';

const more = { group: moreGroup.key };
const optional = { required: false } as const;

const inputFields = defineInputFields([
  inputs.opportunity,
  {
    ...inputs.pipeline,
    ...optional,
    helpText:
      'Moves the opportunity to this pipeline, there to the first stage unless you choose one; if it is in the pipeline already, it stays in its stage. Leave empty to keep the pipeline it has.',
  },
  {
    ...inputs.stage,
    helpText:
      'Moves the opportunity to this stage of its pipeline: choose the pipeline first to see its stages, or map the ID or exact name of one. Leave empty to keep the stage it has, unless it goes to another pipeline.',
  },
  { ...inputs.name, ...optional, helpText: 'The new name. Leave empty to keep the one it has.' },
  {
    ...inputs.status,
    helpText: 'Leave empty to keep the status it has.',
  },
  inputs.value,
  {
    ...inputs.owner,
    helpText:
      'The user who is to own the opportunity, and the contact too unless your sub-account keeps the two apart: choose one, or map a user’s ID, exact name or email address. Leave empty to keep the owner it has.',
  },
  { ...inputs.expectedCloseDate, ...more },
  {
    ...inputs.probability,
    ...more,
    helpText:
      'How likely the opportunity is won, in percent from 0 to 100. Leave empty to keep the one it has.',
  },
  { ...inputs.lostReason, ...more },
  { ...onlyIf, ...more },
  { ...valueRule, ...more },
  fieldsToClear(moreGroup.key),
  { ...testMode, ...more },
  opportunityFieldInputs,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(UPDATE_OPPORTUNITY);
  const test = isTest(z, inputData);
  const id = requiredId(z, inputs.opportunity.label, inputData.opportunity_id, test);
  const mayChange = readOnlyIf(z, inputData.only_if, Boolean(bundle.meta?.withSearch));
  const rule = readValueRule(z, inputData.value_rule);
  const { change, dropped } = await readChange(z, bundle, inputData);
  // In Test Mode what is read is all that is shown.
  const read = test ? highlevel.opportunities.getWhole : highlevel.opportunities.get;
  const now = isTestId(id, test) ? testOpportunity(highlevel) : await read(id);
  const update = async (before: OpportunityRecord) => {
    if (!mayChange(before)) return { record: now, before, leftAlone: true, lost: null };
    const move = await readMove(z, bundle, inputData, before);
    const whole = withValue({ ...change, ...move }, rule, before);
    const record = await save(z, bundle, before, whole, test);
    return { record, before, leftAlone: false, lost: notKept(whole, record) };
  };
  const { lost, ...outcome } = await (test
    ? update(now)
    : asItStood(z, bundle, now, [change.status], update));
  return marked({ ...(await presentOutcome(highlevel, outcome)), notice: noticeOf(dropped, lost) }, test);
}) satisfies CreatePerform<typeof inputFields>;

/** What the step sets and clears; where the opportunity is moved depends on where it is. */
async function readChange(
  z: ZObject,
  bundle: Bundle,
  input: Input,
): Promise<{ change: WholeChange; dropped: string | null }> {
  // In a find-or-create step the name is what the opportunity was found by, perhaps only a part of it.
  const name = bundle.meta?.withSearch ? undefined : optionalText(z, inputs.name.label, input.name);
  const set = { name, ...(await readOpportunityValues(z, bundle, input)) };
  const clears = await readClears(z, bundle);
  const customFields = [...(set.customFields ?? []), ...(clears.customFields ?? [])];
  const { lostReasonId, notice } = await readLostReason(z, bundle, input.lost_reason_id, set.status);
  const change = {
    ...set,
    ...clears,
    customFields: customFields.length > 0 ? customFields : undefined,
    lostReasonId,
  };
  if (isNothing(change) && !readText(input.pipeline_id) && !readText(input.stage_id)) {
    throw nothingToChange(z, 'Fill one in, or choose one under "Fields to Clear".');
  }
  return { change, dropped: notice };
}

const ADVICE = 'Nothing was changed.';

/** The opportunity as it then stands, or in Test Mode as it would stand. */
async function save(
  z: ZObject,
  bundle: Bundle,
  before: OpportunityRecord,
  change: WholeChange,
  test: boolean,
): Promise<OpportunityRecord> {
  if (isNothing(change)) return before;
  if (test) {
    await refuseSecond(z, bundle, before, change);
    return previewWhole(before, change);
  }
  try {
    return await saveChange(z, bundle, before.id, change);
  } catch (error) {
    const problem = problemOf(error);
    throw (
      (await explainDuplicate(z, bundle, problem, ADVICE)) ??
      explainLostReason(
        z,
        problem,
        `Choose a ${inputs.lostReason.label} in this step.`,
        change.lostReasonId,
      ) ??
      error
    );
  }
}

/** What HighLevel would refuse of a move to another pipeline, found out by reading alone. */
async function refuseSecond(
  z: ZObject,
  bundle: Bundle,
  before: OpportunityRecord,
  { pipelineId }: WholeChange,
): Promise<void> {
  const { contact_id: contactId } = normalise(before);
  if (!pipelineId || !contactId) return;
  const { opportunities } = connect(z, bundle);
  const existing = await opportunities.inTheWay({ contactId, pipelineId });
  if (existing) throw duplicateError(z, bundle, existing, ADVICE);
}

export default defineCreate({
  key: 'update_opportunity',
  noun: 'Opportunity',
  display: {
    label: 'Update Opportunity',
    description: 'Updates an opportunity, changing only the fields that you fill in.',
  },
  operation: {
    perform,
    lock: ofOpportunity,
    inputFields,
    inputFieldGroups: [moreGroup, customFieldsGroup],
    outputFields: [...opportunityOutputFields, ...outcomeOutput, noticeOutput, testOutput],
    sample: marked({ ...opportunitySample, ...updatedSample, notice: null }, false),
  },
});
