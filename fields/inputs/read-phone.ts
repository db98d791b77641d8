import type { ZObject } from 'zapier-platform-core';
import { readText, withoutInvisible } from './read-text.ts';

/** The longest number that there is by ITU-T E.164 has 15 digits; one without its area is of no use to HighLevel. */
const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

/**
 * A phone number, by its outline: digits, with what people write between them.
 *
 * @param label the input field's label
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none
 */
export function readPhone(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const number = withoutInvisible(text).trim();
  const digits = number.replace(/\D/g, '').length;
  if (/^\+?[\d\s().\-/]+$/.test(number) && digits >= FEWEST_DIGITS && digits <= MOST_DIGITS) return number;
  throw new z.errors.HaltedError(
    `${label}: "${text}" is not a phone number. Write it with the country code, for example +12025550107.`,
  );
}
