import { defineInputFields, defineTrigger } from 'zapier-platform-core';
import { pipelineFilter } from '../fields/inputs/common.ts';
import { instantOperation } from '../fields/instant.ts';
import { TRIGGER } from '../fields/keys.ts';
import { withoutRelay } from '../fields/relay.ts';

const inputFields = defineInputFields([pipelineFilter]);

export default defineTrigger({
  key: TRIGGER.opportunityDeletedInstant,
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Deleted (Instant)',
    description: 'Triggers when an opportunity is deleted, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({
      event: 'opportunity_deleted',
      field: 'deleted',
      twin: null,
      recent: 'updatedAt',
      deleted: true,
    }),
    inputFields,
  },
});
