import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, statusFilter } from '../fields/inputs/common.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { opportunityRowSample } from '../fields/outputs/opportunity.ts';
import {
  latestChanges,
  MOVED_TO,
  movedToStage,
  outputFieldsPerChange,
  whatPollingMisses,
} from './support/changes.ts';
import { polling } from './support/polling.ts';

const inputFields = defineInputFields([
  {
    ...pipelineFilter,
    helpText:
      'Only opportunities in this pipeline, also those that are moved here from another one. Leave empty for all pipelines.',
  },
  movedToStage,
  statusFilter,
  ownerFilter,
  includeContact,
  whatPollingMisses,
]);

const perform = polling((z, bundle) =>
  latestChanges(z, bundle, 'lastStageChangeAt', MOVED_TO),
) satisfies PollingTriggerPerform<typeof inputFields>;

export default defineTrigger({
  key: 'stage_changed',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Stage Changed',
    description: 'Triggers when an opportunity moves to another stage.',
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    outputFields: outputFieldsPerChange('last_stage_change_at'),
    sample: opportunityRowSample,
  },
});
