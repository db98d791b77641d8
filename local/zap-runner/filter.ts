import { mapValue, type Outputs } from './mapping.ts';
import type { FilterStep } from './zap.ts';

/**
 * Whether a task may pass a filter. Comparison is of text and minds case, as Filter by Zapier's text rules do
 * [assumed]; `exists` is true of anything but an empty text or list, and a missing or null value.
 */
export function passesFilter(step: FilterStep, outputs: Outputs): boolean {
  const actual = mapValue(step.field, outputs);
  const wanted = mapValue(step.value, outputs);
  const exists =
    actual !== undefined &&
    actual !== null &&
    actual !== '' &&
    !(Array.isArray(actual) && actual.length === 0);
  switch (step.op) {
    case 'exists':
      return exists;
    case 'not_exists':
      return !exists;
    case 'equals':
      return asText(actual) === asText(wanted);
    case 'not_equals':
      return asText(actual) !== asText(wanted);
    case 'contains':
      return Array.isArray(actual)
        ? actual.map(asText).includes(asText(wanted))
        : asText(actual).includes(asText(wanted));
  }
}

function asText(value: unknown): string {
  return value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);
}
