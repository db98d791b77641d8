/**
 * Emptying a field is said aloud, because an empty input means "not set": an earlier step that has nothing this time
 * must not blank an opportunity. Name, pipeline and stage cannot be empty, and HighLevel takes no source. [spec]
 */

import type { Bundle, PlainInputField, ZObject } from 'zapier-platform-core';
import { leftOutOf } from '../../highlevel/account/lookup.ts';
import { cannotTell, listOf, simplify } from '../../highlevel/account/resolve.ts';
import { connect } from '../../highlevel/connect.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import type { OpportunityChange } from '../../highlevel/opportunities/writes.ts';
import { inputKeyOf } from './custom-fields.ts';
import { readTexts } from './read-text.ts';

const KEY = 'fields_to_clear';
const LABEL = 'Fields to Clear';

/** Each under the key of its input, with what HighLevel calls it. */
const CLEARABLE = {
  monetary_value: 'monetaryValue',
  owner_id: 'assignedTo',
  expected_close_date: 'forecastExpectedCloseDate',
  probability: 'forecastProbability',
} as const;

type ClearableKey = keyof typeof CLEARABLE;

const CHOICES = Object.fromEntries(
  Object.entries(CLEARABLE).map(([key, property]) => [key, LABELS[property]]),
);

/** The input, with the person's own fields among its choices, in the given group of the step. */
export function fieldsToClear(group: string) {
  return async (z: ZObject, bundle: Bundle): Promise<PlainInputField[]> => {
    const highlevel = connect(z, bundle);
    const own = highlevel.hasScope('locations/customFields.readonly')
      ? await highlevel.account.opportunityFields.forChoosing()
      : [];
    return [
      {
        key: KEY,
        label: LABEL,
        type: 'string',
        list: true,
        required: false,
        choices: { ...CHOICES, ...Object.fromEntries(own.map((field) => [inputKeyOf(field), field.name])) },
        group,
        helpText:
          'Empties these fields of the opportunity; a cleared Value becomes 0. A field that is only left empty in this step stays as it is.',
      },
    ];
  };
}

/**
 * The change that empties what a person chose to clear; it has no keys where that is nothing.
 *
 * @throws HaltedError for a field that cannot be cleared, or that the same step sets
 */
export async function readClears(
  z: ZObject,
  bundle: Bundle,
): Promise<Pick<OpportunityChange, (typeof CLEARABLE)[ClearableKey] | 'customFields'>> {
  const input = bundle.inputData as Record<string, unknown>;
  const properties: (typeof CLEARABLE)[ClearableKey][] = [];
  const own: string[] = [];
  for (const text of readTexts(input[KEY])) {
    const key = plainKey(text);
    if (key) {
      refuseBoth(z, LABELS[CLEARABLE[key]], [input[key]]);
      properties.push(CLEARABLE[key]);
      continue;
    }
    const { id, name, inputs } = await ownField(z, bundle, text, input);
    refuseBoth(z, name, inputs);
    own.push(id);
  }
  return {
    ...Object.fromEntries(properties.map((property) => [property, null])),
    ...(own.length > 0 ? { customFields: own.map((id) => ({ id, value: null })) } : {}),
  };
}

function plainKey(text: string): ClearableKey | undefined {
  const keys = Object.keys(CLEARABLE) as ClearableKey[];
  return keys.find((key) => key === text || simplify(LABELS[CLEARABLE[key]]) === simplify(text));
}

/** One of the person's own fields, by the key of its input, its id or its name, with what this step puts into it. */
async function ownField(z: ZObject, bundle: Bundle, text: string, input: Record<string, unknown>) {
  const highlevel = connect(z, bundle);
  const find = (fields: { id: string; name: string }[]) =>
    fields.find((field) => [inputKeyOf(field), field.id].includes(text)) ??
    fields.find(({ name }) => simplify(name) === simplify(text));
  const fields = await highlevel.account.opportunityFields.where((known) => find(known) !== undefined);
  const field = find(fields);
  if (!field && leftOutOf(fields) > 0) {
    throw cannotTell(highlevel, `${LABEL}: `, `a field called "${shortened(text)}"`);
  }
  if (!field) {
    const names = [...Object.values(CHOICES), ...fields.map(({ name }) => name)];
    throw new z.errors.HaltedError(
      `${LABEL}: "${shortened(text)}" is not a field that can be cleared. Choose from these: ${listOf(names)}.`,
    );
  }
  const key = inputKeyOf(field);
  const keys = Object.keys(input).filter((one) => one === key || one.startsWith(`${key}__`));
  return { ...field, inputs: keys.map((one) => input[one]) };
}

function refuseBoth(z: ZObject, label: string, inputs: unknown[]): void {
  if (inputs.every((value) => readTexts(value).length === 0)) return;
  throw new z.errors.HaltedError(
    `${label}: this step both sets it and clears it. Empty the field, or take it out of "${LABEL}". Nothing was changed.`,
  );
}
