import type { FieldDefinition, Fields, OperationKind } from '../../zap-runner/index.ts';

/** An input field as the app describes it, with all that the editor shows. */
export interface InputField extends FieldDefinition {
  helpText?: string;
  placeholder?: string;
  /** `trigger.value.label`: the trigger that fills its dropdown. */
  dynamic?: string;
  /** `search.value`: the search that finds a value for it. */
  search?: string;
  choices?: Record<string, string> | (string | { value: string; label: string })[];
  group?: string;
  altersDynamicFields?: boolean;
}

/** One choice of a dropdown. */
interface Choice {
  value: string;
  label: string;
}

/** A field as a form shows it. */
export interface FormField {
  key: string;
  label: string;
  type: string;
  required: boolean;
  /** Markdown. */
  help: string;
  placeholder: string;
  default: string;
  list: boolean;
  /** Whether it holds names with values. */
  dict: boolean;
  choices: Choice[] | null;
  /** Whether its choices are asked of the app. */
  dynamic: boolean;
  /** The label of the search that can find its value, and the reference that maps what it finds. */
  search: { key: string; label: string; output: string } | null;
  group: string | null;
  /** Whether other fields come and go with its value. */
  alters: boolean;
}

/** The fields of one operation; a search-or-create has up to three such parts. */
export interface FormSection {
  title: string | null;
  fields: FormField[];
  /** Groups that are folded until they are opened, by key. */
  groups: { key: string; label: string }[];
}

/** Reads a field for the form. @param searchLabel gives the name of a search of the app */
export function formField(field: InputField, searchLabel: (key: string) => string | null): FormField {
  const [search = '', output = 'id'] = field.search?.split('.') ?? [];
  const label = search ? searchLabel(search) : null;
  return {
    key: field.key,
    label: field.label ?? field.key,
    type: field.type ?? 'string',
    required: field.required ?? false,
    help: field.type === 'copy' ? (field.helpText ?? field.label ?? '') : (field.helpText ?? ''),
    placeholder: field.placeholder ?? '',
    default: field.default ?? '',
    list: field.list ?? false,
    dict: field.dict ?? false,
    choices: field.type === 'boolean' ? YES_NO : readChoices(field.choices),
    dynamic: Boolean(field.dynamic),
    search: label ? { key: search, label, output } : null,
    group: field.group ?? null,
    alters: field.altersDynamicFields ?? false,
  };
}

const YES_NO: Choice[] = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

function readChoices(choices: InputField['choices']): Choice[] | null {
  if (!choices) return null;
  if (Array.isArray(choices)) {
    return choices.map((one) => (typeof one === 'string' ? { value: one, label: one } : one));
  }
  return Object.entries(choices).map(([value, label]) => ({ value, label }));
}

/** One value of an output: where it is, what it is called, and what it is. */
export interface OutputValue {
  /** What maps it, such as `{{trigger.contact_name}}`. */
  reference: string;
  label: string;
  value: string;
}

/** An output field's key as a path: `change__field` and `opportunities[]name` become `change.field` and so on. */
function pathOf(key: string): string {
  return key.replaceAll('__', '.').replaceAll('[]', '[].').replace(/\.\./g, '.');
}

/**
 * The values of an output in the order of the app's output fields, each under its label, and after them what the app
 * did not name. Lists of records are told by their number and can be mapped by column.
 *
 * @param node `trigger`, or a step's id
 */
export function outputValues(node: string, output: Fields, fields: FieldDefinition[]): OutputValue[] {
  const labels = new Map(fields.map(({ key, label }) => [pathOf(key), label ?? key]));
  const order = [...labels.keys()];
  const found: { path: string; value: unknown }[] = [];
  collect(output, '', found);
  const place = (path: string) => {
    const index = order.indexOf(path);
    return index === -1 ? order.length : index;
  };
  return found
    .sort((a, b) => place(a.path) - place(b.path))
    .map(({ path, value }) => ({
      reference: `{{${node}.${path}}}`,
      label: labels.get(path) ?? wordsOf(path),
      value: shown(value),
    }));
}

function collect(value: unknown, path: string, found: { path: string; value: unknown }[]): void {
  if (Array.isArray(value) && value.some((item) => typeof item === 'object' && item !== null)) {
    const keys = new Set(value.flatMap((item) => Object.keys(item ?? {})));
    for (const key of keys) {
      const column = value.map((item) => (item as Fields | null)?.[key]);
      if (!column.some((cell) => typeof cell === 'object' && cell !== null)) {
        found.push({ path: `${path}[].${key}`, value: column });
      }
    }
    return;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) collect(inner, path ? `${path}.${key}` : key, found);
    return;
  }
  if (path) found.push({ path, value });
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return String(value);
}

function wordsOf(path: string): string {
  const words = path.replaceAll('[]', '').replaceAll('_', ' ').replaceAll('.', ': ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The kinds of steps and triggers that are the app's own. */
export type AppKind = OperationKind | 'searchOrCreate';
