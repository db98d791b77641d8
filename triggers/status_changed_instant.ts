import { defineInputFields, defineTrigger } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, stageFilter } from '../fields/inputs/common.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { NEW_STATUS, newStatus } from './support/changes.ts';
import { ignoreOwnChanges, instantOperation } from './support/instant.ts';

const inputFields = defineInputFields([
  newStatus,
  pipelineFilter,
  stageFilter,
  ownerFilter,
  includeContact,
  ignoreOwnChanges,
]);

export default defineTrigger({
  key: 'status_changed_instant',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Status Changed (Instant)',
    description: 'Triggers when an opportunity is won, lost, abandoned or reopened, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({
      event: 'status_changed',
      twin: 'Opportunity Status Changed',
      recent: 'lastStatusChangeAt',
      labels: NEW_STATUS,
    }),
    inputFields,
  },
});
