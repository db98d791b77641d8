import type { ZObject } from 'zapier-platform-core';

/**
 * What of a change is set; the rest stays as it is.
 *
 * @param advice what else could be done, for a step that has more than its fields
 * @throws HaltedError where nothing is: an earlier step had no values for any of the fields
 */
export function setValues<C extends object>(z: ZObject, change: C, advice = ''): Partial<C> {
  const set = Object.entries(change).filter(([, value]) => value !== undefined);
  if (set.length > 0) return Object.fromEntries(set) as Partial<C>;
  throw nothingToChange(z, advice);
}

/** The refusal of a step whose fields for new values are all empty. */
export function nothingToChange(z: ZObject, advice = ''): Error {
  const further = advice ? ` ${advice}` : '';
  return new z.errors.HaltedError(
    `There is nothing to change: all fields for new values are empty.${further} If they come from earlier steps, those had no values this time.`,
  );
}
