import * as s from 'zod/mini';

/** How values are read of answers that are not quite as documented: what is no guess is taken. */

/** A number, or a numeral in a text, as was seen for counters and amounts. [measured by others] */
export const numeral = s.union([
  s.number(),
  s.pipe(s.string().check(s.regex(/^\s*-?\d+(\.\d+)?\s*$/)), s.transform(Number)),
]);

/** A moment as text; one in ms since the epoch becomes ISO 8601. */
export const moment = s.union([
  s.string(),
  s.pipe(
    s.number(),
    s.transform((ms) => (Number.isFinite(new Date(ms).getTime()) ? new Date(ms).toISOString() : '')),
  ),
]);

/** A list of which the entries that are not of this shape are left out. `_id` counts for `id`. [measured by others] */
export function entries<S extends s.ZodMiniType>(entry: S) {
  return s.pipe(
    s.array(s.unknown()),
    s.transform((items): s.output<S>[] =>
      items.flatMap((item) => {
        const read = s.safeParse(entry, withId(item));
        return read.success ? [read.data] : [];
      }),
    ),
  );
}

/** Whether a row can be told from others: one that cannot is left out of a list. */
export function hasId(row: unknown): boolean {
  return (
    typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' && row.id !== ''
  );
}

function withId(item: unknown): unknown {
  return typeof item === 'object' && item !== null && '_id' in item && !hasId(item)
    ? { ...item, id: item._id }
    : item;
}
