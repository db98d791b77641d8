import * as s from 'zod/mini';
import { numeral } from '../http/shapes.ts';
import { isoDay } from '../http/time.ts';

/** What a custom field can hold once read: text, a number, several texts, links to files, or nothing. */
export type CustomFieldValue = string | number | boolean | string[] | null;

/** How a data type of HighLevel's is shown; unknown ones count as text. [spec: names of the types; assumed: the rest] */
export type CustomFieldKind = 'text' | 'number' | 'day' | 'list';

export function kindOf(dataType: string): CustomFieldKind {
  switch (dataType) {
    case 'NUMERICAL':
    case 'MONETORY':
      return 'number';
    case 'DATE':
      return 'day';
    case 'CHECKBOX':
    case 'MULTIPLE_OPTIONS':
    case 'TEXTBOX_LIST':
    case 'FILE_UPLOAD':
      return 'list';
    default:
      return 'text';
  }
}

/**
 * A value in the one form that its data type has everywhere: search rows and single records differ (a day comes as
 * ms since the epoch in the one and as text in the other [measured by others]), and a Zap must not notice.
 *
 * @returns text, a number, a day as YYYY-MM-DD, or a list of texts (files as their links); null for empty
 */
export function asKind(value: CustomFieldValue, kind: CustomFieldKind): CustomFieldValue {
  if (value === null || isEmptyList(value)) return null;
  switch (kind) {
    case 'number':
      return Number.isFinite(Number(value))
        ? Number(value)
        : (s.safeParse(numeral, value).data ?? String(value));
    case 'day':
      return isoDay(typeof value === 'number' ? value : String(value)) ?? String(value);
    case 'list':
      return Array.isArray(value) ? value : [String(value)];
    case 'text':
      return Array.isArray(value) ? value.join(', ') : String(value);
  }
}

function isEmptyList(value: CustomFieldValue): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** Every field of the account, empty ones as null, so that each record of an account has the same keys. */
export function everyField(
  values: Record<string, CustomFieldValue>,
  fields: { id: string; dataType: string }[],
): Record<string, CustomFieldValue> {
  const known = fields.map(({ id, dataType }) => [id, asKind(values[id] ?? null, kindOf(dataType))]);
  const given = Object.entries(values).map(([id, value]) => [id, isEmptyList(value) ? null : value]);
  return { ...Object.fromEntries(given), ...Object.fromEntries(known) };
}

/** `{id, fieldValue}` by the specification; `{id, type, fieldValueString}` and its kin in search rows. [spec; issue #87] */
export const customFieldRow = s.lazy(() => s.looseObject({ id: s.string() }));

type CustomFieldRow = s.output<typeof customFieldRow>;

/**
 * The value of a custom field in whichever spelling it came: `fieldValue`, `field_value`, `value`, or any typed
 * `fieldValue…` key. [spec; issue #87; measured by others: fieldValueBoolean; assumed: other
 * siblings of fieldValueString, from the pattern]
 */
export function readCustomFieldValue(row: CustomFieldRow): CustomFieldValue {
  const key =
    ['fieldValue', 'field_value', 'value'].find((name) => present(row[name])) ??
    Object.keys(row).find((name) => name.startsWith('fieldValue') && present(row[name]));
  if (key === undefined) return null;
  // Which kind it is of is said here, where the list of fields may not be had.
  return key === 'fieldValueDate' ? asKind(plain(row[key]), 'day') : plain(row[key]);
}

/** Texts and numbers as they are; a list as its texts; a file, or several, as links; a text box list as its entries. */
function plain(value: unknown): CustomFieldValue {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(itemText).filter(present);
  if (typeof value === 'object' && value !== null) {
    const link = fileLink(value);
    if (link) return link;
    return Object.values(value).map(itemText).filter(present);
  }
  return null;
}

function itemText(item: unknown): string {
  if (typeof item === 'string') return item;
  if (typeof item === 'number' || typeof item === 'boolean') return String(item);
  if (typeof item === 'object' && item !== null) return fileLink(item) ?? JSON.stringify(item);
  return '';
}

function fileLink(value: object): string | null {
  return 'url' in value && typeof value.url === 'string' ? value.url : null;
}

/** A text of spaces is no value: as a number it would be 0. */
function present(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === 'string' && value.trim() === '');
}
