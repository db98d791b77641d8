import type { Bundle, ZObject } from 'zapier-platform-core';

/** What is remembered from one run to the next, for this connection alone. */
export interface Cache {
  /** What was remembered under this key, or null. */
  recall<T>(key: string): Promise<T | null>;
  /** Remembers a value for `ttlSeconds`. @returns whether it is kept */
  remember(key: string, value: unknown, ttlSeconds: number): Promise<boolean>;
  forget(key: string): Promise<void>;
}

/** Core's own types leave out the scope that its code takes. [source: core, create-cache] */
type ScopedCache = {
  get(key: string, scope: string[]): Promise<unknown>;
  set(key: string, value: unknown, ttlSeconds: number, scope: string[]): Promise<boolean | null>;
  delete(key: string, scope: string[]): Promise<boolean>;
};

const PER_CONNECTION = ['auth'];

/**
 * Zapier's cache. Where it cannot be reached (`zapier invoke` has none) nothing is remembered and everything still
 * works. [run: zapier-platform-cli 19.1.0]
 */
export function zapierCache(z: ZObject, bundle: Pick<Bundle, 'authData'>): Cache {
  // The location is part of the key, because a reconnected connection may hold another sub-account.
  const keyFor = (key: string) => `${bundle.authData?.locationId ?? ''}:${key}`;
  return {
    async recall<T>(key: string) {
      try {
        return ((await (z.cache as ScopedCache).get(keyFor(key), PER_CONNECTION)) as T | null) ?? null;
      } catch {
        return null;
      }
    },
    async remember(key, value, ttlSeconds) {
      try {
        await (z.cache as ScopedCache).set(keyFor(key), value, ttlSeconds, PER_CONNECTION);
        return true;
      } catch {
        return false;
      }
    },
    async forget(key) {
      try {
        await (z.cache as ScopedCache).delete(keyFor(key), PER_CONNECTION);
      } catch {
        // What cannot be forgotten ends with its time.
      }
    },
  };
}

/** A cache for as long as this process runs. */
export function memoryCache(): Cache {
  const kept = new Map<string, { value: unknown; until: number }>();
  return {
    async recall<T>(key: string) {
      const found = kept.get(key);
      return found && found.until > Date.now() ? (found.value as T) : null;
    },
    async remember(key, value, ttlSeconds) {
      kept.set(key, { value, until: Date.now() + ttlSeconds * 1000 });
      return true;
    },
    async forget(key) {
      kept.delete(key);
    },
  };
}
