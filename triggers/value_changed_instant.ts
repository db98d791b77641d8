import { type Bundle, defineInputFields, defineTrigger, type ZObject } from 'zapier-platform-core';
import { chosenFilters, type FilterInput } from '../fields/filters.ts';
import { ownerFilter, pipelineFilter } from '../fields/inputs.ts';
import { instantOperation } from '../fields/instant.ts';
import { TRIGGER } from '../fields/keys.ts';
import { withoutRelay } from '../fields/relay.ts';
import { readMoney, readText } from '../fields/values.ts';

const inputFields = defineInputFields([
  pipelineFilter,
  {
    key: 'direction',
    label: 'Direction',
    type: 'string',
    required: false,
    choices: { up: 'The value rises', down: 'The value falls' },
    helpText:
      'Leave empty for both. Where the earlier value is not known, a direction is not known either, and the change is left out.',
  },
  {
    key: 'at_least',
    label: 'New Value at Least',
    type: 'number',
    required: false,
    helpText: 'Only changes after which the opportunity is worth this much or more.',
  },
  ownerFilter,
]);

const filters = async (z: ZObject, bundle: Bundle) => {
  const input = bundle.inputData as FilterInput & { direction?: unknown; at_least?: unknown };
  const { pipelineId, assignedTo } = await chosenFilters(z, bundle, input);
  const direction = readText(input.direction);
  return {
    pipelineId,
    ownerId: assignedTo,
    valueDirection: direction === 'up' || direction === 'down' ? direction : undefined,
    minValue: readMoney(z, input.at_least),
  } as const;
};

export default defineTrigger({
  key: TRIGGER.valueChangedInstant,
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Value Changed (Instant)',
    description: 'Triggers when the value of an opportunity rises or falls, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    ...instantOperation({ event: 'value_changed', field: 'value', twin: null, filters, recent: 'updatedAt' }),
    inputFields,
  },
});
