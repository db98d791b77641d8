import * as s from 'zod/mini';
import { hasId } from '../http/shapes.ts';

/** How parts of contacts, notes and tasks are read that are not quite as documented: what is no guess is taken. */

/** What is not as expected here counts as empty: one odd value must not hide the whole record from a Zap. */
export function shown<T>(schema: s.ZodMiniType<T | null | undefined>) {
  return s.optional(s.catch(schema, null));
}

/** Text; a number counts as its numeral, as of a postal code. */
export const text = s.nullish(s.union([s.string(), s.pipe(s.number(), s.transform(String))]));

/** Yes or no, also where it is spelt out. */
export const flag = s.nullish(
  s.union([
    s.boolean(),
    s.pipe(
      s.string().check(s.regex(/^\s*(true|false)\s*$/i)),
      s.transform((word) => word.trim().toLowerCase() === 'true'),
    ),
  ]),
);

/** The tags among a list; one alone, or several with commas between them, may come as text. */
export const tagList = s.nullish(
  s.pipe(
    s.union([
      s.array(s.unknown()),
      s.pipe(
        s.string(),
        s.transform((tags): unknown[] => tags.split(',')),
      ),
    ]),
    s.transform((tags) =>
      tags.flatMap((tag) => (typeof tag === 'string' && tag.trim() !== '' ? [tag.trim()] : [])),
    ),
  ),
);

/** A record by its id, for which `_id` counts too. */
export function withId<S extends s.ZodMiniType>(record: S) {
  return s.pipe(
    s.transform((value: unknown) =>
      typeof value === 'object' && value !== null && '_id' in value && !hasId(value)
        ? { ...value, id: value._id }
        : value,
    ),
    record,
  );
}

/** What of a record is told: neither null nor left out. */
export function told<T extends object>(record: T | null | undefined): Partial<T> {
  const known = Object.entries(record ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as Partial<T>;
}
