/**
 * A table's entry for a key that a caller sent; undefined if the table has none. Unlike `table[key]` it does not find what
 * every object inherits, such as `constructor`.
 */
export function entryOf<T>(table: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
