import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readNumberText } from './number-text.ts';
import { readText } from './read-text.ts';

/**
 * A whole number within limits, such as a count or a number of days.
 *
 * @param label the input field's label, for the error
 * @param limits both included
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none
 */
export function readWholeNumber(
  z: ZObject,
  label: string,
  value: unknown,
  { least, most }: { least: number; most: number },
): number | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const number = readNumberText(text);
  if (
    number &&
    'value' in number &&
    !number.hasCurrency &&
    !number.hasPercent &&
    Number.isInteger(number.value) &&
    number.value >= least &&
    number.value <= most
  ) {
    return number.value;
  }
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not a whole number from ${least} to ${most}. Write one in digits, for example ${Math.min(14, most)}.`,
  );
}
