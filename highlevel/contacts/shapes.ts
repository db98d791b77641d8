import * as s from 'zod/mini';
import { withId } from '../http/shapes.ts';

/** How parts of contacts, notes and tasks are read that are not quite as documented: what is no guess is taken. */

/** Yes or no, also where it is spelt out. */
export const flag = s.lazy(() =>
  s.nullish(
    s.union([
      s.boolean(),
      s.pipe(
        s.string().check(s.regex(/^\s*(true|false)\s*$/i)),
        s.transform((word) => word.trim().toLowerCase() === 'true'),
      ),
    ]),
  ),
);

/** The tags among a list; one alone, or several with commas between them, may come as text. */
export const tagList = s.lazy(() =>
  s.nullish(
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
  ),
);

/** A record by its id, for which `_id` counts too. */
export function byId<S extends s.ZodMiniType>(record: S) {
  return s.pipe(s.transform(withId), record);
}

/** What of a record is told: neither null nor left out. */
export function told<T extends object>(record: T | null | undefined): Partial<T> {
  const known = Object.entries(record ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as Partial<T>;
}
