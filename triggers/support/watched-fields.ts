/** The fields of an opportunity that a person can watch, and what tells whether one of them changed. */

import type { ZObject } from 'zapier-platform-core';
import { readTexts } from '../../fields/inputs/read-text.ts';
import { TRIGGER } from '../../fields/keys.ts';
import {
  asKind,
  type CustomFieldKind,
  type CustomFieldValue,
  kindOf,
} from '../../highlevel/account/custom-field-value.ts';
import type { CustomField } from '../../highlevel/account/custom-fields.ts';
import { simplify } from '../../highlevel/account/resolve.ts';
import type { HighLevel } from '../../highlevel/connect.ts';
import { digest } from '../../highlevel/http/digest.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { UNREADABLE } from '../../highlevel/http/shapes.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import { normalise, type Opportunity, type OpportunityRecord } from '../../highlevel/opportunities/record.ts';

type PlainKey = Extract<
  keyof Opportunity,
  | 'name'
  | 'monetary_value'
  | 'owner_id'
  | 'expected_close_date'
  | 'probability'
  | 'source'
  | 'stage_id'
  | 'status'
  | 'contact_id'
>;

/** Those that every account has, under the keys of the output. */
const PLAIN: Record<PlainKey, string> = {
  name: LABELS.name,
  monetary_value: LABELS.monetaryValue,
  owner_id: LABELS.assignedTo,
  expected_close_date: LABELS.forecastExpectedCloseDate,
  probability: LABELS.forecastProbability,
  source: LABELS.source,
  stage_id: LABELS.pipelineStageId,
  status: LABELS.status,
  contact_id: LABELS.contactId,
};

/** HighLevel keeps the moment of these changes, which tells a change back from none at all. */
const MOMENTS = {
  stage_id: 'last_stage_change_at',
  status: 'last_status_change_at',
} as const satisfies Partial<Record<PlainKey, keyof Opportunity>>;

const CUSTOM = 'custom_fields__';

/** The input field for them. */
export const watched = {
  key: 'watched_fields',
  label: 'Fields to Watch',
  type: 'string',
  list: true,
  required: true,
  dynamic: `${TRIGGER.watchedFieldList}.id.name`,
  helpText:
    'A change of any of these starts the Zap, and a change of nothing else does. Your custom fields are in the dropdown as well.',
} as const;

/** A field that can be watched; `id` is its key in the output. */
export interface WatchableField {
  id: string;
  name: string;
  /** The id and the kind of a custom field; null for the others. */
  custom: { id: string; kind: CustomFieldKind } | null;
}

/**
 * All that can be watched, the person's own fields last.
 *
 * @param customFields the custom fields of the opportunities
 */
export function watchableFields(customFields: CustomField[]): WatchableField[] {
  return [
    ...Object.entries(PLAIN).map(([id, name]) => ({ id, name, custom: null })),
    ...customFields.map(({ id, name, dataType }) => ({
      id: `${CUSTOM}${id}`,
      name,
      custom: { id, kind: kindOf(dataType) },
    })),
  ];
}

/**
 * The fields that a person chose, by id or by name. The list of custom fields is asked for only where one of them is
 * meant; it is a cached one.
 *
 * @param label the input field's label, for the error
 * @param value one text or several
 * @throws HaltedError where none is chosen, and for a text that no field, or more than one, answers to
 */
export async function readWatchedFields(
  z: ZObject,
  highlevel: HighLevel,
  label: string,
  value: unknown,
): Promise<WatchableField[]> {
  const texts = readTexts(value);
  if (texts.length === 0) {
    throw new z.errors.HaltedError(`${label}: this is empty. Choose at least one field to watch.`);
  }
  const areAllPlain = texts.every((text) => text in PLAIN);
  const customFields = areAllPlain
    ? []
    : await highlevel.account.opportunityFields.where((known) =>
        texts.every((text) => matches(watchableFields(known), text).length === 1),
      );
  const fields = watchableFields(customFields);
  return [...new Set(texts.map((text) => theOne(z, label, fields, text)))];
}

/**
 * Those of the fields that are still there: another Zap may watch one that was deleted since.
 *
 * @param ids as in `WatchableField`
 */
export async function fieldsStillThere(highlevel: HighLevel, ids: string[]): Promise<WatchableField[]> {
  const custom = ids.filter((id) => id.startsWith(CUSTOM)).map((id) => id.slice(CUSTOM.length));
  const customFields =
    custom.length > 0 ? await highlevel.account.opportunityFields.withIds(new Set(custom)) : [];
  return watchableFields(customFields).filter(({ id }) => ids.includes(id));
}

function matches(fields: WatchableField[], text: string): WatchableField[] {
  const exact = fields.filter(({ id, custom }) => id === text || custom?.id === text);
  return exact.length > 0 ? exact : fields.filter(({ name }) => simplify(name) === simplify(text));
}

function theOne(z: ZObject, label: string, fields: WatchableField[], text: string): WatchableField {
  const found = matches(fields, text);
  if (found.length === 1 && found[0]) return found[0];
  throw new z.errors.HaltedError(
    found.length > 1
      ? `${label}: more than one field is called "${shortened(text)}". Choose it from the dropdown instead.`
      : `${label}: opportunities have no field called "${shortened(text)}", or not any more. Choose the fields from the dropdown again.`,
  );
}

/** What an opportunity has in the watched fields, by their ids. */
export type WatchedValues = Record<string, CustomFieldValue>;

/**
 * What an opportunity has in one field, in the one form of its kind whichever endpoint told it.
 *
 * @returns undefined where the record does not say what its custom fields hold, or its close date is no day
 */
export function watchedValue(
  record: OpportunityRecord,
  { id, custom }: WatchableField,
): CustomFieldValue | undefined {
  const opportunity = normalise(record);
  if (custom) {
    if (!opportunity.custom_fields) return undefined;
    return asKind(opportunity.custom_fields[custom.id] ?? null, custom.kind);
  }
  const key = id as PlainKey;
  if (key === 'expected_close_date' && record.forecastExpectedCloseDate === UNREADABLE) return undefined;
  // No value and 0 are the same to HighLevel. [recorded]
  return key === 'monetary_value' ? (opportunity[key] ?? 0) : opportunity[key];
}

/**
 * What an opportunity has in the watched fields. A stage or status comes with the moment it was changed.
 *
 * @returns null where the record does not tell one of them, or not when its watched stage or status changed
 */
export function watchedValues(record: OpportunityRecord, fields: WatchableField[]): WatchedValues | null {
  const opportunity = normalise(record);
  const values: WatchedValues = {};
  for (const field of fields) {
    const value = watchedValue(record, field);
    if (value === undefined) return null;
    values[field.id] = value;
    if (field.id in MOMENTS) {
      const moment = MOMENTS[field.id as keyof typeof MOMENTS];
      if (opportunity[moment] === null) return null;
      values[moment] = opportunity[moment];
    }
  }
  return values;
}

/**
 * The same text for the same values, in whatever order fields were chosen and lists are told.
 *
 * @returns 16 characters
 */
export function digestOf(values: WatchedValues): string {
  const sorted = Object.entries(values)
    .map(([id, value]) => [id, Array.isArray(value) ? [...value].sort() : value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(sorted).slice(0, 16);
}
