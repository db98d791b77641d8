/**
 * What a custom field accepts, and the three ways in which HighLevel gives a value back.
 *
 * The vendor's specification says that a value is a string, an array of strings or an object [spec], and what the
 * field types are called; which type takes which of the three, and every refusal here, is [assumed] from the
 * field type's meaning. A real account may be more lenient: a client must not lean on these refusals.
 */

import { entryOf } from '../state/entry.ts';
import type { CustomField } from '../state/records.ts';
import { anyTime } from '../state/time.ts';

type Family = 'text' | 'number' | 'date' | 'oneOption' | 'manyOptions' | 'textboxList' | 'files';

const FAMILY_OF_TYPE: Record<string, Family> = {
  TEXT: 'text',
  LARGE_TEXT: 'text',
  PHONE: 'text',
  EMAIL: 'text',
  NUMERICAL: 'number',
  // The vendor's own spelling of "monetary".
  MONETORY: 'number',
  // Read back as a number, such as 1410 [measured by others].
  TIME: 'number',
  DATE: 'date',
  SINGLE_OPTIONS: 'oneOption',
  RADIO: 'oneOption',
  CHECKBOX: 'manyOptions',
  MULTIPLE_OPTIONS: 'manyOptions',
  TEXTBOX_LIST: 'textboxList',
  FILE_UPLOAD: 'files',
};

// dataType is an open string in the specification, so an unknown one is text rather than an error.
function familyOf(field: CustomField): Family {
  return entryOf(FAMILY_OF_TYPE, field.dataType) ?? 'text';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Whether a written value leaves the field empty: null, undefined, '', [] or {}. [assumed]
 *
 * @param value the value as written or as stored
 */
function isEmptyCustomFieldValue(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

function toMillis(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  return anyTime(value);
}

function filesOf(value: unknown): Record<string, unknown>[] | null {
  const files: unknown[] = Array.isArray(value) ? value : [value];
  return files.every((file) => isRecord(file) && typeof file.url === 'string')
    ? (files as Record<string, unknown>[])
    : null;
}

function listed(field: CustomField): string {
  return field.picklistOptions.join(', ');
}

/**
 * Checks a value that a client writes into a custom field.
 *
 * The families of values are [spec] (string, string[], object); which field type takes which is [assumed].
 *
 * @param field the field's definition
 * @param value the written value; an empty one clears the field and is always fine
 * @returns the sentence to answer with 422, or null where the value fits
 */
export function checkCustomFieldValue(field: CustomField, value: unknown): string | null {
  if (isEmptyCustomFieldValue(value)) return null;
  const name = field.fieldKey;
  switch (familyOf(field)) {
    case 'text':
      // Numbers are let through as text because phone numbers and ids are often sent bare.
      return typeof value === 'string' || typeof value === 'number' ? null : `${name} must be a string`;
    case 'number':
      return toNumber(value) === null ? `${name} must be a number` : null;
    case 'date':
      return toMillis(value) === null ? `${name} must be a valid date` : null;
    case 'oneOption':
      return typeof value === 'string' && field.picklistOptions.includes(value)
        ? null
        : `${name} must be one of the following values: ${listed(field)}`;
    case 'manyOptions':
      if (!Array.isArray(value)) return `${name} must be an array`;
      return value.every((option) => typeof option === 'string' && field.picklistOptions.includes(option))
        ? null
        : `each value in ${name} must be one of the following values: ${listed(field)}`;
    case 'textboxList':
      if (!isRecord(value)) return `${name} must be an object`;
      return Object.entries(value).every(
        ([option, text]) => field.picklistOptions.includes(option) && typeof text === 'string',
      )
        ? null
        : `${name} must hold a string under any of: ${listed(field)}`;
    case 'files':
      return filesOf(value) === null ? `${name} must be an object with a url` : null;
  }
}

/**
 * A value as POST and GET /opportunities/search show it: typed, with neither the field's key nor its name.
 *
 * `{id, type:'string', fieldValueString}` is [issue #87]. Others' code shows `type:'number'` with
 * fieldValueNumber, `type:'date'` with fieldValueDate in milliseconds since the epoch, fieldValueArray, and
 * fieldValueFiles as `[{url, meta}]` [measured by others]. The words 'array', 'file' and 'object', and the
 * object of a textbox list, are [assumed].
 *
 * @param field the field's definition
 * @param value the stored value
 * @returns the row's entry, or null for an empty value, which a row leaves out [assumed]
 */
export function searchRowCustomField(field: CustomField, value: unknown): Record<string, unknown> | null {
  if (isEmptyCustomFieldValue(value)) return null;
  const { id } = field;
  switch (familyOf(field)) {
    case 'number':
      return { id, type: 'number', fieldValueNumber: toNumber(value) };
    case 'date':
      return { id, type: 'date', fieldValueDate: toMillis(value) };
    case 'manyOptions':
      return { id, type: 'array', fieldValueArray: value };
    case 'textboxList':
      return { id, type: 'object', fieldValueObject: value };
    case 'files':
      return { id, type: 'file', fieldValueFiles: fileEntries(value) };
    default:
      return { id, type: 'string', fieldValueString: String(value) };
  }
}

/**
 * A value as GET, POST and PUT of one opportunity show it: `{id, fieldValue}` [spec]. A date reads back as it
 * was written and a file as `[{url, meta}]` [assumed]; a number is text, as the specification knows no numbers here.
 *
 * @param field the field's definition
 * @param value the stored value
 * @returns the record's entry, or null for an empty value, which a record leaves out [assumed]
 */
export function recordCustomField(field: CustomField, value: unknown): Record<string, unknown> | null {
  const plain = plainValue(field, value);
  return plain === null ? null : { id: field.id, fieldValue: plain };
}

/**
 * A value as contact records, contact search rows and contact events show it: `{id, value}` [spec].
 *
 * @param field the field's definition
 * @param value the stored value
 * @returns the record's entry, or null for an empty value, which a record leaves out [assumed]
 */
export function contactCustomField(field: CustomField, value: unknown): Record<string, unknown> | null {
  const plain = plainValue(field, value);
  return plain === null ? null : { id: field.id, value: plain };
}

function plainValue(field: CustomField, value: unknown): unknown {
  if (isEmptyCustomFieldValue(value)) return null;
  switch (familyOf(field)) {
    case 'text':
    case 'number':
      return String(value);
    case 'files':
      return fileEntries(value);
    default:
      return value;
  }
}

function fileEntries(value: unknown): Record<string, unknown>[] {
  return (filesOf(value) ?? []).map(({ url, meta, ...rest }) => ({
    url,
    meta: isRecord(meta) ? meta : rest,
  }));
}
