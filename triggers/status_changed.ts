import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, stageFilter } from '../fields/inputs/common.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { opportunityRowSample } from '../fields/outputs/opportunity.ts';
import {
  latestChanges,
  NEW_STATUS,
  newStatus,
  outputFieldsPerChange,
  whatPollingMisses,
} from './support/changes.ts';
import { polling } from './support/polling.ts';

const inputFields = defineInputFields([
  newStatus,
  pipelineFilter,
  stageFilter,
  ownerFilter,
  includeContact,
  whatPollingMisses,
]);

const perform = polling((z, bundle) =>
  latestChanges(z, bundle, 'lastStatusChangeAt', NEW_STATUS),
) satisfies PollingTriggerPerform<typeof inputFields>;

export default defineTrigger({
  key: 'status_changed',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Status Changed',
    description: 'Triggers when an opportunity is won, lost, abandoned or reopened.',
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    outputFields: outputFieldsPerChange('last_status_change_at'),
    sample: { ...opportunityRowSample, status: 'won', last_status_change_at: '2026-11-20T14:30:00.000Z' },
  },
});
