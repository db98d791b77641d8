import { defineInputFields, defineTrigger } from 'zapier-platform-core';
import { pipelineFilter } from '../fields/inputs/common.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { ignoreOwnChanges, instantOperation } from './support/instant.ts';

const inputFields = defineInputFields([pipelineFilter, ignoreOwnChanges]);

export default defineTrigger({
  key: 'opportunity_deleted_instant',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Deleted (Instant)',
    description: 'Triggers when an opportunity is deleted, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({
      event: 'opportunity_deleted',
      twin: null,
      recent: 'updatedAt',
    }),
    inputFields,
  },
});
