import type { Queryable } from '../store/db.ts';
import { type Arrival, isBacklogOver } from '../store/inbox.ts';
import { type Ingest, Unavailable } from './ingest.ts';

/** Whether events are taken at this moment, and the way to take them. */
export interface Intake {
  /** Why none is taken; null where they are. */
  refusal(): 'starting' | 'draining' | 'backlog' | null;
  /** @throws Unavailable where the event is not stored */
  take(arrival: Arrival): Promise<boolean>;
}

export interface Gate extends Intake {
  /** Whether an event met a full disk, and it still is. */
  isDiskFull(): Promise<boolean>;
  /** Lets events in, from now on. */
  open(ingest: Ingest, backlog: Backlog): void;
  /** Lets none in any more, and resolves when those that came in are written. */
  close(): Promise<void>;
}

/** The gate between HighLevel and the store; shut until the store is there. */
export function createGate(): Gate {
  let inside: { ingest: Ingest; backlog: Backlog } | null = null;
  let draining = false;
  return {
    refusal() {
      if (draining) return 'draining';
      if (!inside) return 'starting';
      return inside.backlog.isTooLong() ? 'backlog' : null;
    },
    async take(arrival) {
      if (!inside) throw new Unavailable('draining');
      return inside.ingest.take(arrival);
    },
    isDiskFull: async () => (await inside?.ingest.isDiskFull()) ?? false,
    open(ingest, backlog) {
      inside = { ingest, backlog };
    },
    async close() {
      draining = true;
      inside?.backlog.stop();
      await inside?.ingest.drain();
    },
  };
}

/** How many events wait for their turn, looked up now and then. */
export interface Backlog {
  isTooLong(): boolean;
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;

/** @param max from how many on the backlog is too long */
export function watchBacklog(db: Queryable, max: number, everyMs = LOOK_EVERY_MS): Backlog {
  let tooLong = false;
  const look = async () => {
    tooLong = await isBacklogOver(db, max);
  };
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    // A database that does not answer shows in the events that cannot be stored.
    look()
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  }, everyMs);
  timer.unref();
  return { isTooLong: () => tooLong, stop: () => clearInterval(timer) };
}
