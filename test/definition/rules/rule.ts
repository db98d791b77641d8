import type { Definition, Facts, Field, Operation } from '../definition.ts';

/** What a rule found wrong, where, in a sentence for the person who wrote it. */
export interface Finding {
  code: string;
  place: string;
  says: string;
}

/**
 * One publishing check (D001 to D028, as the vendor numbers them) or one rule of this house (a word).
 * `check` yields a finding for each place that breaks it.
 */
export interface Rule {
  code: string;
  check: (app: Definition, facts: Facts) => Iterable<Omit<Finding, 'code'>>;
}

/** A field together with its place, for example `creates.create_opportunity.inputFields.name`. */
export interface PlacedField {
  field: Field;
  place: string;
}

/** Fields and their children, each with its place. */
export function placed(fields: Field[], above: string): PlacedField[] {
  return fields.flatMap((field) => {
    const place = `${above}.${field.key}`;
    return [{ field, place }, ...placed(field.children ?? [], place)];
  });
}

export function placedInputs({ operation, place }: Operation & { place: string }): PlacedField[] {
  return placed(operation.inputFields ?? [], `${place}.inputFields`);
}

export function placedOutputs({ operation, place }: Operation & { place: string }): PlacedField[] {
  return placed(operation.outputFields ?? [], `${place}.outputFields`);
}

/** A text with its place. */
export interface Text {
  text: string;
  place: string;
}

/** Every text in a part of the definition, marks of functions aside. */
export function textsIn(part: unknown, place = ''): Text[] {
  if (typeof part === 'string') return part.startsWith('$func$') ? [] : [{ text: part, place }];
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, one]) => textsIn(one, place ? `${place}.${key}` : key));
}
