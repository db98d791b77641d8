import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, stageFilter, statusFilter } from '../fields/inputs/common.ts';
import { type ChosenFilters, chosenFilters } from '../fields/inputs/filters.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { opportunityRowOutputFields, opportunityRowSample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { happenedAfterCreation } from '../highlevel/opportunities/moments.ts';
import type { OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { withContacts } from './support/include-contact.ts';
import { isLongPast, polling, readRows } from './support/polling.ts';

const inputFields = defineInputFields([
  {
    ...pipelineFilter,
    helpText:
      'Only opportunities in this pipeline; a recent one that is moved here from another pipeline counts as new as well. Leave empty for all pipelines.',
  },
  {
    ...stageFilter,
    helpText:
      'Only opportunities created in this stage, not those moved here later; choose a pipeline first to see its stages. Leave empty for all stages.',
  },
  {
    ...statusFilter,
    helpText:
      'Only opportunities created with this status, not those that get it later. Leave empty for any status.',
  },
  {
    ...ownerFilter,
    helpText:
      'Only opportunities that this user owns; a recent one that is given to them later counts as new as well. Leave empty for all owners.',
  },
  includeContact,
]);

const perform = polling(async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const filters = await chosenFilters(z, bundle, bundle.inputData);
  const records = await readRows(highlevel, bundle.meta, filters, 'createdAt');
  const opportunities = await highlevel.opportunities.present(
    bundle.meta?.isLoadingSample
      ? records
      : records.filter((record) => bornAs(record, filters) && !isLongPast(bundle.meta, record.createdAt)),
  );
  return withContacts(z, bundle, opportunities);
}) satisfies PollingTriggerPerform<typeof inputFields>;

/** HighLevel filters by what an opportunity is now; an old opportunity that comes to match is not a new one. */
function bornAs(record: OpportunityRecord, filters: ChosenFilters): boolean {
  if (filters.stageId && happenedAfterCreation(record, 'lastStageChangeAt')) return false;
  return !(filters.status && happenedAfterCreation(record, 'lastStatusChangeAt'));
}

export default defineTrigger({
  key: 'new_opportunity',
  noun: 'Opportunity',
  display: {
    label: 'New Opportunity',
    description: 'Triggers when a new opportunity is created.',
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    outputFields: opportunityRowOutputFields,
    sample: opportunityRowSample,
  },
});
