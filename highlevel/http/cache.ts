import type { Bundle, ZObject } from 'zapier-platform-core';

/** Core's own types leave out the scope that its code takes. [source: core, create-cache] */
type ScopedCache = {
  get(key: string, scope: string[]): Promise<unknown>;
  set(key: string, value: unknown, ttlSeconds: number, scope: string[]): Promise<boolean | null>;
};

const PER_CONNECTION = ['auth'];

/**
 * What was remembered for this connection, or null. Where Zapier's cache cannot be reached (`zapier invoke` has
 * none) nothing is remembered and everything still works. [run: zapier-platform-cli 19.1.0]
 */
export async function recall<T>(z: ZObject, bundle: Bundle, key: string): Promise<T | null> {
  try {
    return ((await (z.cache as ScopedCache).get(keyFor(bundle, key), PER_CONNECTION)) as T | null) ?? null;
  } catch {
    return null;
  }
}

/** Remembers a value for this connection for `ttlSeconds`. */
export async function remember(
  z: ZObject,
  bundle: Bundle,
  key: string,
  value: unknown,
  ttlSeconds: number,
): Promise<void> {
  try {
    await (z.cache as ScopedCache).set(keyFor(bundle, key), value, ttlSeconds, PER_CONNECTION);
  } catch {
    // A cache that cannot be written is only slower.
  }
}

/** The location is part of the key, because a reconnected connection may hold another sub-account. */
function keyFor(bundle: Bundle, key: string): string {
  return `${bundle.authData?.locationId ?? ''}:${key}`;
}
