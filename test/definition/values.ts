/** How values relate to the fields that describe them, in static samples and in live results alike. */

import type { Field } from './definition.ts';

const ISO_WITH_OFFSET = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?$/;

/** A day, or a time with its offset, as Zapier reads them (D023). */
function isIsoTime(value: unknown): boolean {
  return typeof value === 'string' && ISO_WITH_OFFSET.test(value) && !Number.isNaN(Date.parse(value));
}

const MONTH = '(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const OTHER_TIMES = new RegExp(
  String.raw`^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{1,2}\.? ${MONTH},? \d{4}|${MONTH} \d{1,2},? \d{4})( \d\d:\d\d.*)?$`,
  'i',
);

/** A text that is a time or a day, but not as Zapier reads them. */
export const isOtherTime = (text: string): boolean => OTHER_TIMES.test(text) && !isIsoTime(text);

/** Whether a value has the type that its field declares. Nothing (null) fits every field that is not required. */
export function fits(value: unknown, field: Field): boolean {
  if (value === null || value === undefined) return !field.required;
  if (field.list) return Array.isArray(value) && value.every((one) => fitsType(one, field.type));
  if (field.dict) return typeof value === 'object' && !Array.isArray(value);
  return fitsType(value, field.type);
}

function fitsType(value: unknown, type = 'string'): boolean {
  switch (type) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value);
    case 'integer':
      return Number.isInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'datetime':
      return isIsoTime(value);
    default:
      return typeof value === 'string';
  }
}

/** The described output as paths: `id`, `owner__name`, `by_stage[]count`. */
export function describedPaths(fields: Field[], above = ''): Map<string, Field> {
  return new Map(
    fields.flatMap((field) =>
      field.children
        ? [...describedPaths(field.children, `${above}${field.key}[]`)]
        : [[`${above}${field.key}`, field] as const],
    ),
  );
}

/** The paths that a value has, written as `describedPaths` writes them. */
export function pathsIn(value: Record<string, unknown>, above = ''): string[] {
  const paths = Object.entries(value).flatMap(([key, part]) => {
    const path = `${above}${key}`;
    if (Array.isArray(part)) {
      const rows = part.filter(isRecord);
      return rows.length > 0 ? rows.flatMap((row) => pathsIn(row, `${path}[]`)) : [path];
    }
    return isRecord(part) && Object.keys(part).length > 0 ? pathsIn(part, `${path}__`) : [path];
  });
  return [...new Set(paths)];
}

/** What stands at a path: one value, or one for each line item; `undefined` where the key itself is missing. */
export function valuesAt(value: unknown, path: string): unknown[] {
  const [, key = '', joint, rest = ''] = /^(.+?)(?:(__|\[\])(.+))?$/.exec(path) ?? [];
  const part = isRecord(value) ? value[key] : undefined;
  if (!joint) return [part];
  if (joint === '__') return valuesAt(part, rest);
  return Array.isArray(part) ? part.flatMap((row) => valuesAt(row, rest)) : [part];
}

/**
 * A person's own fields, as inputs or outputs: each account has others, so no sample has them. What HighLevel answers to
 * a request of one's own is known to nobody either.
 */
export const isCustom = (path: string): boolean =>
  /(^|__|\[\])(?:custom|contact)_field(_|s__|s$)/.test(path) || /^answer(__|\[\]|$)/.test(path);

/** What is in the rows of a search and not in what is read by id; what is in it differs from row to row. */
export const isOfRows = (path: string): boolean =>
  /^(opportunities\[\])?(further_contacts|first_attribution|last_attribution)(__|\[\]|$)/.test(path);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
