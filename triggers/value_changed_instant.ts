import {
  type Bundle,
  defineInputField,
  defineInputFields,
  defineTrigger,
  type ZObject,
} from 'zapier-platform-core';
import { readChoice } from '../fields/inputs/choices.ts';
import { ownerFilter, pipelineFilter } from '../fields/inputs/common.ts';
import { chosenFilters, type FilterInput } from '../fields/inputs/filters.ts';
import { readNumber } from '../fields/inputs/read-number.ts';
import { TRIGGER } from '../fields/keys.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { instantOperation } from './support/instant.ts';

const DIRECTION_CHOICES = { up: 'The Value Rises', down: 'The Value Falls' };

const direction = defineInputField({
  key: 'direction',
  label: 'Direction',
  type: 'string',
  required: false,
  choices: DIRECTION_CHOICES,
  helpText: 'Leave empty for both. If you choose one, a change whose earlier value is not known is left out.',
});

const atLeast = defineInputField({
  key: 'min_value',
  label: 'New Value at Least',
  type: 'string',
  required: false,
  helpText: 'Only changes after which the opportunity is worth this much or more.',
});

const inputFields = defineInputFields([pipelineFilter, direction, atLeast, ownerFilter]);

const filters = async (z: ZObject, bundle: Bundle) => {
  const input = bundle.inputData as FilterInput & { direction?: unknown; min_value?: unknown };
  const { pipelineId, ownerId } = await chosenFilters(z, bundle, input);
  return {
    pipelineId,
    ownerId,
    valueDirection: readChoice(z, direction.label, input.direction, DIRECTION_CHOICES),
    minValue: readNumber(z, atLeast.label, input.min_value),
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
    ...instantOperation({ event: 'value_changed', twin: null, filters, recent: 'updatedAt' }),
    inputFields,
  },
});
