import type { Client } from './client.ts';

/** What is left of functions that take a client first, once they have it; lists of them are bound list by list. */
export type Bound<M> = {
  [K in keyof M]: M[K] extends (client: Client, ...rest: infer R) => infer T
    ? (...rest: R) => T
    : Bound<M[K]>;
};

/** Binds every function of a room, and of the lists in it, to one client. */
export function bind<M extends object>(client: Client, room: M): Bound<M> {
  const bound = Object.entries(room).map(([name, member]) => [
    name,
    typeof member === 'function'
      ? (...rest: unknown[]) => member(client, ...rest)
      : bind(client, member as object),
  ]);
  return Object.fromEntries(bound) as Bound<M>;
}
