/** Some keys of a record, in their order there. */
export function only<T extends object, K extends keyof T>(keys: readonly K[], record: T): Pick<T, K> {
  return picked(record, (key) => (keys as readonly string[]).includes(key)) as Pick<T, K>;
}

/** A record without some of its keys. */
export function without<T extends object, K extends keyof T>(keys: readonly K[], record: T): Omit<T, K> {
  return picked(record, (key) => !(keys as readonly string[]).includes(key)) as Omit<T, K>;
}

function picked(record: object, has: (key: string) => boolean): unknown {
  return Object.fromEntries(Object.entries(record).filter(([key]) => has(key)));
}
