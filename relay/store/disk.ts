import { statfs } from 'node:fs/promises';
import type { Queryable } from './db.ts';

/** PostgreSQL's code for it. [docs: PostgreSQL] */
const DISK_FULL = '53100';
/** PostgreSQL needs 16 MB for each file of its log, and may need a few before it can give one back. */
const LEAST_FREE_BYTES = 64 * 1024 * 1024;
/** About half a megabyte, which no room that is left over in the tables hides. */
const TRIAL_ROWS = 5_000;

/** Whether an error of the database's says that its disk is full. */
export function isDiskFull(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === DISK_FULL;
}

/** Whether the folder of the relay's own database has too little room left. */
export async function isAlmostFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize < LEAST_FREE_BYTES;
}

/** PostgreSQL's code for a division by zero. [docs: PostgreSQL] */
const UNDONE = '22012';

/** Ends with an error, so that what was written is taken back. */
const TRIAL = `
  with written as (
    insert into relay.seen_events (id, expires_at)
    select gen_random_uuid(), now() from generate_series(1, $1) returning 1
  )
  select 1 / (count(*) - count(*)) from written`;

/**
 * Whether the database can write at this moment: as much as thousands of events take is written, and taken back.
 *
 * @throws Error for any other trouble than a full disk
 */
export async function canWrite(q: Queryable): Promise<boolean> {
  try {
    await q.query(TRIAL, [TRIAL_ROWS]);
  } catch (error) {
    if (isDiskFull(error)) return false;
    if ((error as { code?: unknown }).code !== UNDONE) throw error;
  }
  return true;
}
