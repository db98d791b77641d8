import type { Client } from './client.ts';
import { digest } from './digest.ts';
import { isUnreadable, NOT_SENT, type Problem, problemOf } from './problem.ts';

/**
 * Zapier runs a step again by itself when it ended in an error, up to five times within ten hours [docs: Autoreplay],
 * and HighLevel has no way to say that a creation is the same one. [measured by others] So each creation leaves a mark
 * in the cache before its request, and takes it away once it is created, or the first try was refused. A mark that is
 * still there tells the next run of the same step that the record may exist already.
 *
 * It is no lock: two runs at the same moment both create.
 */
export interface Creation<T> {
  /** What is created; part of the mark's name. */
  kind: string;
  /** All that makes one creation another than the next; never a token. */
  payload: unknown;
  /** A due date in relative words reads otherwise in each run, so the mark keeps the first run's; ISO 8601. */
  dueDate?: string;
  /** @param dueDate the first run's, where there is one */
  make: (dueDate?: string) => Promise<T>;
  /**
   * What an earlier try made, or null.
   *
   * @param since only what was made after this moment, in ms since the epoch
   * @param refusal HighLevel's refusal of this try, which may name the record that is there
   * @param dueDate the first run's, where there is one
   */
  findEarlier: (since: number, refusal: Problem | null, dueDate?: string) => Promise<T | null>;
  /** Whether its mark stays until `forgetTry`, because the step goes on, and may have to run again after this. */
  isKept?: boolean;
}

/** Two hours more than Zapier goes on replaying. [docs] */
const MARK_SECONDS = 12 * 60 * 60;
/** HighLevel's clock and Zapier's may be this far apart. [assumed] */
export const CLOCK_DRIFT_MS = 60_000;
/** Where nothing is remembered, a record of the last hour that is the same in every part is taken for an earlier try's. */
const WITHOUT_MARK_MS = 60 * 60 * 1000;

interface Mark {
  /** When the first try began, in ms since the epoch. */
  at: number;
  dueDate?: string;
}

/**
 * Creates something, unless an earlier try of the same step made it already: then that is given back.
 *
 * @throws what `make` throws, where nothing of an earlier try is found
 */
export async function createOnce<T>(client: Client, creation: Creation<T>): Promise<T> {
  const key = keyOf(creation);
  const mark = await client.recall<Mark>(key);
  const at = mark?.at ?? Date.now();
  const dueDate = mark?.dueDate ?? creation.dueDate;
  const fresh: Mark = dueDate === undefined ? { at } : { at, dueDate };
  const isMarked = mark !== null || (await client.remember(key, fresh, MARK_SECONDS));
  const since = isMarked ? at - CLOCK_DRIFT_MS : Date.now() - WITHOUT_MARK_MS;
  const mayExist = mark !== null || !isMarked;
  const earlier = mayExist ? await creation.findEarlier(since, null, dueDate) : null;
  const made = earlier ?? (await make(client, key, { ...creation, dueDate }, mayExist ? since : null));
  if (!creation.isKept) await client.forget(key);
  return made;
}

/** Takes the mark of a creation away that was to be kept, once the whole step has ended well. */
export async function forgetTry(
  client: Client,
  creation: Pick<Creation<unknown>, 'kind' | 'payload'>,
): Promise<void> {
  await client.forget(keyOf(creation));
}

/** Remembers a try that was answered, for a step that goes on and may have to run again. @param at ms since the epoch */
export async function rememberTry(
  client: Client,
  creation: Pick<Creation<unknown>, 'kind' | 'payload'>,
  at: number,
): Promise<void> {
  const mark: Mark = { at };
  await client.remember(keyOf(creation), mark, MARK_SECONDS);
}

