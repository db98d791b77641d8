import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { startEmbedded } from '../postgres/embedded.ts';
import { type Db, openPool } from './db.ts';
import { migrate } from './migrations.ts';

export interface Store {
  db: Db;
  /** For those that need sessions of their own. It carries a password: never to be logged. */
  url: string;
  close(): Promise<void>;
}

/**
 * The relay's memory, ready for use: on the PostgreSQL that the configuration names, or on the embedded one.
 *
 * @throws Error where it cannot be started, reached or brought to this version
 */
export async function openStore(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Logger,
): Promise<Store> {
  const embedded = databaseUrl === null ? await startEmbedded(dataDir, log) : null;
  const url = embedded?.url ?? databaseUrl ?? '';
  const pool = openPool(url, (error) => log.warn({ err: error }, 'a database session broke'));
  const close = async () => {
    await pool.close();
    await embedded?.stop();
  };
  try {
    await migrate(pool.db);
  } catch (error) {
    await close();
    throw error;
  }
  return { db: pool.db, url, close };
}
