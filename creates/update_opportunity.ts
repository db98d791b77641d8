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
import { readText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { CREATE } from '../fields/keys.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { problemOf } from '../highlevel/http/problem.ts';
import { previewChange } from '../highlevel/opportunities/preview.ts';
import type { OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { type OpportunityChange, UPDATE_OPPORTUNITY } from '../highlevel/opportunities/writes.ts';
import { duplicateError, explainDuplicate } from './support/duplicate.ts';
import { explainLostReason } from './support/lost-reason.ts';
import { readMove } from './support/move.ts';

const more = { group: moreGroup.key };
const optional = { required: false } as const;

const inputFields = defineInputFields([
  inputs.opportunity,
  {
    ...inputs.pipeline,
    ...optional,
    helpText:
      'Moves the opportunity to this pipeline. If you choose a pipeline and no stage, it goes to the pipeline’s first stage, unless it is in that pipeline already: then it stays where it is.',
  },
  {
    ...inputs.stage,
    helpText:
      'Moves the opportunity to this stage. Choose a pipeline first to see its stages, or map a stage’s ID or exact name; without a pipeline it must be a stage of the pipeline that the opportunity is in.',
  },
  { ...inputs.name, ...optional, helpText: 'A new name. Leave empty to keep the one it has.' },
  {
    ...inputs.status,
    helpText:
      'Leave empty to keep the status it has. To give a reason for a lost opportunity, use the action Update Opportunity Status.',
  },
  inputs.value,
  inputs.owner,
  { ...inputs.expectedCloseDate, ...more },
  {
    ...inputs.probability,
    ...more,
    helpText: 'How likely the opportunity is won, in percent from 0 to 100. Leave empty to keep what it has.',
  },
  fieldsToClear(moreGroup.key),
  { ...testMode, ...more },
  opportunityFieldInputs,
]);

type Input = Parameters<CreatePerform<typeof inputFields>>[1]['inputData'];
type ReadOpportunity = () => Promise<OpportunityRecord>;

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(UPDATE_OPPORTUNITY);
  const test = isTest(z, inputData);
  const id = requiredId(z, inputs.opportunity.label, inputData.opportunity_id);
  let reading: Promise<OpportunityRecord> | undefined;
  const opportunity = () => {
    reading ??= highlevel.opportunities.get(id);
    return reading;
  };
  const change = await read(z, bundle, inputData, opportunity);
  const record = test
    ? await tryOut(z, bundle, change, opportunity)
    : isNothing(change)
      ? await opportunity()
      : await write(z, bundle, id, change);
  return marked(await highlevel.opportunities.presentOne(record), test);
}) satisfies CreatePerform<typeof inputFields>;

/** @returns nothing only where the one thing that was asked is so already: to be in its pipeline */
async function read(
  z: ZObject,
  bundle: Bundle,
  input: Input,
  opportunity: ReadOpportunity,
): Promise<OpportunityChange> {
  // In a find-or-create step the name is what the opportunity was found by, perhaps only a part of it.
  const name = bundle.meta?.withSearch ? undefined : readText(input.name);
  const set = { name, ...(await readOpportunityValues(z, bundle, input)) };
  const clears = await readClears(z, bundle);
  const customFields = [...(set.customFields ?? []), ...(clears.customFields ?? [])];
  const change = { ...set, ...clears, customFields: customFields.length > 0 ? customFields : undefined };
  if (isNothing(change) && !readText(input.pipeline_id) && !readText(input.stage_id)) {
    throw new z.errors.HaltedError(
      'There is nothing to change: every field of this step is empty. Fill one in, or choose one under "Fields to Clear". If they come from earlier steps, those had no values this time.',
    );
  }
  return { ...change, ...(await readMove(z, bundle, input, opportunity)) };
}

function isNothing(change: OpportunityChange): boolean {
  return Object.values(change).every((value) => value === undefined);
}

const ADVICE = 'Nothing was changed.';

async function write(
  z: ZObject,
  bundle: Bundle,
  id: string,
  change: OpportunityChange,
): Promise<OpportunityRecord> {
  const highlevel = connect(z, bundle);
  try {
    return await highlevel.opportunities.update(id, change);
  } catch (error) {
    const problem = problemOf(error);
    throw (
      (await explainDuplicate(z, bundle, problem, ADVICE)) ??
      explainLostReason(
        z,
        problem,
        'Use the action Update Opportunity Status instead, which has a field for the reason.',
      ) ??
      error
    );
  }
}

/** What `write` would do, found out by reading alone. */
async function tryOut(
  z: ZObject,
  bundle: Bundle,
  change: OpportunityChange,
  opportunity: ReadOpportunity,
): Promise<OpportunityRecord> {
  const highlevel = connect(z, bundle);
  const before = await opportunity();
  const { pipelineId } = change;
  if (pipelineId && pipelineId !== before.pipelineId && before.contactId) {
    const existing = await highlevel.opportunities.inTheWay({ contactId: before.contactId, pipelineId });
    if (existing) throw duplicateError(z, bundle, existing, ADVICE);
  }
  return previewChange(before, change);
}

export default defineCreate({
  key: CREATE.updateOpportunity,
  noun: 'Opportunity',
  display: {
    label: 'Update Opportunity',
    description: 'Updates an opportunity, changing only the fields that you fill in.',
  },
  operation: {
    perform,
    inputFields,
    inputFieldGroups: [moreGroup, customFieldsGroup],
    outputFields: [...opportunityOutputFields, testOutput],
    sample: marked(opportunitySample, false),
  },
});
