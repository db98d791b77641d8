import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import * as inputs from '../fields/inputs/common.ts';
import { requiredId } from '../fields/inputs/read-id.ts';
import { readStatus } from '../fields/inputs/read-status.ts';
import { readText, requiredText } from '../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../fields/inputs/test-mode.ts';
import { noticeOf, noticeOutput } from '../fields/outputs/notice.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { problemOf } from '../highlevel/http/problem.ts';
import { previewStatus } from '../highlevel/opportunities/preview.ts';
import type { OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { SET_STATUS } from '../highlevel/opportunities/writes.ts';
import { asItStood } from './support/before.ts';
import { readLostReason } from './support/change.ts';
import { leftAloneOutput, onlyIfItIs, readOnlyIf } from './support/existing.ts';
import { explainLostReason } from './support/lost-reason.ts';
import { notKept } from './support/not-kept.ts';
import { isTestId, testOpportunity, withoutTestLink } from './support/test-records.ts';

const inputFields = defineInputFields([
  inputs.opportunity,
  { ...inputs.status, required: true, helpText: 'The status that the opportunity gets.' },
  inputs.lostReason,
  onlyIfItIs,
  testMode,
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData } = bundle;
  highlevel.requirePermission(SET_STATUS);
  const test = isTest(z, inputData);
  const id = requiredId(z, inputs.opportunity.label, inputData.opportunity_id, test);
  const status =
    readStatus(z, inputs.status.label, requiredText(z, inputs.status.label, inputData.status)) ?? 'open';
  const { lostReasonId, notice } = await readLostReason(z, bundle, inputData.lost_reason_id, status);
  const mayChange = readOnlyIf(z, inputData.only_if, false);
  const shown = async (record: OpportunityRecord, leftAlone = false) => {
    const opportunity = withoutTestLink(await highlevel.opportunities.presentOne(record));
    const lost = leftAlone ? null : notKept({ status, lostReasonId }, record);
    return marked({ ...opportunity, was_left_alone: leftAlone, notice: noticeOf(notice, lost) }, test);
  };
  const write = async (known: OpportunityRecord) => {
    await highlevel.opportunities.setStatus(id, { status, lostReasonId }).catch((error: unknown) => {
      const advice = 'Choose a Lost Reason in this step.';
      throw explainLostReason(z, problemOf(error), advice, lostReasonId) ?? error;
    });
    const record = await highlevel.opportunities.getAfterWrite(known);
    // What was set a moment ago is known, also where the read does not say. [conflict]
    return shown(status === 'lost' ? { lostReasonId: lostReasonId ?? null, ...record } : record);
  };
  if (!test && !readText(inputData.only_if)) return write({ id, status, lostReasonId });
  const now = isTestId(id, test) ? testOpportunity(highlevel) : await highlevel.opportunities.getWhole(id);
  const change = async (before: OpportunityRecord) => {
    if (!mayChange(before)) return shown(now, true);
    const after = previewStatus(now, status, lostReasonId);
    return test ? shown(after) : write(after);
  };
  return test ? change(now) : asItStood(z, bundle, now, [status], change);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'update_opportunity_status',
  noun: 'Opportunity',
  display: {
    label: 'Update Opportunity Status',
    description: 'Marks an opportunity as open, won, lost or abandoned.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [...opportunityOutputFields, leftAloneOutput, noticeOutput, testOutput],
    sample: marked({ ...opportunitySample, status: 'won', was_left_alone: false, notice: null }, false),
  },
});
