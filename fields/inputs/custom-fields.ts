/**
 * A person's own fields as inputs of a step: one for each field, under the name they gave it. Keys hold the field's
 * id, because a name can change and a Zap must not break when it does.
 */

import type { Bundle, PlainInputField, ZObject } from 'zapier-platform-core';
import type { CustomFieldWrite } from '../../highlevel/account/custom-field-write.ts';
import { type CustomField, contactFields, opportunityFields } from '../../highlevel/account/custom-fields.ts';
import { type Lookup, leftOutOf } from '../../highlevel/account/lookup.ts';
import { cannotTell, listOf, simplify } from '../../highlevel/account/resolve.ts';
import { connect } from '../../highlevel/connect.ts';
import type { Client } from '../../highlevel/http/client.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import { DAY_EXAMPLES, readDay } from './read-day.ts';
import { readNumber } from './read-number.ts';
import { optionalText, readText, readTexts } from './read-text.ts';

/** Goes into `inputFieldGroups` of every operation that offers the person's own fields. */
export const customFieldsGroup = { key: 'custom_fields', label: LABELS.customFields };

/** Goes beside it where a step takes a contact's fields as well as an opportunity's. */
export const personFieldsGroup = { key: 'contact_fields', label: 'Contact Custom Fields' };

const PREFIX = 'custom_field_';
const PERSON_PREFIX = 'contact_field_';

/** The key of the input that fills a field. */
export function inputKeyOf({ id }: { id: string }, prefix = PREFIX): string {
  return `${prefix}${id}`;
}

export const opportunityFieldInputs = inputsFor(opportunityFields, () => true);

/** A contact's files are documents of HighLevel's own, with ids and sizes; a link cannot become one. [spec: FileField] */
const writableByContact = ({ dataType }: CustomField) => dataType !== 'FILE_UPLOAD';

export const contactFieldInputs = inputsFor(contactFields, writableByContact);

/** A contact's fields beside an opportunity's, under keys of their own. */
export const personFieldInputs = inputsFor(
  contactFields,
  writableByContact,
  PERSON_PREFIX,
  personFieldsGroup.key,
);

/**
 * What a person put into their own opportunity fields; undefined where that is nothing, which costs no request.
 *
 * @throws HaltedError naming the field by its label, for a value that does not fit it or a field that is gone
 */
export function readOpportunityFields(z: ZObject, bundle: Bundle): Promise<CustomFieldWrite[] | undefined> {
  return readFields(z, bundle, opportunityFields);
}

/** As `readOpportunityFields`, for contacts. */
export function readContactFields(z: ZObject, bundle: Bundle): Promise<CustomFieldWrite[] | undefined> {
  return readFields(z, bundle, contactFields);
}

/** As `readContactFields`, for the inputs of `personFieldInputs`. */
export function readPersonFields(z: ZObject, bundle: Bundle): Promise<CustomFieldWrite[] | undefined> {
  return readFields(z, bundle, contactFields, PERSON_PREFIX, personFieldsGroup.label);
}

/** No fields without the permission to list them: the step then works without. */
function inputsFor(
  lookup: Lookup<CustomField>,
  writable: (field: CustomField) => boolean,
  prefix = PREFIX,
  group = customFieldsGroup.key,
) {
  return async (z: ZObject, bundle: Bundle) => {
    const highlevel = connect(z, bundle);
    if (!highlevel.hasScope('locations/customFields.readonly')) return [];
    const fields = (await lookup.forChoosing(highlevel)).filter(writable);
    return fields
      .flatMap((field) => inputsOf(field, prefix))
      .map((input) => ({ ...input, required: false, group }));
  };
}

