import type { Opportunity, State } from './state.ts';

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

interface Shelf {
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
  /** Tells the index that a record was written or deleted; `locationId` is where it was. */
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
 * @param state where records are; they are replaced on a write and never changed in place, so a row is a snapshot.
 * @param now the sandbox's clock, in ms.
 * @param lagMs how far search runs behind, in ms; read at each write.
 */
export function searchIndex(state: State, now: () => number, lagMs: () => number): SearchIndex {
  const shelves = new Map<string, Shelf>();
  let pending: Pending[] = [];

  function shelf(locationId: string): Shelf {
    const found = shelves.get(locationId);
    if (found !== undefined) return found;
    const fresh: Shelf = { rows: new Map(), orders: new Map() };
    shelves.set(locationId, fresh);
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
      const { rows } = shelf(change.locationId);
      if (change.snapshot === null) rows.delete(change.id);
      else rows.set(change.id, indexed(change.snapshot));
      changed.set(change.locationId, (changed.get(change.locationId) ?? new Set()).add(change.id));
    }
    pending = waiting;
    for (const [locationId, ids] of changed) reorder(shelf(locationId), ids);
  }

  function reorder(place: Shelf, ids: Set<string>): void {
    if (ids.size > PATCHED_MAX) {
      place.orders.clear();
      return;
    }
    for (const order of place.orders.values()) {
      order.rows = order.rows.filter((row) => !ids.has(row.opportunity.id));
      for (const id of ids) {
        const row = place.rows.get(id);
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
      const place = shelf(locationId);
      const known = place.orders.get(name);
      if (known !== undefined) return known.rows;
      const rows = [...place.rows.values()].sort(compare);
      place.orders.set(name, { compare, rows });
      return rows;
    },
    rebuild() {
      shelves.clear();
      pending = [];
      for (const one of state.opportunities.values()) shelf(one.locationId).rows.set(one.id, indexed(one));
    },
  };
}
