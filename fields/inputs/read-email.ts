import type { ZObject } from 'zapier-platform-core';
import { readText, withoutInvisible } from './read-text.ts';

/**
 * An email address, by its outline, without what links and exports put around it.
 *
 * @param label the input field's label
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none
 */
export function readEmail(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const address = cleanEmail(text);
  if (/^[^\s@,<>"]+@[^\s@,<>"?]+\.[^\s@,<>"?]+$/.test(address)) return address;
  throw new z.errors.HaltedError(
    `${label}: "${text}" is not an email address. Write one, for example sam@example.com.`,
  );
}

/** The address that a search looks for, also of `<a@b.example>` or `mailto:a@b.example`; nothing is refused. */
export function cleanEmail(text: string): string {
  const shown = withoutInvisible(text).trim();
  return shown.replace(/^["<]*(?:mailto:)?/i, '').replace(/[">.]+$/, '') || shown;
}
