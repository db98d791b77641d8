import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Queryable } from './db.ts';

/** How relays on one database say to each other that there is something to process. */
export interface Notifications {
  /** Says so to the others, soon: what is said meanwhile is said once. */
  send(): void;
  stop(): Promise<void>;
}

const CHANNEL = 'relay_events';
const RECONNECT_MS = 1_000;

/**
 * Listens on a session of its own. One that breaks is opened again; until then what others took in is found by looking.
 *
 * @param onNotice is called when another relay has said so
 */
export function startNotifications(
  { db, url, log }: { db: Queryable; url: string; log: Logger },
  onNotice: () => void,
): Notifications {
  const own = randomUUID();
  const stopping = new AbortController();
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
        if (payload !== own) onNotice();
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

  return {
    send() {
      if (sending) return;
      sending = true;
      db.query('select pg_notify($1, $2)', [CHANNEL, own])
        .catch(() => undefined)
        .finally(() => {
          sending = false;
        });
    },
    async stop() {
      stopping.abort();
      await client?.end().catch(() => undefined);
      await running;
    },
  };
}
