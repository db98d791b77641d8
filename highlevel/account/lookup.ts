import type { Client } from '../http/client.ts';
import { problemOf } from '../http/problem.ts';

/** Long enough that a running Zap asks for its lists a few times a day, short enough that a new name shows soon. */
const TTL_SECONDS = 15 * 60;

/** A list that changes rarely: pipelines, users, lost reasons, custom fields. A warm one costs no request. */
export interface Lookup<T> {
  /** The list, from the cache where it is warm. */
  all(client: Client): Promise<T[]>;
  /** The list as HighLevel has it now; the cache is renewed. */
  fresh(client: Client): Promise<T[]>;
  /**
   * As `fresh`, or as last known where HighLevel has trouble or is asked too often: what a person chooses from. All
   * fields of one step share one request.
   */
  forChoosing(client: Client): Promise<T[]>;
  /** The list, asked for anew if the cached one lacks one of these ids and they were not sought in vain before. */
  withIds(client: Client, ids: Set<string>): Promise<T[]>;
  /** As `withIds`, for names alone, which only decorate: what is known of the list where it cannot be had anew. */
  namesOf(client: Client, ids: Set<string>): Promise<T[]>;
  /** The list, asked for anew if `suffices` does not hold for the cached one. */
  where(client: Client, suffices: (items: T[]) => boolean): Promise<T[]>;
}

/** A list as HighLevel gave it. */
export interface Listed<T> {
  items: T[];
  /** How many entries had no id, or were not as expected, and are not among them. */
  leftOut: number;
}

interface Cached<T> extends Listed<T> {
  /** Ids that a fresh list did not have: a deleted user's opportunities must not cost every poll a request. */
  missing: string[];
}

const LEFT_OUT = new WeakMap<object, number>();

/** How many entries HighLevel's list had beside these, which cannot be told apart; for what a lookup gave. */
export function leftOutOf(items: object): number {
  return LEFT_OUT.get(items) ?? 0;
}

function noted<T>({ items, leftOut = 0 }: Listed<T>): T[] {
  LEFT_OUT.set(items, leftOut);
  return items;
}

/**
 * @param key names the list in the cache
 * @param fetch asks HighLevel for the whole list
 * @param idsOf the ids that one item of the list explains
 */
export function createLookup<T extends { id: string }>(
  key: string,
  fetch: (client: Client) => Promise<Listed<T>>,
  idsOf: (item: T) => string[],
): Lookup<T> {
  const renew = async (client: Client, sought: Set<string>) => {
    const { items: all, leftOut } = await fetch(client);
    // One that comes twice is one.
    const items = [...new Map(all.map((item) => [item.id, item])).values()];
    const missing = [...sought.difference(new Set(items.flatMap(idsOf)))];
    await client.remember(key, { items, leftOut, missing } satisfies Cached<T>, TTL_SECONDS);
    return noted({ items, leftOut });
  };
  const choosing = new WeakMap<Client, Promise<T[]>>();
  const renewIfPossible = (client: Client) =>
    renew(client, new Set()).catch(async (error: unknown) => {
      // Who waits and asks once more is to get another answer.
      choosing.delete(client);
      const known = isPassing(error) ? await client.recall<Cached<T>>(key) : null;
      if (!known) throw error;
      return noted(known);
    });
  const where = async (
    client: Client,
    suffices: (items: T[], missing: string[]) => boolean,
    sought = new Set<string>(),
  ) => {
    const cached = await client.recall<Cached<T>>(key);
    if (cached && suffices(cached.items, cached.missing)) return noted(cached);
    return renew(client, sought.union(new Set(cached?.missing)));
  };
  const withIds: Lookup<T>['withIds'] = (client, ids) =>
    where(client, (items, missing) => ids.isSubsetOf(new Set([...items.flatMap(idsOf), ...missing])), ids);
  return {
    fresh: (client) => renew(client, new Set()),
    forChoosing: (client) => {
      const asked = choosing.get(client) ?? renewIfPossible(client);
      choosing.set(client, asked);
      return asked;
    },
    all: (client) => where(client, () => true),
    where,
    withIds,
    namesOf: (client, ids) =>
      withIds(client, ids).catch(async () => (await client.recall<Cached<T>>(key))?.items ?? []),
  };
}

function isPassing(error: unknown): boolean {
  return ['throttled', 'unavailable'].includes(problemOf(error)?.kind ?? '');
}

/**
 * A list of names, or none where it cannot be had, whatever the reason: names only decorate, and a record without them
 * is worth more than no record.
 */
export async function orNone<T>(list: Promise<T[]>): Promise<T[]> {
  try {
    return await list;
  } catch {
    return [];
  }
}
