import { defineInputFields, defineTrigger } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, statusFilter } from '../fields/inputs/common.ts';
import { TRIGGER } from '../fields/keys.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { instantOperation } from './support/instant.ts';

const inputFields = defineInputFields([statusFilter, pipelineFilter, ownerFilter]);

export default defineTrigger({
  key: TRIGGER.statusChangedInstant,
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Status Changed (Instant)',
    description: 'Triggers when the status of an opportunity changes, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({
      event: 'status_changed',
      twin: 'Opportunity Status Changed',
      recent: 'lastStatusChangeAt',
    }),
    inputFields,
  },
});