function inputsOf(field: CustomField, prefix: string): PlainInputField[] {
  const key = inputKeyOf(field, prefix);
  const input = { key, label: field.name };
  const choices = field.options.length > 0 ? { choices: [...new Set(field.options)] } : {};
  switch (field.dataType) {
    case 'LARGE_TEXT':
      return [{ ...input, type: 'text' }];
    case 'NUMERICAL':
    case 'MONETORY':
      return [{ ...input, type: 'string', helpText: 'A number, for example `1250.50` or `1,250.50`.' }];
    case 'DATE':
      return [
        {
          ...input,
          type: 'string',
          helpText: `A day, ${DAY_EXAMPLES}. A time of day is ignored.`,
        },
      ];
    case 'SINGLE_OPTIONS':
    case 'RADIO':
      return [{ ...input, type: 'string', ...choices }];
    case 'CHECKBOX':
    case 'MULTIPLE_OPTIONS':
      return [{ ...input, type: 'string', list: true, ...choices }];
    case 'TEXTBOX_LIST':
      return field.options.map((entry) => ({
        key: entryKey(key, entry),
        label: `${field.name}: ${entry}`,
        type: 'string',
        helpText: `One of the boxes of "${field.name}". HighLevel may empty those that this step leaves empty, so fill in all that should stay.`,
      }));
    case 'FILE_UPLOAD':
      return [
        {
          ...input,
          type: 'string',
          helpText: 'A link to the file, one that opens without a sign-in.',
        },
      ];
    default:
      return [{ ...input, type: 'string' }];
  }
}

/** Whatever an entry is called becomes letters, digits and underscores, differently for each. */
function entryKey(key: string, entry: string): string {
  const plain = entry.replace(/[^A-Za-z0-9]/gu, (sign) => `_${sign.codePointAt(0)?.toString(16)}`);
  return `${key}__${plain}`;
}

async function readFields(
  z: ZObject,
  bundle: Bundle,
  lookup: Lookup<CustomField>,
  prefix = PREFIX,
  label: string = LABELS.customFields,
): Promise<CustomFieldWrite[] | undefined> {
  const input = bundle.inputData as Record<string, unknown>;
  const keys = Object.keys(input).filter((key) => key.startsWith(prefix) && textsOf(input[key]).length > 0);
  if (keys.length === 0) return undefined;
  const ids = new Set(keys.map((key) => key.slice(prefix.length).replace(/__.*$/, '')));
  const fields = await knowing(connect(z, bundle), lookup, ids, input, prefix);
  if (!ids.isSubsetOf(new Set(fields.map(({ id }) => id)))) {
    throw leftOutOf(fields) > 0
      ? cannotTell(connect(z, bundle), `${label}: `, 'the field that this step fills')
      : gone(z, label);
  }
  const values: CustomFieldWrite[] = [];
  for (const field of fields.filter(({ id }) => ids.has(id))) {
    const value = await read(z, bundle, field, inputKeyOf(field, prefix));
    if (value !== undefined) values.push({ id: field.id, value });
  }
  return values.length > 0 ? values : undefined;
}

/** The fields, asked for anew where one lacks a choice or a box that is filled in: it may have come since. */
async function knowing(
  client: Client,
  lookup: Lookup<CustomField>,
  ids: Set<string>,
  input: Record<string, unknown>,
  prefix: string,
): Promise<CustomField[]> {
  const fields = await lookup.withIds(client, ids);
  const isKnown = (field: CustomField) => hasAll(field, input, inputKeyOf(field, prefix));
  return fields.filter(({ id }) => ids.has(id)).every(isKnown) ? fields : lookup.fresh(client);
}

function hasAll(field: CustomField, input: Record<string, unknown>, key: string): boolean {
  const has = (text: string) =>
    field.takesOther || field.options.length === 0 || known(field, text) !== undefined;
  const texts = textsOf(input[key]);
  switch (field.dataType) {
    case 'SINGLE_OPTIONS':
    case 'RADIO':
      return has(texts.join(', '));
    case 'CHECKBOX':
    case 'MULTIPLE_OPTIONS':
      return texts.every((text) => known(field, text) !== undefined || readTexts(text).every(has));
    case 'TEXTBOX_LIST':
      return boxesIn(input, key).every((one) => field.options.some((entry) => entryKey(key, entry) === one));
    default:
      return true;
  }
}

