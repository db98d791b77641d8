import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { type Db, openPool } from '../store/db.ts';
import { isAlmostFull } from '../store/disk.ts';
import { migrate } from '../store/schema.ts';
import { startEmbedded } from './embedded.ts';

export interface Store {
  db: Db;
  /** For those that need sessions of their own. It carries a password: never to be logged. */
  url: string;
  /** Whether its disk is as good as full; of a database elsewhere this is not known. */
  isAlmostFull(): Promise<boolean>;
  close(): Promise<void>;
}

const TRY_AGAIN_MS = 2_000;

/**
 * The relay's memory, ready for use: on the PostgreSQL that the configuration names, or on the embedded one. A
 * PostgreSQL that cannot be reached yet is waited for, as machines that start at once come up in any order.
 *
 * @param signal gives up the wait
 * @throws Error where it cannot be started, refuses the relay, or cannot be brought to this version
 */
export async function openStore(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
  signal?: AbortSignal,
): Promise<Store> {
  const embedded = databaseUrl === null ? await startEmbedded(dataDir, log) : null;
  const url = embedded?.url ?? databaseUrl ?? '';
  const pool = openPool(url, (error) => log.warn({ err: error }, 'a database session broke'));
  const close = async () => {
    await pool.close();
    await embedded?.stop();
  };
  try {
    await migrateWhenReachable(pool.db, log, signal);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    db: pool.db,
    url,
    isAlmostFull: async () => embedded !== null && isAlmostFull(dataDir),
    close,
  };
}

async function migrateWhenReachable(db: Db, log: Logger, signal?: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await migrate(db);
    } catch (error) {
      if (!isUnreachable(error)) throw error;
      log.warn({ err: error }, 'the database cannot be reached; trying again');
      await pause(TRY_AGAIN_MS, undefined, { signal });
    }
  }
}

/** PostgreSQL's own codes for "not yet" and "about to end", the network's, and pg's for a wait that was too long. */
function isUnreachable(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return (
    /^(57P0[123]|08...|ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(
      code ?? '',
    ) || /timeout|Connection terminated/i.test(message ?? '')
  );
}
