import { defineInputFields, defineTrigger } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, stageFilter, statusFilter } from '../fields/inputs/common.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { ignoreOwnChanges, instantOperation } from './support/instant.ts';

const inputFields = defineInputFields([
  pipelineFilter,
  stageFilter,
  statusFilter,
  ownerFilter,
  includeContact,
  ignoreOwnChanges,
]);

export default defineTrigger({
  key: 'new_opportunity_instant',
  noun: 'Opportunity',
  display: {
    label: 'New Opportunity (Instant)',
    description: 'Triggers when a new opportunity is created, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({
      event: 'opportunity_created',
      twin: 'New Opportunity',
      recent: 'created',
    }),
    inputFields,
  },
});
