import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { type Config, readConfig } from '../config.ts';
import { createLog } from '../log.ts';
import { runningUrl } from '../postgres/embedded.ts';
import { openStore } from '../postgres/open-store.ts';
import { type Db, openPool } from '../store/db.ts';
import { exportRows, importRows } from '../store/transfer.ts';

/**
 * Writes all that the relay remembers into a file that this user alone may read: it holds the addresses of hooks. A
 * relay may run meanwhile.
 *
 * @returns how many rows
 * @throws Error where the database cannot be read, or the file not written
 */
export async function exportToFile(env: Record<string, string | undefined>, file: string): Promise<number> {
  const part = `${file}.part`;
  const out = createWriteStream(part, { mode: 0o600, flush: true });
  const ended = finished(out);
  try {
    const count = await withDatabase(readConfig(env), (db) =>
      exportRows(db, async (line) => {
        if (!out.write(`${line}\n`)) await Promise.race([once(out, 'drain'), ended]);
      }),
    );
    out.end();
    await ended;
    renameSync(part, file);
    return count;
  } catch (error) {
    out.destroy();
    await ended.catch(() => undefined);
    rmSync(part, { force: true });
    throw error;
  }
}

/**
 * Takes a file of exportToFile's into the relay's database, which has to be empty, and no relay running on it.
 *
 * @returns how many rows
 * @throws Error where it cannot; nothing was taken in then
 */
export async function importFromFile(env: Record<string, string | undefined>, file: string): Promise<number> {
  const handle = await open(file);
  try {
    const store = await openStore(readConfig(env), createLog('warn'));
    try {
      return await importRows(store.db, () => handle.readLines());
    } finally {
      await store.close();
    }
  } finally {
    await handle.close();
  }
}

/** The embedded database of a relay that runs is asked beside it; of one that does not, it is started for this. */
async function withDatabase<T>(config: Config, work: (db: Db) => Promise<T>): Promise<T> {
  const url = config.databaseUrl === null ? runningUrl(config.dataDir) : null;
  if (url !== null) {
    const pool = openPool(url, () => undefined, 1);
    try {
      const answers = await pool.db.query('select 1').then(
        () => true,
        () => false,
      );
      if (answers) return await work(pool.db);
    } finally {
      await pool.close();
    }
  }
  const store = await openStore(config, createLog('warn'));
  try {
    return await work(store.db);
  } finally {
    await store.close();
  }
}
