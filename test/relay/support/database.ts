import { afterAll, beforeAll } from '@jest/globals';
import { createLog } from '../../../relay/log.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../../relay/postgres/embedded.ts';
import { type Db, openPool, type Pool } from '../../../relay/store/db.ts';
import { migrate } from '../../../relay/store/schema.ts';
import { temporaryFolder } from './relay.ts';

/**
 * A database for the tests of one file, with the relay's tables and nothing in them.
 *
 * @param connections of its pool, where a test counts on more than one
 */
export function useDatabase(connections?: number): { readonly db: Db } {
  const folder = temporaryFolder();
  let postgres: EmbeddedPostgres;
  let pool: Pool;
  beforeAll(async () => {
    postgres = await startEmbedded(folder.path, createLog('silent'));
    pool = openPool(postgres.url, () => undefined, connections);
    await migrate(pool.db);
  });
  afterAll(async () => {
    await pool.close();
    await postgres.stop();
    folder.remove();
  });
  return {
    get db() {
      return pool.db;
    },
  };
}
