import { type FieldDefinition, type Fields, isFields } from '../app/definition.ts';
import { type Reading, readValue } from './read-value.ts';

export type Coerced = {
  inputData: Fields;
  /** Labels of required fields that have no value. */
  missing: string[];
  /** Keys given that no field has. */
  unknown: string[];
};

/**
 * Makes the mapped input into `bundle.inputData`: defaults for what is empty, types, lists, line items, and
 * empties removed where the app wants that. Also reports what the editor would not have let through.
 *
 * How far this is known: types and defaults follow the CLI [source, see read-value.ts]; removal of empties
 * follows the schema's words on cleanInputData, and a null goes even where it is false [issue #1329]; a list given as
 * text splits at commas [assumed]; the child keys of line items are added flat, comma-joined
 * [issue zapier-platform-cli#27]; dictionaries pass as they are [assumed].
 * @param clean whether empties are removed (see cleansInput in definition.ts).
 */
export function coerceInput(
  fields: FieldDefinition[],
  mapped: Fields,
  clean: boolean,
  reading: Reading,
): Coerced {
  const inputFields = fields.filter((field) => field.type !== 'copy');
  const byKey = new Map(inputFields.map((field) => [field.key, field]));
  const inputData: Fields = {};
  for (const field of inputFields) {
    const given = mapped[field.key];
    const value = isEmpty(given) && field.default !== undefined ? field.default : given;
    if (value === undefined || value === null) continue;
    if (field.children) Object.assign(inputData, readLineItems(field, value, reading));
    else inputData[field.key] = readField(field, value, reading);
  }
  const cleaned: Fields = clean ? ((withoutEmpties(inputData) ?? {}) as Fields) : inputData;
  const missing = inputFields.filter((field) => field.required && isEmpty(cleaned[field.key]));
  return {
    inputData: cleaned,
    missing: missing.map((field) => field.label ?? field.key),
    unknown: Object.keys(mapped).filter((key) => !byKey.has(key)),
  };
}

function readField(field: FieldDefinition, value: unknown, reading: Reading): unknown {
  if (field.dict) return value;
  if (!field.list) return readValue(field, Array.isArray(value) ? joinPlain(value) : value, reading);
  const items = Array.isArray(value) ? value.flat() : typeof value === 'string' ? splitList(value) : [value];
  return items.map((item) => readValue(field, item, reading));
}

// A list mapped into a field for one value arrives as comma-joined text [assumed, as within a text].
function joinPlain(items: unknown[]): unknown {
  return items.some((item) => typeof item === 'object') ? items : items.join(',');
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

function readLineItems(field: FieldDefinition, value: unknown, reading: Reading): Fields {
  const children = field.children ?? [];
  const rows = (Array.isArray(value) ? value : [value]).filter(isFields).flatMap(spreadRow);
  const read = rows.map((row) => {
    const known = children.filter(({ key }) => row[key] !== undefined && row[key] !== null);
    return Object.fromEntries(known.map((child) => [child.key, readField(child, row[child.key], reading)]));
  });
  const flat = children
    .filter(({ key }) => read.some((row) => Object.hasOwn(row, key)))
    .map(({ key }) => [key, read.map((row) => String(row[key] ?? '')).join(',')]);
  return { [field.key]: read, ...Object.fromEntries(flat) };
}

/** One row whose values are lists, as `{{step.items[].name}}` maps them, is that many rows. */
function spreadRow(row: Fields): Fields[] {
  const lists = Object.values(row).filter(Array.isArray);
  if (lists.length === 0) return [row];
  const length = Math.max(...lists.map((list) => list.length));
  const at = (value: unknown, index: number) => (Array.isArray(value) ? value[index] : value);
  return Array.from({ length }, (_, index) =>
    Object.fromEntries(Object.entries(row).map(([key, value]) => [key, at(value, index)])),
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return Array.isArray(value) ? value.length === 0 : isFields(value) && Object.keys(value).length === 0;
}

function withoutEmpties(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpties).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  if (isFields(value)) {
    const entries = Object.entries(value)
      .map(([key, item]) => [key, withoutEmpties(item)] as const)
      .filter(([, item]) => item !== undefined);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  return isEmpty(value) ? undefined : value;
}
