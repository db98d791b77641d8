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

/** Nobody means these; `null` and `None` may be names. */
const WRITTEN_BY_CODE = ['undefined', '[object Object]', 'NaN'];

/**
 * Text that must be there.
 *
 * @param label the input field's label
 * @throws HaltedError where it is empty, as what an earlier step gives can be in one run out of many, or no value at all
 */
export function requiredText(z: ZObject, label: string, value: unknown): string {
  const text = readText(value);
  if (text && WRITTEN_BY_CODE.includes(text)) {
    throw new z.errors.HaltedError(
      `${label}: "${text}" is what code writes in the place of a value. Map the value itself, or look at the step that it comes from.`,
    );
  }
  if (text) return text;
  throw new z.errors.HaltedError(
    `${label}: this is empty. Fill it in; if it comes from an earlier step, that step had no value for it this time.`,
  );
}

/**
 * Several texts: a list, or one text with commas or line breaks between them, as a list from another app arrives. What
 * stands in double quotes is one, and a list in brackets, as code writes one, is what stands in it. Each is taken once,
 * in the order written.
 */
export function readTexts(value: unknown): string[] {
  const parts = (Array.isArray(value) ? value : [value]).flatMap((item) => {
    const text = readText(item) ?? '';
    return fromCode(text) ?? fromText(text);
  });
  return [...new Set(parts.map(bare).filter((part) => part !== ''))];
}

/** A list as JSON or Python writes it; null for any other text. */
function fromCode(text: string): string[] | null {
  if (!/^\[.*\]$/s.test(text)) return null;
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list.flatMap((one) => readText(one) ?? []);
  } catch {
    // One in single quotes, or in none.
  }
  const inner = text.slice(1, -1).trim();
  const isList = /[,\n]/.test(inner) || /^(['"]).*\1$/s.test(inner);
  return isList ? fromText(inner).map((one) => one.replace(/^'(.*)'$/s, '$1')) : null;
}

function fromText(text: string): string[] {
  const found = text.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*(?=[,\n\r]|$)|([^,\n\r]*))(?:[,\n\r]|$)/g);
  return Array.from(found, ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
}

/** Without what nobody sees at either end; within a word it may join an emoji. */
function bare(text: string): string {
  return text.replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, '');
}

/** Without the characters that nobody sees, such as zero-width spaces and marks of direction. */
export function withoutInvisible(text: string): string {
  return text.replace(/\p{Cf}/gu, '');
}
