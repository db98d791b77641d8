/** A value on its way into a custom field, checked against the field's data type. */
export interface CustomFieldWrite {
  /** The field's id: lists and objects are not taken by key. [spec] */
  id: string;
  /**
   * Text, number, day (YYYY-MM-DD) and choice as they are; several choices as a list; a text box list as its filled
   * entries by name; a file as its link. [spec: text, list and object; assumed: which type takes which]
   * Null empties the field. [assumed]
   */
  value: string | number | string[] | Record<string, string> | null;
}

/** v3 says `fieldValue`, 2021-07-28 `field_value`: the one place that spells it. [spec; issue n8n-io/n8n#35392] */
const VALUE_KEY = 'fieldValue';

/** The `customFields` of a body, for opportunities and contacts alike; undefined where nothing is written. [spec] */
export function customFieldsBody(writes: CustomFieldWrite[] | undefined) {
  if (!writes || writes.length === 0) return undefined;
  return writes.map(({ id, value }) => ({ id, [VALUE_KEY]: value }));
}
