import type { ZObject } from 'zapier-platform-core';
import { readText, withoutInvisible } from './read-text.ts';

/**
 * An email address, by its outline, without what links and exports put around it: `<a@b.example>`, `mailto:a@b.example`.
 *
 * @param label the input field's label
 * @returns undefined where the field is empty
 * @throws HaltedError for what is none
 */
export function readEmail(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text === undefined) return undefined;
  const address = withoutInvisible(text)
    .trim()
    .replace(/^["<]*(?:mailto:)?/i, '')
    .replace(/[">.]+$/, '');
  if (/^[^\s@,<>"]+@[^\s@,<>"?]+\.[^\s@,<>"?]+$/.test(address)) return address;
  throw new z.errors.HaltedError(`${label}: "${text}" is not an email address.`);
}
