import type { ZObject } from 'zapier-platform-core';
import { simplify } from '../../highlevel/account/resolve.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readText } from './read-text.ts';

/** The choices of a field that is answered by yes or no. Zapier would read most words as yes in a boolean field. */
export const YES_NO_CHOICES = { yes: 'Yes', no: 'No' };

const YES = ['true', 'yes', 'y', '1', 'on'];
const NO = ['false', 'no', 'n', '0', 'off', 'none', 'never', 'null'];

/**
 * Yes or no, from a yes/no field or from what another app calls it.
 *
 * @param label the input field's label
 * @returns undefined where the field is empty
 * @throws HaltedError for any other word
 */
export function readYesNo(z: ZObject, label: string, value: unknown): boolean | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  if (YES.includes(simplify(text))) return true;
  if (NO.includes(simplify(text))) return false;
  throw new z.errors.HaltedError(`${label}: "${shortened(text)}" is neither yes nor no. Choose Yes or No.`);
}
