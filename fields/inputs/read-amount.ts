import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readNumberText } from './number-text.ts';
import { noNumber, twoReadings } from './read-number.ts';
import { readText } from './read-text.ts';

/**
 * An amount of money, which is not negative. A currency beside it is passed over: amounts are in the sub-account's.
 *
 * @param label the input field's label, for the error
 * @returns undefined where the field is empty
 * @throws HaltedError for what is no amount, is negative, or could be two amounts
 */
export function readAmount(z: ZObject, label: string, value: unknown): number | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const number =
    typeof value === 'number' && Number.isFinite(value) ? { value, hasPercent: false } : readNumberText(text);
  if (number && !('value' in number)) throw twoReadings(z, label, text, number);
  if (!number || number.hasPercent) throw noNumber(z, label, text, 'an amount');
  if (number.value >= 0) return number.value;
  throw new z.errors.HaltedError(`${label}: "${shortened(text)}" is negative. Write an amount of 0 or more.`);
}
