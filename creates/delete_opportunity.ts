import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { opportunitySample, outputFieldsWithout } from '../fields/outputs/opportunity.ts';
import { without } from '../fields/outputs/pick.ts';
import { connect } from '../highlevel/connect.ts';
import { problemOf, withProblem } from '../highlevel/http/problem.ts';
import { DELETE_OPPORTUNITY } from '../highlevel/opportunities/writes.ts';
import { leftAloneOutput, onlyIfItIs, readOnlyIf } from './support/existing.ts';
import { isTestId, testOpportunity } from './support/test-records.ts';

const inputFields = defineInputFields([
  {
    key: 'warning',
    type: 'copy',
    helpText:
      '**This deletes the opportunity for good**, and Zapier cannot bring it back; its contact is kept. To only take it off the board, use Update Opportunity Status to mark it as lost or abandoned.',
  },
  inputs.opportunity,
  onlyIfItIs,
  testMode,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(DELETE_OPPORTUNITY);
  const test = isTest(z, bundle.inputData);
  const id = requiredId(z, inputs.opportunity.label, bundle.inputData.opportunity_id, test);
  const mayDelete = readOnlyIf(z, bundle.inputData.only_if, false);
  try {
    // Read first: afterwards nobody can say any more what it was that was deleted.
    const record = isTestId(id, test)
      ? testOpportunity(highlevel)
      : await highlevel.opportunities.getWhole(id);
    const opportunity = await highlevel.opportunities.presentOne(record);
    const leftAlone = !mayDelete(record);
    const deletes = !test && !leftAlone;
    if (deletes) await highlevel.opportunities.remove(id);
    // A link to it would lead nowhere.
    const shown = without(['url'], opportunity);
    return marked({ ...shown, deleted: deletes, was_left_alone: leftAlone }, test);
  } catch (error) {
    const problem = problemOf(error);
    if (problem?.kind !== 'not_found') throw error;
    // What it was cannot be told any more.
    if (!test && (await highlevel.opportunities.wasDeletedBefore(id)))
      return marked({ id, deleted: true, was_left_alone: false }, test);
    throw withProblem(
      new z.errors.HaltedError(
        `${inputs.opportunity.label}: there is none with the ID "${id}" in this sub-account, so there is nothing to delete. Most likely it was deleted already.`,
      ),
      problem,
    );
  }
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'delete_opportunity',
  noun: 'Opportunity',
  display: {
    label: 'Delete Opportunity',
    description: 'Deletes an opportunity and returns what it was.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      ...outputFieldsWithout(['url']),
      { key: 'deleted', label: 'Was Deleted', type: 'boolean' },
      leftAloneOutput,
      testOutput,
    ],
    sample: marked({ ...without(['url'], opportunitySample), deleted: true, was_left_alone: false }, false),
  },
});
