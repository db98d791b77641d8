import type { ZObject } from 'zapier-platform-core';

/**
 * Trimmed text. Several values, as a line item field gives them, are joined by commas.
 *
 * @returns undefined where there is none, or nothing that can be seen
 */
export function readText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = (
    Array.isArray(value) ? value.map((one) => readText(one) ?? '').join(', ') : String(value)
  ).trim();
  return withoutInvisible(text).trim() === '' ? undefined : text;
}

/**
 * Text that must be there.
 *
 * @param label the input field's label
 * @throws HaltedError where it is empty: what an earlier step gives can be, in one run out of many
 */
export function requiredText(z: ZObject, label: string, value: unknown): string {
  const text = readText(value);
  if (text) return text;
  throw new z.errors.HaltedError(
    `${label}: this is empty. Fill it in; if it comes from an earlier step, that step had no value for it this time.`,
  );
}

/**
 * Several texts: a list, or one text with commas between them, as a list from another app arrives. Each is taken once,
 * in the order written.
 */
export function readTexts(value: unknown): string[] {
  const parts = (Array.isArray(value) ? value : [value]).flatMap((item) => (readText(item) ?? '').split(','));
  return [...new Set(parts.map((part) => part.trim()).filter((part) => part !== ''))];
}

/** Without the characters that nobody sees, such as zero-width spaces and marks of direction. */
export function withoutInvisible(text: string): string {
  return text.replace(/\p{Cf}/gu, '');
}

const MOST_QUOTED = 200;

/** What was written, as an error quotes it: a whole document would hide the sentence. */
export function shortened(text: string): string {
  return text.length > MOST_QUOTED ? `${text.slice(0, MOST_QUOTED)}…` : text;
}
