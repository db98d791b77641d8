import { z } from 'zod';
import { fail, unprocessable } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';
import type { IndexedRow } from '../state/search-index.ts';
import { anyTime } from '../state/time.ts';
import { fieldOf, type SearchField } from './opportunity-fields.ts';

export type RowFilter = (row: IndexedRow) => boolean;

/** One condition; `value` is judged by its field, since a wrong shape is no error but finds nothing. */
interface Condition {
  field: string;
  operator: string;
  value?: unknown;
}

const OPERATORS = ['eq', 'not_eq', 'contains', 'not_contains', 'exists', 'not_exists', 'range'];
const TEXT_MAX = 75;
const NESTING_MAX = 5;

const condition = z.strictObject({ field: z.string(), operator: z.string(), value: z.unknown().optional() });

const NOTHING: RowFilter = () => false;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A bound of a range as a number: a number, or an ISO time for a date. Null if it is neither. */
function boundOf(field: SearchField, bound: unknown): number | null {
  if (typeof bound === 'number') return bound;
  if (field.kind !== 'date' || typeof bound !== 'string') return null;
  return anyTime(bound);
}

function rangeFilter(field: SearchField, value: unknown): RowFilter {
  if (!isRecord(value) || Object.keys(value).length === 0) return NOTHING;
  const tests: ((found: number) => boolean)[] = [];
  for (const [key, bound] of Object.entries(value)) {
    const limit = boundOf(field, bound);
    if (limit === null) return NOTHING;
    if (key === 'gte') tests.push((found) => found >= limit);
    else if (key === 'gt') tests.push((found) => found > limit);
    else if (key === 'lte') tests.push((found) => found <= limit);
    else if (key === 'lt') tests.push((found) => found < limit);
    else return NOTHING;
  }
  return (row) =>
    field.values(row).some((found) => typeof found === 'number' && tests.every((test) => test(found)));
}

function same(a: unknown, b: unknown): boolean {
  return typeof a === 'string' && typeof b === 'string' ? a.toLowerCase() === b.toLowerCase() : a === b;
}

/** Which values `eq` looks for; null where the shape is wrong. */
function wantedOf(field: SearchField, value: unknown): unknown[] | null {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) return null;
  const fits = (one: unknown): boolean =>
    field.kind === 'number' ? typeof one === 'number' : typeof one === 'string';
  if (!list.every(fits)) return null;
  // Names and the contact's texts take one text; ids take one or several [docs: it shows both].
  if (Array.isArray(value) && (field.kind === 'text' || field.kind === 'number')) return null;
  return list;
}

function eqFilter(field: SearchField, value: unknown): RowFilter | null {
  const wanted = wantedOf(field, value);
  if (wanted === null) return null;
  return (row) => field.values(row).some((found) => wanted.some((one) => same(found, one)));
}

function containsFilter(field: SearchField, value: unknown): RowFilter | null {
  // Of `source` only whole values are found [measured by others].
  if (field.kind === 'list-only') return eqFilter(field, value);
  if (field.kind === 'id') return eqFilter(field, value);
  // A list finds nothing [measured by others: `name contains`].
  if (typeof value !== 'string' || value === '') return null;
  const part = value.toLowerCase();
  return (row) => field.values(row).some((found) => String(found).toLowerCase().includes(part));
}

function conditionFilter(ctx: SandboxContext, locationId: string, one: Condition): RowFilter {
  if (!OPERATORS.includes(one.operator)) {
    // `gt` as an operator is 422 [measured by others]; the sentence is [assumed].
    return unprocessable([`operator must be one of the following values: ${OPERATORS.join(', ')}`]);
  }
  const field = fieldOf(ctx, locationId, one.field);
  // A field or an operator that the vendor's table does not have for it: 422 [assumed].
  if (field === null) return unprocessable([`filter field ${one.field} is not supported`]);
  if (!field.operators.includes(one.operator)) {
    return unprocessable([`operator ${one.operator} is not supported for field ${one.field}`]);
  }
  if (one.operator === 'exists') return (row) => field.values(row).length > 0;
  if (one.operator === 'not_exists') return (row) => field.values(row).length === 0;
  if (field.kind === 'list-only' && !Array.isArray(one.value)) {
    // [measured by others: `source` with a scalar is 400]; the sentence is [assumed].
    return fail(400, `${one.field} filter value must be an array`);
  }
  if (one.operator === 'range') return rangeFilter(field, one.value);
  if (one.operator.endsWith('contains') && typeof one.value === 'string' && one.value.length > TEXT_MAX) {
    return unprocessable([`value must be shorter than or equal to ${TEXT_MAX} characters`]);
  }
  const positive = one.operator.endsWith('eq')
    ? eqFilter(field, one.value)
    : containsFilter(field, one.value);
  if (positive === null) return NOTHING;
  return one.operator.startsWith('not_') ? (row) => !positive(row) : positive;
}

function isGroup(one: unknown): one is { group: unknown; filters: unknown } {
  return isRecord(one) && 'group' in one;
}

function read(
  ctx: SandboxContext,
  locationId: string,
  one: unknown,
  depth: number,
  seen: Condition[],
): RowFilter {
  if (depth > NESTING_MAX) return unprocessable([`filters must not be nested deeper than ${NESTING_MAX}`]);
  if (!isGroup(one)) {
    const parsed = condition.safeParse(one);
    if (!parsed.success) return unprocessable(['each value in filters must have field and operator']);
    seen.push(parsed.data);
    return conditionFilter(ctx, locationId, parsed.data);
  }
  const { group, filters } = one;
  if ((group !== 'AND' && group !== 'OR') || !Array.isArray(filters)) {
    return unprocessable(['group must be one of the following values: AND, OR']);
  }
  const parts = filters.map((part: unknown) => read(ctx, locationId, part, depth + 1, seen));
  return group === 'AND'
    ? (row) => parts.every((part) => part(row))
    : (row) => parts.some((part) => part(row));
}

/**
 * Reads the `filters` of POST /opportunities/search [docs: the vendor's page on this search].
 *
 * A value of the wrong shape is no error: nothing is found [measured by others].
 *
 * @param filters a list of conditions and groups, all of which must hold; absent finds everything.
 * @returns the filter, and whether a pipeline is among its conditions.
 * @throws HighLevelError 422 for an unknown field or operator, 400 for `source` without a list.
 */
export function readFilters(
  ctx: SandboxContext,
  locationId: string,
  filters: readonly unknown[],
): { accepts: RowFilter; byPipeline: boolean } {
  const seen: Condition[] = [];
  const parts = filters.map((one) => read(ctx, locationId, one, 0, seen));
  return {
    accepts: (row) => parts.every((part) => part(row)),
    byPipeline: seen.some((one) => one.field === 'pipeline_id'),
  };
}
