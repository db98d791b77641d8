import { asText, mapValue, type Outputs } from '../inputs/mapping.ts';
import type { Condition } from '../zap/zap.ts';

/**
 * Whether a condition of a filter or a path holds. Comparison is of text: "exactly matches" minds capitals and "contains"
 * does not [docs help 8496014252301]; `exists` is true of anything but an empty text or list, and a missing or null value; of what is
 * no number, none is greater or less.
 */
export function holds(condition: Condition, outputs: Outputs): boolean {
  const actual = mapValue(condition.field, outputs);
  const wanted = mapValue(condition.value, outputs);
  const exists =
    actual !== undefined &&
    actual !== null &&
    actual !== '' &&
    !(Array.isArray(actual) && actual.length === 0);
  switch (condition.op) {
    case 'exists':
      return exists;
    case 'not_exists':
      return !exists;
    case 'equals':
      return asPlain(actual) === asPlain(wanted);
    case 'not_equals':
      return asPlain(actual) !== asPlain(wanted);
    case 'contains':
      return contains(actual, wanted);
    case 'not_contains':
      return !contains(actual, wanted);
    case 'greater_than':
      return exists && Number(actual) > Number(wanted);
    case 'less_than':
      return exists && Number(actual) < Number(wanted);
  }
}

function contains(actual: unknown, wanted: unknown): boolean {
  const small = (value: unknown) => asPlain(value).toLowerCase();
  return Array.isArray(actual)
    ? actual.map(small).includes(small(wanted))
    : small(actual).includes(small(wanted));
}

function asPlain(value: unknown): string {
  return Array.isArray(value) ? JSON.stringify(value) : asText(value);
}
