import type { ContraryName } from './contraries.ts';

/** The contrary answers that are on at this moment. */
export interface ActiveContraries {
  has(name: ContraryName): boolean;
  list(): ContraryName[];
  /** Turns on these and turns off all others. */
  set(names: readonly ContraryName[]): void;
  /** Whether this key is asked for the first time since the last `set`. */
  isFirst(key: string): boolean;
}

export function activeContraries(names: readonly ContraryName[] = []): ActiveContraries {
  let active = new Set(names);
  const seen = new Set<string>();
  return {
    has: (name) => active.has(name),
    list: () => [...active],
    set(next) {
      active = new Set(next);
      seen.clear();
    },
    isFirst(key) {
      const first = !seen.has(key);
      seen.add(key);
      return first;
    },
  };
}