/** Since when, in ms since the epoch, an earlier try may have made this; null where none was left without an answer. */
export async function triedSince(
  client: Client,
  creation: Pick<Creation<unknown>, 'kind' | 'payload'>,
): Promise<number | null> {
  const mark = await client.recall<Mark>(keyOf(creation));
  return mark && mark.at - CLOCK_DRIFT_MS;
}

/**
 * Does what need not be looked for before it is done again, and remembers where HighLevel did not answer whether it did it:
 * then this, or `triedSince`, tells the next run of the same step.
 *
 * @returns with the result since when, in ms since the epoch, an earlier run may have done it; null where none was left
 *   without an answer
 * @throws what `act` throws
 */
export async function rememberIfUnanswered<T>(
  client: Client,
  creation: Pick<Creation<unknown>, 'kind' | 'payload'>,
  act: () => Promise<T>,
): Promise<{ result: T; since: number | null }> {
  const since = await triedSince(client, creation);
  if (since === null) return { result: await markIfUnanswered(client, creation, act), since };
  const result = await act();
  await forgetTry(client, creation);
  return { result, since };
}

async function markIfUnanswered<T>(
  client: Client,
  creation: Pick<Creation<unknown>, 'kind' | 'payload'>,
  act: () => Promise<T>,
): Promise<T> {
  const begun = Date.now();
  try {
    return await act();
  } catch (error) {
    if (!wasRefused(error)) await rememberTry(client, creation, begun);
    throw error;
  }
}

/**
 * Does what must not be done twice and cannot be looked for: not again where HighLevel did not answer an earlier run.
 *
 * @param doing what it is, after "to …"
 * @throws what `act` throws; HaltedError where an earlier run may have done it
 */
export async function onlyOnce<T>(
  client: Client,
  creation: Pick<Creation<unknown>, 'kind' | 'payload'>,
  doing: string,
  act: () => Promise<T>,
): Promise<T> {
  if ((await triedSince(client, creation)) === null) return markIfUnanswered(client, creation, act);
  throw new client.errors.HaltedError(
    `HighLevel did not answer an earlier run of this step, which was to ${doing}: it may have been done. It was not sent again, ` +
      'because it could then be done twice. Look in HighLevel, and if it was not done, do it there. The same is sent again from twelve hours after that run on.',
  );
}

function keyOf({ kind, payload }: Pick<Creation<unknown>, 'kind' | 'payload'>): string {
  return `attempt:${kind}:${digest(payload)}`;
}

async function make<T>(client: Client, key: string, creation: Creation<T>, since: number | null): Promise<T> {
  const begun = Date.now();
  try {
    return await creation.make(creation.dueDate);
  } catch (error) {
    if (isUnreadable(error)) {
      const made = await creation
        .findEarlier(begun - CLOCK_DRIFT_MS, null, creation.dueDate)
        .catch(() => null);
      if (made) return made;
    }
    if (!wasRefused(error)) throw error;
    if (since === null) {
      await client.forget(key);
      throw error;
    }
    // HighLevel may refuse the second because the first is there, though its search did not show it yet. Whatever else it
    // refuses says nothing of the first, so the mark stays.
    const earlier = await creation.findEarlier(since, problemOf(error), creation.dueDate);
    if (earlier) return earlier;
    throw error;
  }
}

const AFTER_A_PART = new WeakSet<Error>();

/** Notes that what an error ended had been done in part before it, so that a refusal is not one of the whole. */
export function afterAPart(error: unknown): unknown {
  if (error instanceof Error) AFTER_A_PART.add(error);
  return error;
}

/**
 * Whether HighLevel did not do it: it said so, or was never asked. Trouble at HighLevel and a lost answer leave that open.
 */
export function wasRefused(error: unknown): boolean {
  if (error instanceof Error && AFTER_A_PART.has(error)) return false;
  const refreshes = error instanceof Error && error.name === 'RefreshAuthError';
  const problem = problemOf(error);
  return refreshes || (problem !== null && (problem.kind !== 'unavailable' || problem.code === NOT_SENT));
}
