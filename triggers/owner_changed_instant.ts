import { defineInputFields, defineTrigger } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter } from '../fields/inputs/common.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { ignoreOwnChanges, instantOperation } from './support/instant.ts';

const inputFields = defineInputFields([
  {
    ...ownerFilter,
    helpText: 'Only opportunities that are given to this user. Leave empty for any new owner.',
  },
  pipelineFilter,
  includeContact,
  ignoreOwnChanges,
]);

export default defineTrigger({
  key: 'owner_changed_instant',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Owner Changed (Instant)',
    description: 'Triggers when an opportunity is given to another owner, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({ event: 'owner_changed', twin: null, recent: 'updatedAt' }),
    inputFields,
  },
});
