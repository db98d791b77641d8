import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Queryable } from './db.ts';

/** How relays on one database say to each other that there is something to process. */
export interface Notifications {
  /** Says so to the others, of these partitions, soon: what is said meanwhile is said once. */
  send(partitions: readonly number[]): void;
  stop(): Promise<void>;
}

const CHANNEL = 'relay_events';
const RECONNECT_MS = 1_000;

/**
 * Listens on a session of its own. One that breaks is opened again; until then what others took in is found by looking.
 *
 * @param onNotice is called when another relay has said so, with the partitions
 */
export function startNotifications(
  { db, url, log }: { db: Queryable; url: string; log: Logger },
  onNotice: (partitions: readonly number[]) => void,
): Notifications {
  const own = randomUUID();
  const stopping = new AbortController();
  const unsaid = new Set<number>();
  let sending = false;
  let client: pg.Client | null = null;
  const running = run();

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const session = new pg.Client({ connectionString: url, keepAlive: true });
      const ended = new Promise<void>((resolve) => {
        session.on('error', () => resolve());
        session.on('end', resolve);
      });
      session.on('notification', ({ payload }) => {
        const [from, partitions = ''] = payload?.split(' ') ?? [];
        if (from !== own) onNotice(partitions.split(',').map(Number));
      });
      client = session;
      try {
        await session.connect();
        await session.query(`listen ${CHANNEL}`);
        await ended;
      } catch (error) {
        log.debug({ err: error }, 'the other relays cannot be heard; trying again');
      }
      await session.end().catch(() => undefined);
      await pause(RECONNECT_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  async function say(): Promise<void> {
    sending = true;
    while (unsaid.size > 0) {
      const payload = `${own} ${[...unsaid].join(',')}`;
      unsaid.clear();
      // What is not heard is found by looking.
      await db.query('select pg_notify($1, $2)', [CHANNEL, payload]).catch(() => undefined);
    }
    sending = false;
  }

  return {
    send(partitions) {
      for (const partition of partitions) unsaid.add(partition);
      if (!sending) void say();
    },
    async stop() {
      stopping.abort();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}
