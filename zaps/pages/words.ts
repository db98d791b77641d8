/** Zaps in words for people who do not code: what the editor calls things, not what they are keyed by. */

import { app } from '../../app.ts';
import { attributionOutputs } from '../../fields/outputs/opportunity.ts';
import type { Condition, Step, Trigger } from '../../local/zap-runner/index.ts';

interface Labelled {
  key: string;
  label?: string;
  choices?: Record<string, string>;
}

interface Operation {
  display: { label: string };
  operation: { inputFields?: readonly unknown[]; outputFields?: readonly unknown[] };
}

type Shelf = Record<string, Operation>;

const triggers = app.triggers as unknown as Shelf;
const creates = app.creates as unknown as Shelf;
const searches = app.searches as unknown as Shelf;
const pairs = app.searchOrCreates as unknown as Record<
  string,
  { display: { label: string }; create: string; update?: string }
>;

/** Fields that the app makes for each account. */
const MADE_FIELDS: Record<string, string> = {
  search_field: 'Custom Field',
  search_field_value: 'Custom Field Value',
};

const APP = 'HighLevel';

/** A function describes these in the app, so they stand in no list there. */
const ATTRIBUTION = labelsOf(attributionOutputs);

/** What a step or a trigger is called. */
export function nameOf(step: Step): string {
  switch (step.kind) {
    case 'create':
      return creates[step.key]?.display.label ?? step.key;
    case 'search':
      return searches[step.key]?.display.label ?? step.key;
    case 'searchOrCreate':
      return pairs[step.key]?.display.label ?? step.key;
    case 'other':
      return step.action;
    case 'filter':
      return 'Only Continue If';
    case 'paths':
      return 'Paths';
    case 'looping':
      return 'Create Loop From Line Items';
    case 'code':
      return 'Run JavaScript';
    case 'formatter':
      return step.transform === 'lookup_table' ? 'Lookup Table' : 'Spreadsheet-Style Formula';
    case 'storage':
      return {
        get_value: 'Get Value',
        set_child_values: 'Set Child Values',
        increment_value: 'Increment Value',
      }[step.action];
  }
}

/** Which app a step belongs to. */
export function appOf(step: Step): string {
  switch (step.kind) {
    case 'create':
    case 'search':
    case 'searchOrCreate':
      return APP;
    case 'other':
      return step.app;
    default:
      return `${capital(step.kind)} by Zapier`;
  }
}

export function triggerName(trigger: Trigger): { name: string; app: string } {
  if (trigger.kind === 'other') return { name: trigger.event, app: trigger.app };
  if (trigger.kind === 'schedule') {
    const name = `Every ${capital(trigger.every)}${trigger.at ? ` at ${trigger.at}` : ''}`;
    return { name, app: 'Schedule by Zapier' };
  }
  return { name: triggers[trigger.key]?.display.label ?? trigger.key, app: APP };
}

/** What the editor calls a field of a step or a trigger. */
export function inputLabel(of: Step | Trigger, key: string): string {
  const own = /^custom_field_\[(?:Contact: )?([^\]]+)\]$/.exec(key);
  if (own) return `${own[1]} (a field of your own)`;
  // What code and stored values are called, a person types as it is.
  if (of.kind === 'code' || of.kind === 'storage') return `\`${key}\``;
  const known = labelsOf(inputsOf(of));
  return known.get(key) ?? MADE_FIELDS[key] ?? humanize(key);
}

/** What goes into a field: a choice by its label, anything else as `valueInWords`. */
export function inputInWords(of: Step | Trigger, key: string, value: unknown, before: Before): string {
  const choice = fieldsOf(inputsOf(of)).find((field) => field.key === key)?.choices?.[String(value)];
  return choice ? `\`${choice}\`` : valueInWords(value, before);
}

/** Steps by their ids, and the trigger, for what refers to them. */
export type Before = Map<string, Step | Trigger>;

/** A value with its references in words, as Markdown. */
export function valueInWords(value: unknown, before: Before): string {
  if (Array.isArray(value)) return value.map((one) => valueInWords(one, before)).join(', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const own = /^\[(?:Contact: )?([^\]]+)\]$/.exec(text);
  if (own) return `${own[1]} (a field of your own)`;
  if (text === '') return '(emptied)';
  const parts = text.split(/(\{\{[^{}]+\}\})/).filter(Boolean);
  return parts
    .map((part) =>
      part.startsWith('{{') ? reference(part.slice(2, -2), before) : parts.length > 1 ? part : `\`${part}\``,
    )
    .join('')
    .replaceAll('\n', ' ')
    .replaceAll('|', '\\|');
}

export function conditionInWords({ field, op, value }: Condition, before: Before): string {
  const what = valueInWords(field, before);
  switch (op) {
    case 'exists':
      return `${what} is not empty`;
    case 'not_exists':
      return `${what} is empty`;
    default:
      return `${what} ${WORDS[op]} ${valueInWords(value, before)}`;
  }
}

const WORDS = {
  equals: 'is',
  not_equals: 'is not',
  contains: 'contains',
  not_contains: 'does not contain',
  greater_than: 'is greater than',
  less_than: 'is less than',
};

function reference(text: string, before: Before): string {
  const [id = '', ...path] = text.split('.');
  const source = before.get(id);
  if (!source) return `**${humanize(text)}**`;
  const from = 'id' in source ? (source.title ?? nameOf(source)) : triggerName(source).name;
  return `**${outputLabel(source, path)}** of *${from}*`;
}

function outputLabel(of: Step | Trigger, path: string[]): string {
  const [head = '', ...rest] = path;
  if (head === 'custom_fields') return rest.join(' ').replace(/[[\]]/g, '');
  const known = labelsOf(outputsOf(of));
  const label = known.get(path.join('__')) ?? ATTRIBUTION.get(path.join('__'));
  if (label) return label;
  return path.length === 0 ? 'Everything' : path.map(humanize).join(' › ');
}

function inputsOf(of: Step | Trigger): readonly unknown[] {
  switch (of.kind) {
    case 'create':
      return creates[of.key]?.operation.inputFields ?? [];
    case 'search':
      return searches[of.key]?.operation.inputFields ?? [];
    case 'searchOrCreate': {
      const create = creates[pairs[of.key]?.create ?? '']?.operation.inputFields ?? [];
      return [...(searches[of.key]?.operation.inputFields ?? []), ...create];
    }
    case undefined:
    case 'app':
      return triggers[of.key]?.operation.inputFields ?? [];
    default:
      return [];
  }
}

function outputsOf(of: Step | Trigger): readonly unknown[] {
  switch (of.kind) {
    case 'create':
      return creates[of.key]?.operation.outputFields ?? [];
    case 'search':
    case 'searchOrCreate':
      return searches[of.key]?.operation.outputFields ?? [];
    case undefined:
    case 'app':
      return triggers[of.key]?.operation.outputFields ?? [];
    default:
      return [];
  }
}

function labelsOf(fields: readonly unknown[]): Map<string, string> {
  return new Map(fieldsOf(fields).flatMap(({ key, label }) => (label ? [[key, label] as const] : [])));
}

function fieldsOf(fields: readonly unknown[]): Labelled[] {
  return fields.filter((field): field is Labelled => typeof field === 'object' && field !== null);
}

/** `close_date` as a person would write it. */
function humanize(key: string): string {
  const words = key.replace(/[[\]]/g, '').split(/[_\s.]+/);
  return words.map((word) => SPELLED[word] ?? capital(word)).join(' ');
}

const SPELLED: Record<string, string> = { id: 'ID', url: 'URL', highlevel: 'HighLevel' };

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
