/**
 * Which outputs stand in the definition itself, and which a function gives.
 *
 * Core copies and freezes every object of the definition twice in each call of each operation, and no function. So an
 * operation lists its first outputs and those that rows are told apart by, and a function gives the others, each with
 * its sample, which Zapier adds to the operation's. [source: zapier-platform-schema, PlainOutputFieldSchema]
 */
import type { Bundle, Trigger, ZObject } from 'zapier-platform-core';

type Outputs = NonNullable<Trigger['operation']['outputFields']>;
type Field = Extract<Outputs[number], { key: string }>;
type Sample = Record<string, unknown>;

/** So many are listed; every operation has the most useful ones first. */
const LISTED = 8;

/**
 * The same outputs in the same order, and the same sample, with the least of them in the definition. This is done as
 * the app loads, so it is done in few objects.
 */
export function lean<O extends { outputFields?: Outputs; sample?: Sample }>(operation: O): O {
  const { outputFields, sample } = operation;
  if (!outputFields || !sample) return operation;
  const listed: Outputs = [];
  const kept: Sample = {};
  let from = 0;
  let count = 0;
  for (let place = 0; place < outputFields.length; place++) {
    const field = outputFields[place] as Outputs[number];
    if (typeof field === 'function' || (count++ >= LISTED && !field.primary)) continue;
    if (place > from) listed.push(functionOf(outputFields, from, place, sample));
    from = place + 1;
    listed.push(field);
    const root = rootOf(field.key);
    if (root in sample) kept[root] = sample[root];
  }
  if (from < outputFields.length) listed.push(functionOf(outputFields, from, outputFields.length, sample));
  for (const key in sample) if (hasRecords(sample[key])) kept[key] = sample[key];
  return { ...operation, outputFields: listed, sample: kept };
}

const rootOf = (key: string) => key.split(/__|\[\]/, 1)[0] ?? key;

/** What is nested stays in the sample whole: a field's sample cannot show a list of records. */
function hasRecords(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isRecord);
  return isRecord(value) && Object.keys(value).length > 0;
}

function isRecord(value: unknown): value is Sample {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Gives the outputs from one place to before another. */
function functionOf(outputs: Outputs, from: number, to: number, sample: Sample) {
  return async (z: ZObject, bundle: Bundle): Promise<Field[]> => {
    const given = outputs
      .slice(from, to)
      .map((output) => (typeof output === 'function' ? output(z, bundle) : output));
    return (await Promise.all(given as (Field | Field[])[])).flat().map((field) => {
      const value = sample[field.key];
      return value === undefined ? field : { ...field, sample: value as Field['sample'] };
    });
  };
}
