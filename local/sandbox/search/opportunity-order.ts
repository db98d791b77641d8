import { entryOf } from '../state/entry.ts';
import type { Compare, IndexedRow } from '../state/search-index.ts';

export interface SortEntry {
  field: string;
  direction: 'asc' | 'desc';
}

/** What each sortable field of POST search compares [docs: the vendor's page on this search]. */
const SORT_VALUES: Record<string, (row: IndexedRow) => number | string> = {
  date_added: (row) => row.created,
  date_updated: (row) => row.updated,
  name: (row) => row.opportunity.name,
  monetary_value: (row) => row.opportunity.monetaryValue,
  last_status_change_date: (row) => row.statusChanged,
  last_stage_change_date: (row) => row.stageChanged,
};

export const SORT_FIELDS = Object.keys(SORT_VALUES);

/** Rows come newest-created first by default [recorded]. */
export const NEWEST_FIRST: SortEntry[] = [{ field: 'date_added', direction: 'desc' }];

export interface Order {
  /** The same for equal orders: names the index's cache. */
  name: string;
  compare: Compare;
  /** A row's cursor: the sorted values and, last, its id, as the recorded `sort` of `[createdAt in ms, id]`. */
  cursor(row: IndexedRow): (number | string)[];
  /** Whether a row comes after a cursor, that is whether the next page may begin with it. */
  isAfter(row: IndexedRow, cursor: readonly unknown[]): boolean;
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = String(a);
  const right = String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * An order of rows. Ties fall by id in the first entry's direction [assumed], so that an order is total and a cursor
 * is exact.
 *
 * @param sort at least one entry with a field of `SORT_FIELDS`.
 */
export function orderOf(sort: readonly SortEntry[]): Order {
  const keys = sort.map(({ field, direction }) => ({
    value: entryOf(SORT_VALUES, field) ?? ((row: IndexedRow) => row.created),
    sign: direction === 'asc' ? 1 : -1,
  }));
  const idSign = keys[0]?.sign ?? -1;
  const byId = (row: IndexedRow): string => row.opportunity.id;
  const parts = [...keys, { value: byId, sign: idSign }];
  return {
    name: sort.map(({ field, direction }) => `${field} ${direction}`).join(', '),
    compare(a, b) {
      for (const { value, sign } of parts) {
        const difference = compareValues(value(a), value(b));
        if (difference !== 0) return difference * sign;
      }
      return 0;
    },
    cursor: (row) => parts.map(({ value }) => value(row)),
    isAfter(row, cursor) {
      for (const [index, { value, sign }] of parts.entries()) {
        const difference = compareValues(value(row), cursor[index]);
        if (difference !== 0) return difference * sign > 0;
      }
      return false;
    },
  };
}
