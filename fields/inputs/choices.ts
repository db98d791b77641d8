import type { ZObject } from 'zapier-platform-core';
import { simplify } from '../../highlevel/account/resolve.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import { readText } from './read-text.ts';

/**
 * One of a field's fixed choices, given as its value or as its label.
 *
 * @param label the input field's label, for the error
 * @returns undefined where the field is empty
 * @throws HaltedError for anything else
 */
export function readChoice<C extends Record<string, string>>(
  z: ZObject,
  label: string,
  value: unknown,
  choices: C,
): keyof C | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const found = Object.entries(choices).find((names) =>
    names.some((name) => simplify(name) === simplify(text)),
  );
  if (found) return found[0];
  const names = Object.values(choices).map((name) => `"${name}"`);
  throw new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is not one of the choices. Choose one of these: ${names.join(', ')}.`,
  );
}
