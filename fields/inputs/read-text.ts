import type { ZObject } from 'zapier-platform-core';
import { shortened } from '../../highlevel/http/shortened.ts';

/**
 * Text without what nobody sees at its ends. Several values, as a line item field gives them, are joined by commas.
 *
 * @returns undefined where there is none, or nothing that can be seen
 */
export function readText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const text = (
    Array.isArray(value) ? value.map((one) => readText(one) ?? '').join(', ') : String(value)
  ).replace(EDGES, '');
  return withoutInvisible(text).trim() === '' ? undefined : text;
}

/** What nobody sees at either end, such as a zero-width space: with it, an ID would be another one. */
const UNSEEN = /[\s\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]+/.source;
const EDGES = new RegExp(`^${UNSEEN}|${UNSEEN}$`, 'g');

/** What code writes where there is no value. `None` and `N/A` are written by people too. */
const NO_VALUE = ['undefined', 'null'];
/** What code and sheets write where a value was lost. */
const LOST_VALUE =
  /^(?:NaN|Invalid Date|(?:\[object \w+\](?:, ?)?)+|#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|ERROR!))$/;

/**
 * Text that must be there.
 *
 * @param label the input field's label
 * @throws HaltedError where it is empty, as what an earlier step gives can be in one run out of many, or no value at all
 */
export function requiredText(z: ZObject, label: string, value: unknown): string {
  const text = readText(value);
  if (text && (NO_VALUE.includes(text) || LOST_VALUE.test(text))) throw noValue(z, label, text);
  if (text) return text;
  throw new z.errors.HaltedError(
    `${label}: this is empty. Fill it in; if it comes from an earlier step, that step had no value for it this time.`,
  );
}

/**
 * Text to be saved that may be empty: `undefined` and `null`, which forms and code write where there is nothing, count as
 * empty.
 *
 * @param label the input field's label
 * @returns undefined where there is none
 * @throws HaltedError for what stands where a value was lost
 */
export function optionalText(z: ZObject, label: string, value: unknown): string | undefined {
  const text = readText(value);
  if (text && LOST_VALUE.test(text)) throw noValue(z, label, text);
  return text && NO_VALUE.includes(text) ? undefined : text;
}

function noValue(z: ZObject, label: string, text: string): Error {
  return new z.errors.HaltedError(
    `${label}: "${shortened(text)}" is what code or a sheet writes in the place of a value. Map the value itself, or look at the step that it comes from.`,
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