async function read(
  z: ZObject,
  bundle: Bundle,
  field: CustomField,
  key: string,
): Promise<CustomFieldWrite['value'] | undefined> {
  const input = bundle.inputData as Record<string, unknown>;
  const texts = textsOf(input[key]);
  const text = texts.join(', ');
  switch (field.dataType) {
    case 'NUMERICAL':
    case 'MONETORY':
      return readNumber(z, field.name, input[key]) ?? text;
    case 'DATE':
      return (await readDay(z, bundle, field.name, text)) ?? text;
    case 'SINGLE_OPTIONS':
    case 'RADIO':
      return optionOf(z, field, text);
    case 'CHECKBOX':
    case 'MULTIPLE_OPTIONS':
      return unlessEmpty([...new Set(texts.flatMap((one) => optionsIn(z, field, one)))]);
    case 'TEXTBOX_LIST':
      return unlessEmpty(readEntries(z, input, field, key));
    case 'FILE_UPLOAD':
      return { url: readLink(z, field, text) };
    default:
      return optionalText(z, field.name, text);
  }
}

/** Zapier hands a list over as an array, or as one text where it was mapped into a single line. */
function textsOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(readText).filter((text) => text !== undefined);
}

/** An empty list, as code writes `[]`, and no boxes would empty the field, which an empty input never does. */
function unlessEmpty<V extends object>(value: V): V | undefined {
  return Object.keys(value).length > 0 ? value : undefined;
}

/**
 * The option as HighLevel spells it, whatever its capitals. Where it tells of none, HighLevel itself decides.
 *
 * @returns undefined for what stands for no value, where any text would be taken
 */
function optionOf(z: ZObject, field: CustomField, text: string): string | undefined {
  const { name, options, takesOther } = field;
  const option = known(field, text);
  if (option !== undefined) return option;
  return takesOther || options.length === 0 ? optionalText(z, name, text) : refuse(z, field, text);
}

function known({ options }: CustomField, text: string): string | undefined {
  return options.find((option) => simplify(option) === simplify(text));
}

/** An option may hold a comma itself, so the whole text is tried before it is taken for several options. */
function optionsIn(z: ZObject, field: CustomField, text: string): string[] {
  const whole = known(field, text);
  if (whole !== undefined) return [whole];
  return readTexts(text).flatMap((part) => optionOf(z, field, part) ?? []);
}

/** The keys of the boxes of a text box list that are filled in. */
function boxesIn(input: Record<string, unknown>, key: string): string[] {
  return Object.keys(input).filter((one) => one.startsWith(`${key}__`) && readText(input[one]));
}

function readEntries(
  z: ZObject,
  input: Record<string, unknown>,
  field: CustomField,
  key: string,
): Record<string, string> {
  const names = new Map(field.options.map((entry) => [entryKey(key, entry), entry]));
  const written = boxesIn(input, key);
  if (!written.every((one) => names.has(one))) throw gone(z, field.name);
  return Object.fromEntries(
    written.flatMap((one) => {
      const entry = names.get(one) ?? one;
      const text = optionalText(z, `${field.name}: ${entry}`, textsOf(input[one]).join(', '));
      return text === undefined ? [] : [[entry, text]];
    }),
  );
}

function readLink(z: ZObject, { name }: CustomField, text: string): string {
  if (/^https?:\/\/\S+$/.test(text)) return text;
  throw new z.errors.HaltedError(
    `${name}: "${shortened(text)}" is not a link. Map the file’s address, which begins with https.`,
  );
}

function refuse(z: ZObject, { name, options }: CustomField, text: string): never {
  throw new z.errors.HaltedError(
    `${name}: "${shortened(text)}" is not one of the choices. Choose one of these: ${listOf(options)}.`,
  );
}

function gone(z: ZObject, name: string): Error {
  return new z.errors.HaltedError(
    `${name}: a field that this step fills no longer exists in HighLevel. Nothing was saved. Open the step in the Zap editor, refresh its fields, and map the value anew.`,
  );
}
