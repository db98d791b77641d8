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
import { includeContact } from '../fields/inputs/include-contact.ts';
import { readNumber } from '../fields/inputs/read-number.ts';
import { readYesNo, YES_NO_CHOICES } from '../fields/inputs/read-yes-no.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { ignoreOwnChanges, instantOperation } from './support/instant.ts';

const DIRECTION_CHOICES = { up: 'The Value Rises', down: 'The Value Falls' };

const direction = defineInputField({
  key: 'direction',
  label: 'Direction',
  type: 'string',
  required: false,
  choices: DIRECTION_CHOICES,
  helpText:
    'Whether the Zap starts when the value rises or when it falls; the first change of an opportunity that was not open when the Zap was turned on can be left out. Leave empty for both.',
});

const atLeast = defineInputField({
  key: 'min_value',
  label: 'New Value at Least',
  type: 'string',
  required: false,
  helpText: 'Only changes after which the opportunity is worth this much or more. Leave empty for any value.',
});

const onlyCrossing = defineInputField({
  key: 'only_crossing',
  label: 'Only When It Crosses',
  type: 'string',
  required: false,
  choices: YES_NO_CHOICES,
  helpText:
    'Choose Yes to start only when the value was known to be below "New Value at Least" before. Leave empty, or choose No, to start at each change above it as well.',
});

const inputFields = defineInputFields([
  pipelineFilter,
  direction,
  atLeast,
  onlyCrossing,
  ownerFilter,
  includeContact,
  ignoreOwnChanges,
]);

const filters = async (z: ZObject, bundle: Bundle) => {
  const input = bundle.inputData as FilterInput &
    Record<'direction' | 'min_value' | 'only_crossing', unknown>;
  const { pipelineId, ownerId } = await chosenFilters(z, bundle, input);
  const minValue = readNumber(z, atLeast.label, input.min_value);
  const crossing = readYesNo(z, onlyCrossing.label, input.only_crossing) || undefined;
  if (crossing && minValue === undefined) {
    throw new z.errors.HaltedError(
      `${onlyCrossing.label}: "Yes" needs the amount that is to be crossed. Fill in "${atLeast.label}", or choose No.`,
    );
  }
  return {
    pipelineId,
    ownerId,
    valueDirection: readChoice(z, direction.label, input.direction, DIRECTION_CHOICES),
    minValue,
    crossing,
  } as const;
};

export default defineTrigger({
  key: 'value_changed_instant',
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
