/** All that a relay remembers, out of one database and into another: a line of JSON for each row. */

import type { Db, Queryable } from './db.ts';
import { SCHEMA_STEPS } from './schema.ts';

/** What belongs to the database it is in, and to the relays that run on it. */
const LEFT_OUT = ['migrations', 'workers', 'partitions', 'notices'];
const AT_ONCE = 1_000;
const FORMAT = 'highlevel-relay-export';

interface Head {
  format: typeof FORMAT;
  steps: number;
  /** Of the last event: deliveries are ordered by it, and those to come have to follow. */
  seq: number;
}

/** A file that cannot be taken, or a database that cannot take it; the message is for the operator. */
class TransferError extends Error {}

/**
 * Writes out everything as it is at one moment, whatever the relays do meanwhile.
 *
 * @param write takes a line, without its end
 * @returns how many rows
 */
export function exportRows(db: Db, write: (line: string) => Promise<void>): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    const [row] = await tx.query<{ seq: number }>(
      'select last_value::float8 as seq from relay.events_seq_seq',
    );
    const head: Head = { format: FORMAT, steps: SCHEMA_STEPS, seq: row?.seq ?? 1 };
    await write(JSON.stringify(head));
    let count = 0;
    for (const table of await tables(tx)) {
      await tx.query(
        `declare rows no scroll cursor for select row_to_json(exported.*)::text as line from relay.${table} as exported`,
      );
      for (let rows = [{ line: '' }]; rows.length > 0; ) {
        rows = await tx.query<{ line: string }>(`fetch ${AT_ONCE} from rows`);
        for (const { line } of rows) await write(`{"table":"${table}","row":${line}}`);
        count += rows.length;
      }
      await tx.query('close rows');
    }
    await write(JSON.stringify({ end: count }));
    return count;
  });
}

/**
 * Takes in what was written out, all of it or nothing.
 *
 * @param lines begins to read when it is called
 * @returns how many rows
 * @throws TransferError where the file is not whole or of another version, or the database holds subscriptions already
 */
export function importRows(db: Db, lines: () => AsyncIterable<string>): Promise<number> {
  return db.transaction(async (tx) => {
    await refuseWhereInUse(tx);
    // The one row that every database has: by that of the file the time of the move is a gap, and is caught up.
    await tx.query('delete from relay.intake');
    const known = new Set(await tables(tx));
    let head: Head | null = null;
    let batch: { table: string; rows: string[] } = { table: '', rows: [] };
    let count = 0;
    let isWhole = false;
    const flush = async () => {
      if (batch.rows.length > 0) await insert(tx, batch.table, batch.rows);
      batch = { table: '', rows: [] };
    };
    for await (const line of lines()) {
      if (!head) {
        head = readHead(line);
        continue;
      }
      const read = parse(line);
      if (typeof read.end === 'number') {
        isWhole = read.end === count;
        break;
      }
      const { table, row } = read;
      if (typeof table !== 'string' || !known.has(table))
        throw new TransferError('This file is no export of a relay.');
      if (batch.table !== table || batch.rows.length >= AT_ONCE) {
        await flush();
        batch.table = table;
      }
      batch.rows.push(JSON.stringify(row));
      count += 1;
    }
    await flush();
    if (!head || !isWhole)
      throw new TransferError('This file is not whole: its end is missing. Nothing was taken in.');
    await tx.query('select setval($1, greatest($2::bigint, (select last_value from relay.events_seq_seq)))', [
      'relay.events_seq_seq',
      head.seq,
    ]);
    return count;
  });
}

async function refuseWhereInUse(tx: Queryable): Promise<void> {
  const [use] = await tx.query<{ subscriptions: boolean; runs: boolean }>(
    `select exists (select from relay.subscriptions) as subscriptions,
       exists (select from relay.workers where expires_at > now()) as runs`,
  );
  if (use?.runs) throw new TransferError('A relay runs on this database. Stop it first.');
  if (use?.subscriptions) {
    throw new TransferError('This database holds subscriptions already; an export goes into an empty one.');
  }
}

async function tables(q: Queryable): Promise<string[]> {
  const rows = await q.query<{ name: string }>(
    `select table_name as name from information_schema.tables
     where table_schema = 'relay' and table_type = 'BASE TABLE' and table_name <> all($1) order by table_name`,
    [LEFT_OUT],
  );
  return rows.map(({ name }) => name);
}

async function insert(tx: Queryable, table: string, rows: string[]): Promise<void> {
  await tx.query(
    `insert into relay.${table} overriding system value
     select * from json_populate_recordset(null::relay.${table}, $1)`,
    [`[${rows.join(',')}]`],
  );
}

function readHead(line: string): Head {
  const head = parse(line) as Partial<Head>;
  if (head.format !== FORMAT || typeof head.seq !== 'number') {
    throw new TransferError('This file is no export of a relay.');
  }
  if (head.steps === SCHEMA_STEPS) return head as Head;
  throw new TransferError(
    `This file is of a relay whose tables are of step ${head.steps}, and this one's are of step ${SCHEMA_STEPS}. Take it in with the version that wrote it, and upgrade after that.`,
  );
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new TransferError('This file is not whole, or no export of a relay. Nothing was taken in.');
  }
}
