import type { Connection } from '../connection/connection.ts';
import type { Fields, LockDefinition } from './definition.ts';

/** Runs one after the other what shares a lock. */
export type Locks = <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;

/** The locks of one app; what waits for a lock gets it in the order that it asked. */
export function createLocks(): Locks {
  const last = new Map<string, Promise<unknown>>();
  return (name, run) => {
    const before = last.get(name) ?? Promise.resolve();
    // One that failed has given its lock back all the same.
    const mine = before.then(run, run);
    last.set(name, mine);
    return mine;
  };
}

/**
 * What an action's lock is called: its key with the input filled in, for the scopes that it names [source schema
 * LockObjectSchema]. Two actions of an app with one key share it. How long a lock is held at most (`timeout`) is not
 * emulated, as a call ends before.
 */
export function lockName(lock: LockDefinition, inputData: Fields, connection: Connection): string {
  const key = lock.key.replace(/\{\{\s*bundle\.inputData\.(\w+)\s*\}\}/g, (_all, name: string) =>
    String(inputData[name] ?? ''),
  );
  const scopes = lock.scope ?? [];
  const owners = {
    // One person's account is all that the runner knows.
    user: scopes.includes('user') || scopes.includes('account') ? connection.user : undefined,
    connection: scopes.includes('auth') ? connection.id : undefined,
  };
  return JSON.stringify([owners, key]);
}
