import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { chosenFilters } from '../fields/filters.ts';
import { ownerFilter, pipelineFilter, stageFilter, statusFilter } from '../fields/inputs.ts';
import { TRIGGER } from '../fields/keys.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/opportunity.ts';
import { polling } from '../fields/polling.ts';
import { present } from '../highlevel/names.ts';
import type { SearchFilters } from '../highlevel/opportunities.ts';
import type { OpportunityRecord } from '../highlevel/opportunity.ts';
import { type Reading, readNewest } from '../highlevel/paging.ts';

const inputFields = defineInputFields([
  pipelineFilter,
  {
    ...stageFilter,
    helpText:
      'Only opportunities created in this stage. Choose a pipeline first to see its stages. For deals that are moved here later, use the trigger for changed stages.',
  },
  {
    ...statusFilter,
    helpText:
      'Only opportunities created with this status. For deals whose status changes later, use the trigger for changed statuses.',
  },
  {
    ...ownerFilter,
    helpText:
      'Only opportunities assigned to this person. A recent deal that is given to them later counts as new as well.',
  },
]);

/** Polls of paid plans are minutes apart; within the hour an import is noticed whole. */
const READ_ON_WHILE_YOUNGER_THAN_MS = 60 * 60 * 1000;
const MOST_PAGES = 10;
const SAMPLE_ROWS = 10;

/** On creation these times were recorded as equal to the creation or 1 ms later. [recorded] */
const CREATION_DRIFT_MS = 2000;

const perform = polling(async (z, bundle) => {
  const filters = await chosenFilters(z, bundle, bundle.inputData);
  const records = await readNewest(z, bundle, filters, howToRead(bundle.meta));
  return present(
    z,
    bundle,
    bundle.meta?.isLoadingSample ? records : records.filter((record) => bornAs(record, filters)),
  );
}) satisfies PollingTriggerPerform<typeof inputFields>;

/**
 * A live poll reads one page, and on while whole pages are fresh, so that an import of a thousand deals between two
 * polls loses none. Filling the dedupe table reads all it may, because a row that it misses would fire as new.
 */
function howToRead(meta: { isLoadingSample?: boolean; isPopulatingDedupe?: boolean } | undefined): Reading {
  if (meta?.isLoadingSample) return { pageSize: SAMPLE_ROWS, mostPages: 1, readOn: () => false };
  if (meta?.isPopulatingDedupe) return { mostPages: MOST_PAGES, readOn: () => true };
  const limit = Date.now() - READ_ON_WHILE_YOUNGER_THAN_MS;
  return {
    mostPages: MOST_PAGES,
    readOn: (page) => page.every(({ createdAt }) => Date.parse(createdAt ?? '') > limit),
  };
}

/** HighLevel filters by what a deal is now; an old deal that comes to match is not a new one. */
function bornAs(record: OpportunityRecord, filters: SearchFilters): boolean {
  const movedSince = (changedAt: string | null | undefined) =>
    Date.parse(changedAt ?? '') - Date.parse(record.createdAt ?? '') > CREATION_DRIFT_MS;
  if (filters.pipelineStageId && movedSince(record.lastStageChangeAt)) return false;
  return !(filters.status && movedSince(record.lastStatusChangeAt));
}

export default defineTrigger({
  key: TRIGGER.newOpportunity,
  noun: 'Opportunity',
  display: {
    label: 'New Opportunity',
    description: 'Triggers when a new opportunity is created.',
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    outputFields: opportunityOutputFields,
    sample: opportunitySample,
  },
});
