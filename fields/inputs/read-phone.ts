import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readText, withoutInvisible } from './read-text.ts';

/** The longest number that there is by ITU-T E.164 has 15 digits; one without its area is of no use to HighLevel. */
const FEWEST_DIGITS = 7;
const MOST_DIGITS = 15;

const TRUNK_ZERO = /^(\+\d{1,3}|00\d{1,3})[\s.-]*\(0\)(?=[\d\s().\-/]+$)/;

/** As `2026-12-31`, `12/31/2026` and `31.12.2026`: from a column beside the one for phones. */
const DAY = /^(?:(?:19|20)\d\d([-/.])[0-3]?\d\1[0-3]?\d|[0-3]?\d([-/.])[0-3]?\d\2(?:19|20)\d\d)$/;

/**
 * A phone number, by its outline: digits, with what people write between them. The `.0` and the apostrophe that
 * spreadsheets add go, and so does a `(0)` after the country code, which is not dialed with it.
 *
 * @param label the input field's label
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none
 */
export function readPhone(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const number = cleanPhone(text);
  const isPlain = /^\+?[\d ().\-/]+$/.test(number) && !isFiller(number) && !DAY.test(number);
  if (isPlain && isLongEnough(number) && digitsIn(number) <= MOST_DIGITS && !isTwo(number)) return number;
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not a phone number. Write it with the country code, for example +12025550107.`,
  );
}

/** The number that a search looks for: cleaned as `readPhone` does it, and nothing is refused. */
export function cleanPhone(text: string): string {
  const written = withoutInvisible(text.normalize('NFKC'))
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .trim()
    .replace(/^(?:tel:|')/i, '')
    .replace(/^\(\+(\d{1,3})\)/, '+$1')
    .replace(/^(\+?\d+)\.0+$/, '$1');
  return TRUNK_ZERO.test(written) ? written.replace(TRUNK_ZERO, '$1').replace(/[^\d+/]/g, '') : written;
}

/** As `000-000-0000`, which is written for no number; everybody who has it would be taken for one person. */
function isFiller(number: string): boolean {
  const local = number.replace(/^(?:\+|00)\d{1,3}(?=[ ().-])/, '').replace(/\D/g, '');
  return /^(\d)\1*$/.test(local);
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
