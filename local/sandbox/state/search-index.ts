import type { Opportunity, State } from './records.ts';

/** An opportunity as search sees it, with its dates as numbers, so that filters and sorts need not parse. */
export interface IndexedRow {
  opportunity: Opportunity;
  /** In lower case. */
  name: string;
  created: number;
  updated: number;
  statusChanged: number;
  stageChanged: number;
}

export type Compare = (a: IndexedRow, b: IndexedRow) => number;

interface Pending {
  due: number;
  id: string;
  locationId: string;
  /** Null: it was deleted. */
  snapshot: Opportunity | null;
}

interface Ordered {
  compare: Compare;
  rows: IndexedRow[];
}

interface LocationRows {
  rows: Map<string, IndexedRow>;
  orders: Map<string, Ordered>;
}

/** Up to this many changes are worked into the sorted rows; more of them, and sorting anew is quicker. */
const PATCHED_MAX = 50;

/**
 * HighLevel's search reads an index that runs behind the records by up to a few seconds, while a read by id is up to
 * date [docs; measured by others]. The index therefore keeps its own row of each opportunity and takes changes over when they are due.
 */
export interface SearchIndex {
  /** Takes note that a record was written or deleted; `locationId` is where it was. */
  touch(id: string, locationId: string): void;
  /**
   * A location's rows in an order.
   *
   * @param name the order's name: the same name must always come with the same comparison.
   */
  ordered(locationId: string, name: string, compare: Compare): readonly IndexedRow[];
  /** Reads all records anew and forgets what was pending. */
  rebuild(): void;
}

function indexed(opportunity: Opportunity): IndexedRow {
  return {
    opportunity,
    name: opportunity.name.toLowerCase(),
    created: Date.parse(opportunity.createdAt),
    updated: Date.parse(opportunity.updatedAt),
    statusChanged: Date.parse(opportunity.lastStatusChangeAt),
    stageChanged: Date.parse(opportunity.lastStageChangeAt),
  };
}

/** Where a row belongs in sorted rows. */
function positionOf({ rows, compare }: Ordered, row: IndexedRow): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = rows[middle];
    if (there !== undefined && compare(there, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * @param state the records; they are replaced on a write and never changed in place, so a row is a snapshot.
 * @param now the sandbox's clock, in ms.
 * @param lagMs how far search runs behind, in ms; read at each write.
 */
export function searchIndex(state: State, now: () => number, lagMs: () => number): SearchIndex {
  const byLocation = new Map<string, LocationRows>();
  let pending: Pending[] = [];

  function rowsOf(locationId: string): LocationRows {
    const found = byLocation.get(locationId);
    if (found !== undefined) return found;
    const fresh: LocationRows = { rows: new Map(), orders: new Map() };
    byLocation.set(locationId, fresh);
    return fresh;
  }

  function settle(): void {
    if (pending.length === 0) return;
    const at = now();
    const waiting: Pending[] = [];
    const changed = new Map<string, Set<string>>();
    for (const change of pending) {
      if (change.due > at) {
        waiting.push(change);
        continue;
      }
      const { rows } = rowsOf(change.locationId);
      if (change.snapshot === null) rows.delete(change.id);
      else rows.set(change.id, indexed(change.snapshot));
      changed.set(change.locationId, (changed.get(change.locationId) ?? new Set()).add(change.id));
    }
    pending = waiting;
    for (const [locationId, ids] of changed) reorder(rowsOf(locationId), ids);
  }

  function reorder(location: LocationRows, ids: Set<string>): void {
    if (ids.size > PATCHED_MAX) {
      location.orders.clear();
      return;
    }
    for (const order of location.orders.values()) {
      order.rows = order.rows.filter((row) => !ids.has(row.opportunity.id));
      for (const id of ids) {
        const row = location.rows.get(id);
        if (row !== undefined) order.rows.splice(positionOf(order, row), 0, row);
      }
    }
  }

  return {
    touch(id, locationId) {
      pending.push({ due: now() + lagMs(), id, locationId, snapshot: state.opportunities.get(id) ?? null });
    },
    ordered(locationId, name, compare) {
      settle();
      const location = rowsOf(locationId);
      const known = location.orders.get(name);
      if (known !== undefined) return known.rows;
      const rows = [...location.rows.values()].sort(compare);
      location.orders.set(name, { compare, rows });
      return rows;
    },
    rebuild() {
      byLocation.clear();
      pending = [];
      for (const one of state.opportunities.values()) rowsOf(one.locationId).rows.set(one.id, indexed(one));
    },
  };
}
