import { createHash } from 'node:crypto';
import pg from 'pg';

/** Whatever takes SQL: the database itself, or one transaction on it. */
export interface Queryable {
  /**
   * Runs one statement with `$1`, `$2`, … and returns its rows.
   *
   * @throws pg.DatabaseError where PostgreSQL refuses; another Error where it cannot be reached
   */
  query<Row extends object = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
  ): Promise<Row[]>;
}

export interface Db extends Queryable {
  /** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
}

export interface Pool {
  db: Db;
  /** Ends every session; what runs is waited for. */
  close(): Promise<void>;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Longer than any statement of the relay takes, so that a stuck one gives its session back. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** A process that froze in the middle of a transaction holds others up no longer than that. */
const IDLE_IN_TRANSACTION_MS = 2_000;
/** For a server that is there no more and never said so. */
const ANSWER_TIMEOUT_MS = 35_000;

/**
 * Sessions on a PostgreSQL. None is opened before the first statement, so a database that is down shows there.
 *
 * @param url `postgres://user:password@host:port/database`
 * @param onError is called when a resting session breaks; the pool opens another by itself
 * @param max how many sessions at most
 */
export function openPool(url: string, onError: (error: Error) => void, max = 10): Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    application_name: 'highlevel-relay',
    keepAlive: true,
  });
  // Without a listener the first lost session would end the process.
  let closing = false;
  pool.on('error', (error) => {
    if (!closing) onError(error);
  });
  // The pool's own listener is off from the moment it hands a session out; one that is ended right then, as a dying
  // server does, would end the process too. Whoever got the session learns of it with the first statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return {
    db: {
      query: async (text, values) => rowsOf(await pool.query(prepared(text, values))),
      transaction: (work) => inTransaction(pool, work),
    },
    async close() {
      closing = true;
      await pool.end();
    },
  };
}

async function inTransaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A session that breaks between two statements says so here; the next statement then throws.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work({
      query: async (text, values) => rowsOf(await client.query(prepared(text, values))),
    });
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failed: Error) => {
      broken = failed;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

const names = new Map<string, string>();

/**
 * A session reads and plans a statement with a name once: for the few rows of a usual batch that is most of its cost.
 * PostgreSQL plans it anew when the tables' statistics change. The relay's texts are few and always the same.
 */
function prepared(text: string, values: readonly unknown[] | undefined): pg.QueryConfig {
  if (!values) return { text };
  const name = names.get(text) ?? createHash('sha256').update(text).digest('base64').slice(0, 20);
  names.set(text, name);
  return { name, text, values: [...values] };
}

/** Several statements in one text answer with a list; their rows are of no use to anyone. */
function rowsOf<Row>(result: pg.QueryResult | pg.QueryResult[]): Row[] {
  return (Array.isArray(result) ? [] : result.rows) as Row[];
}
