import type { ZObject } from 'zapier-platform-core';
import { readText, withoutInvisible } from './read-text.ts';

/** The longest number that there is by ITU-T E.164 has 15 digits; one without its area is of no use to HighLevel. */
const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

const TRUNK_ZERO = /^(\+\d{1,3}|00\d{1,3})[\s.-]*\(0\)(?=[\d\s().\-/]+$)/;

/**
 * A phone number, by its outline: digits, with what people write between them. The `.0` that spreadsheets add goes, and
 * so does a `(0)` after the country code, which is not dialed with it.
 *
 * @param label the input field's label
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none
 */
export function readPhone(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const number = cleanPhone(text);
  const isPlain = /^\+?[\d\s().\-/]+$/.test(number);
  if (isPlain && isLongEnough(number) && digitsIn(number) <= MOST_DIGITS && !isTwo(number)) return number;
  throw new z.errors.HaltedError(
    `${label}: "${text}" is not a phone number. Write it with the country code, for example +12025550107.`,
  );
}

/** The number that a search looks for: cleaned as `readPhone` does it, and nothing is refused. */
export function cleanPhone(text: string): string {
  const written = withoutInvisible(text)
    .trim()
    .replace(/^(\+?\d+)\.0+$/, '$1');
  return TRUNK_ZERO.test(written) ? written.replace(TRUNK_ZERO, '$1').replace(/[^\d+/]/g, '') : written;
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length;
}

function isLongEnough(text: string): boolean {
  return digitsIn(text) >= FEWEST_DIGITS;
}

/** A slash after an area is one number; after a whole number, another follows. */
function isTwo(number: string): boolean {
  const [first = '', ...more] = number.split('/');
  return more.length > 0 && isLongEnough(first);
}
