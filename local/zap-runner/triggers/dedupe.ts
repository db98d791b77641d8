import type { Fields } from '../app/definition.ts';

// Rows per Zap in Zapier's table [docs operating constraints].
const CAPACITY = 105_000;

/** Which rows a polling Zap has seen. */
export type DedupeTable = {
  /** Notes rows as seen and returns those that were new, in the order given. */
  take: (rows: Fields[]) => Fields[];
  size: () => number;
};

/**
 * Starts an empty table, as turning a Zap on does: turning it off forgets everything [docs deduplication].
 * Rows are told apart by the values of the primary keys together. When the table is full the oldest entries
 * give way [assumed: what Zapier does at 105,000 rows is not documented].
 * @param keys the primary keys of the trigger (see primaryKeys in definition.ts).
 */
export function createDedupeTable(keys: string[]): DedupeTable {
  const seen = new Set<string>();
  return {
    take(rows) {
      const fresh: Fields[] = [];
      for (const row of rows) {
        // 7 and '7' stay distinct: whether Zapier compares them as text is not documented [assumed].
        const id = JSON.stringify(keys.map((key) => row[key] ?? null));
        if (seen.has(id)) continue;
        seen.add(id);
        fresh.push(row);
      }
      for (const id of seen) {
        if (seen.size <= CAPACITY) break;
        seen.delete(id);
      }
      return fresh;
    },
    size: () => seen.size,
  };
}
