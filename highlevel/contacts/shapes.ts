import * as s from 'zod/mini';
import { withId } from '../http/shapes.ts';

/** How parts of contacts, notes and tasks are read that are not quite as documented: what is no guess is taken. */

/** A record by its id, for which `_id` counts too. */
export function byId<S extends s.ZodMiniType>(record: S) {
  return s.pipe(s.transform(withId), record);
}

/** What of a record is told: neither null nor left out. */
export function told<T extends object>(record: T | null | undefined): Partial<T> {
  const known = Object.entries(record ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as Partial<T>;
}
