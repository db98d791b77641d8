/**
 * How values are read of answers that are not quite as documented: what is no guess is taken.
 *
 * Every schema of the app is lazy: built when it first reads something, as each step of a Zap would else build those of
 * all operations.
 */

import * as s from 'zod/mini';
import { isoTime } from './time.ts';

const NUMERAL = /^\s*-?\d+(\.\d+)?\s*$/;

/** With commas that can only be those of thousands: `9,500` alone could be nine and a half. */
const GROUPED = /^\s*-?\d{1,3}(?:(?:,\d{3})+\.\d{1,2}|(?:,\d{3}){2,})\s*$/;

/** A number, or a numeral in a text, as was seen for counters and amounts. [measured by others] */
export const numeral = s.lazy(() =>
  s.union([
    s.number(),
    s.pipe(
      s.string().check(s.refine((text) => NUMERAL.test(text) || GROUPED.test(text))),
      s.transform((text) => Number(text.replaceAll(',', ''))),
    ),
  ]),
);

/** Text; a number counts as its numeral, as of a name or a postal code. */
export const textOrNumber = s.lazy(() =>
  s.nullish(s.union([s.string(), s.pipe(s.number(), s.transform(String))])),
);

/** Yes or no, also where it is spelt out, or 1 or 0. */
export const flag = s.lazy(() =>
  s.nullish(
    s.union([
      s.boolean(),
      s.pipe(
        textOrNumber.check(s.refine((word) => /^\s*(true|false|1|0)\s*$/i.test(word ?? ''))),
        s.transform((word) => /true|1/i.test(word ?? '')),
      ),
    ]),
  ),
);

/** The texts of a list, such as tags or ids; one alone, or several with commas between them, may come as text. */
export const textList = s.lazy(() =>
  s.nullish(
    s.pipe(
      s.union([
        s.array(s.unknown()),
        s.pipe(
          s.string(),
          s.transform((tags): unknown[] => tags.split(',')),
        ),
      ]),
      s.transform((items) => items.map(textOf).filter((text) => text !== '')),
    ),
  ),
);

/** A text, or the id of what stands in its place. */
function textOf(item: unknown): string {
  const text = typeof item === 'object' && item !== null && 'id' in item ? item.id : item;
  return typeof text === 'string' || typeof text === 'number' ? String(text).trim() : '';
}

/** What is not as expected here counts as empty: one odd value must not hide a whole record or page from a Zap. */
export function shown<T>(schema: s.ZodMiniType<T | null | undefined>) {
  return s.optional(s.catch(schema, null));
}

/** What `moment` gives for a text or a number that names no moment; it is no date to `Date.parse` either. */
export const UNREADABLE = 'unreadable';

/** In seconds this is the year 1973, in ms the numbers from the second one on are later than that. */
const LEAST_SECONDS = 1e8;
const LEAST_MS = 1e11;

/**
 * A moment as text. One in ms or in s since the epoch, as a number or as a numeral in a text, becomes ISO 8601; what
 * names no moment becomes `UNREADABLE`, and a text with nothing in it stays so.
 */
export const moment = s.lazy(() =>
  s.pipe(
    s.union([s.number(), s.string()]),
    s.transform((value) => {
      if (typeof value === 'string' && !NUMERAL.test(value)) {
        return value.trim() === '' ? '' : isoTime(value) === null ? UNREADABLE : value;
      }
      const since = Number(value);
      if (!(since >= LEAST_SECONDS)) return UNREADABLE;
      return isoTime(since < LEAST_MS ? since * 1000 : since) ?? UNREADABLE;
    }),
  ),
);

/** A list of which the entries that are not of this shape are left out. `_id` counts for `id`. [measured by others] */
export function entries<S extends s.ZodMiniType>(entry: S) {
  return s.pipe(
    countedEntries(entry),
    s.transform(({ kept }) => kept),
  );
}

/** As `entries`, each once however often it comes, with how many were left out, and how many rows there were in all. */
export function countedEntries<S extends s.ZodMiniType>(entry: S) {
  return s.pipe(
    s.array(s.unknown()),
    s.transform((items): { kept: s.output<S>[]; leftOut: number; rows: number } => {
      const read = items.flatMap((item) => {
        const { data, success } = s.safeParse(entry, withId(item));
        return success ? [data as s.output<S>] : [];
      });
      const seen = new Set<unknown>();
      const kept = read.filter((one) => {
        const id = hasId(one) ? (one as { id: string }).id : one;
        return !seen.has(id) && seen.add(id);
      });
      return { kept, leftOut: items.length - read.length, rows: items.length };
    }),
  );
}

/** Whether a row can be told from others: one that cannot is left out of a list. */
export function hasId(row: unknown): boolean {
  return (
    typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string' && row.id !== ''
  );
}

/** With `_id` as its `id`, where it has no other; a number counts as its numeral. */
export function withId(item: unknown): unknown {
  if (typeof item !== 'object' || item === null || hasId(item)) return item;
  const { id, _id } = item as { id?: unknown; _id?: unknown };
  const named = [id, _id].find((one) => typeof one === 'number' || (typeof one === 'string' && one !== ''));
  return named === undefined ? item : { ...item, id: String(named) };
}
