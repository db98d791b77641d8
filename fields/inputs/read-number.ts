import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readNumberText, type TwoReadings } from './number-text.ts';
import { readText } from './read-text.ts';

/**
 * Any number, negative ones too. A currency or a percent sign beside it is passed over.
 *
 * @param label the input field's label, for the error
 * @returns undefined where the field is empty
 * @throws HaltedError for what is no number, or could be two
 */
export function readNumber(z: ZObject, label: string, value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const text = readText(value);
  if (text === undefined) return undefined;
  const number = readNumberText(text);
  if (number && 'value' in number) return number.value;
  throw number ? twoReadings(z, label, text, number) : noNumber(z, label, text);
}

/** The refusal of what is no number. */
export function noNumber(z: ZObject, label: string, text: string, thing = 'a number'): Error {
  return new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not ${thing}. Write a number, for example 1250.50 or 1,250.50.`,
  );
}

/** The refusal of what could be two numbers. */
export function twoReadings(
  z: ZObject,
  label: string,
  text: string,
  { thousands, decimals }: TwoReadings,
): Error {
  // Three decimals would be read in two ways again.
  const unmistakable = /\.\d{3}$/.test(String(decimals)) ? `${decimals}0` : decimals;
  return new z.errors.HaltedError(
    `${label}: "${shortened(text)}" could mean ${thousands} or ${decimals}. Write ${thousands}, or ${unmistakable}.`,
  );
}
