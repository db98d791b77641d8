import { unprocessable } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';
import { entryOf } from '../state/entry.ts';
import type { Contact } from '../state/records.ts';
import { anyTime } from '../state/time.ts';
import { contactField } from './contact-fields.ts';

export type ContactTest = (contact: Contact) => boolean;

/** The longest value of a filter, in characters [docs]. */
const VALUE_MAX = 75;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function plain(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

// The vendor's page names no keys; others use gt, gte, lt, lte, one copy low and high: all are taken [conflict].
const BOUNDS: Record<string, (value: number, bound: number) => boolean> = {
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
  low: (value, bound) => value >= bound,
  high: (value, bound) => value <= bound,
};

function inRange(values: unknown[], range: unknown): boolean {
  if (!isRecord(range)) return false;
  return values.some(
    (value) =>
      typeof value === 'number' &&
      Object.entries(range).every(([key, limit]) => {
        const bound = typeof limit === 'number' ? limit : anyTime(String(limit));
        return bound !== null && (entryOf(BOUNDS, key)?.(value, bound) ?? false);
      }),
  );
}

function condition(ctx: SandboxContext, locationId: string, one: Record<string, unknown>): ContactTest {
  const name = String(one.field);
  const operator = String(one.operator);
  const field = contactField(ctx, locationId, name);
  // Both sentences, and that these are 422, are [assumed].
  if (field === null) return unprocessable([`filter field ${name} is not supported`]);
  if (!field.operators.includes(operator)) {
    return unprocessable([`operator ${operator} is not supported for field ${name}`]);
  }
  const wanted = (Array.isArray(one.value) ? one.value : [one.value]).map(plain);
  if (wanted.some((value) => typeof value === 'string' && value.length > VALUE_MAX)) {
    return unprocessable([`value must be shorter than or equal to ${VALUE_MAX} characters`]);
  }
  const found = (contact: Contact): unknown[] => field.values(contact).map(plain);
  const equals: ContactTest = (contact) => found(contact).some((value) => wanted.includes(value));
  const contains: ContactTest = (contact) =>
    found(contact).some((value) => wanted.some((part) => String(value).includes(String(part))));
  switch (operator) {
    case 'eq':
      return equals;
    case 'not_eq':
      return (contact) => !equals(contact);
    case 'contains':
      return contains;
    case 'not_contains':
      return (contact) => !contains(contact);
    case 'exists':
      return (contact) => found(contact).length > 0;
    case 'not_exists':
      return (contact) => found(contact).length === 0;
    default:
      return (contact) => inRange(found(contact), one.value);
  }
}

/**
 * Reads `filters` of POST /contacts/search: conditions and groups of them, all of which must hold [docs].
 *
 * @throws HighLevelError 422 for a field or an operator that the vendor's table does not have [assumed]
 */
export function contactFilter(ctx: SandboxContext, locationId: string, filters: unknown[]): ContactTest {
  const tests = filters.map((one) => {
    if (!isRecord(one)) return unprocessable(['each value in filters must be an object']);
    if (!('group' in one)) return condition(ctx, locationId, one);
    if (!Array.isArray(one.filters) || (one.group !== 'AND' && one.group !== 'OR')) {
      return unprocessable(['group must be one of the following values: AND, OR']);
    }
    if (one.group === 'AND') return contactFilter(ctx, locationId, one.filters);
    const parts = one.filters.map((part: unknown) => contactFilter(ctx, locationId, [part]));
    return (contact: Contact) => parts.some((part) => part(contact));
  });
  return (contact) => tests.every((test) => test(contact));
}
