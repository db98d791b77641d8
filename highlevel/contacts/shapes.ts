/** How parts of contacts, notes and tasks are read that are not quite as documented: what is no guess is taken. */

import * as s from 'zod/mini';
import { orKnown } from '../http/problem.ts';
import { withId } from '../http/shapes.ts';

/** A record by its id, for which `_id` counts too. */
export function byId<S extends s.ZodMiniType>(record: S) {
  return s.pipe(s.transform(withId), record);
}

/**
 * What is known of a record after a change of it: what the answer tells, or else what `read` tells, or else what was
 * sent. It is read where there is no record in the answer, which may tell of success and refuse, and where the answer and
 * what was sent leave one of the `keys` open.
 *
 * @throws HaltedError with kind `not_found` for one that is gone, which may be answered as if it had been changed
 */
export async function changed<T extends object, C extends object>(
  keys: readonly (keyof T & keyof C)[],
  answered: T | null | undefined,
  change: C,
  read: () => Promise<T>,
): Promise<Partial<T> & C> {
  const isWhole = answered && keys.every((key) => answered[key] !== undefined || change[key] !== undefined);
  const held = isWhole ? null : await orKnown(read(), () => null);
  return { ...change, ...told(held), ...told(answered) };
}

/** What of a record is told: neither null nor left out. */
function told<T extends object>(record: T | null | undefined): Partial<T> {
  const known = Object.entries(record ?? {}).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(known) as Partial<T>;
}
