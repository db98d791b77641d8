import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { HighLevelEvent } from '../../wire/webhooks.ts';
import { createPace } from '../pace.ts';
import type { Queryable } from '../store/db.ts';
import { canWrite, isDiskFull } from '../store/disk.ts';
import { type Arrival, CONTENT_ID_PREFIX, partitionOf, storeEvents } from '../store/inbox.ts';

export interface Ingest {
  /**
   * Resolves once the event is on disk.
   *
   * @returns false for one that is there already
   * @throws Unavailable where it is not, or not for sure, and HighLevel has to send it again
   */
  take(arrival: Arrival): Promise<boolean>;
  /** How many are held in memory at this moment. */
  held(): number;
  /** Whether the last write found the disk full, and it still is. */
  isDiskFull(): Promise<boolean>;
  /** Takes no more, and resolves when all that is held is written or given up. */
  drain(): Promise<void>;
}

/** The event could not be stored for now. */
export class Unavailable extends Error {
  readonly reason: 'database' | 'disk_full' | 'overload' | 'draining';

  constructor(reason: Unavailable['reason'], cause?: unknown) {
    super(`An event could not be stored: ${reason}.`, { cause });
    this.name = 'Unavailable';
    this.reason = reason;
  }
}

interface Waiting {
  arrival: Arrival;
  done(isNew: boolean): void;
  fail(error: Unavailable): void;
}

/** One write takes so many; more wait for the next. */
const MAX_BATCH = 500;
/** A database that writes nothing for so long should not fill the memory. */
const MAX_HELD = 5_000;
/** HighLevel's own patience is not known; others assume 10 s. [assumed] */
const PATIENCE_MS = 5_000;

/**
 * Writes events in groups: all that come while one write is under way go into the next, so that the disk's sync is
 * shared. One write at a time also keeps the order in which they came.
 *
 * @param onStored is called after each write, with the partitions of what was written
 * @param patienceMs how long an event may wait for its write, in ms
 * @param before what has to be done before each write
 */
export function createIngest(
  db: Queryable,
  onStored: (partitions: readonly number[]) => void,
  { patienceMs = PATIENCE_MS, before }: { patienceMs?: number; before?: () => Promise<void> } = {},
): Ingest {
  const waiting = new Set<Waiting>();
  const mayBegin = createPace();
  let held = 0;
  let writing: Promise<void> | null = null;
  let draining = false;
  let diskFull = false;

  async function writeAll(): Promise<void> {
    // Lets requests that arrived in the same moment join the first write.
    await pause(0);
    while (waiting.size > 0) {
      await mayBegin();
      const batch = [...waiting].slice(0, MAX_BATCH);
      for (const one of batch) waiting.delete(one);
      await write(batch);
    }
    writing = null;
  }

  async function write(batch: Waiting[]): Promise<void> {
    try {
      await before?.();
      const fresh = await storeEvents(
        db,
        batch.map(({ arrival }) => arrival),
      );
      diskFull = false;
      for (const { arrival, done } of batch) done(fresh.delete(arrival.webhookId));
      onStored([...new Set(batch.map(({ arrival }) => partitionOf(arrival.locationId)))]);
    } catch (error) {
      diskFull = isDiskFull(error);
      const reason = diskFull ? 'disk_full' : 'database';
      for (const { fail } of batch) fail(new Unavailable(reason, error));
    }
  }

  return {
    async take(arrival) {
      if (draining) throw new Unavailable('draining');
      if (held >= MAX_HELD) throw new Unavailable('overload');
      held += 1;
      let patience: NodeJS.Timeout | undefined;
      try {
        return await new Promise<boolean>((done, fail) => {
          const one = { arrival, done, fail };
          waiting.add(one);
          writing ??= writeAll();
          // It may be written all the same; HighLevel's next try then finds it there.
          patience = setTimeout(() => {
            // One that was given up would fill the memory while the database hangs.
            waiting.delete(one);
            fail(new Unavailable('database'));
          }, patienceMs);
        });
      } finally {
        clearTimeout(patience);
        held -= 1;
      }
    },
    held: () => held,
    async isDiskFull() {
      // Without traffic there is no next write that would tell.
      if (diskFull && (await canWrite(db))) diskFull = false;
      return diskFull;
    },
    async drain() {
      draining = true;
      await writing;
    },
  };
}

/** Longer than any id of HighLevel's; an index does not take texts of any length. */
const MAX_ID = 200;

/**
 * An event as the inbox keeps it. Where it has no id of its own (the specification's samples have none [conflict])
 * its bytes are its id, and known for a shorter time: the same words may be said again on purpose.
 *
 * @returns null for an event with ids that no database takes, which HighLevel never sent
 */
export function arrivalOf(event: HighLevelEvent, raw: Buffer): Arrival | null {
  const webhookId =
    event.webhookId ?? `${CONTENT_ID_PREFIX}${createHash('sha256').update(raw).digest('hex')}`;
  const locationId = 'locationId' in event ? event.locationId : null;
  const recordId = recordIdOf(event);
  const text = JSON.stringify(event);
  const tooLong = [webhookId, locationId, recordId].some((id) => (id?.length ?? 0) > MAX_ID);
  return tooLong || NOT_FOR_A_DATABASE.test(text) ? null : { webhookId, event: text, locationId };
}

function recordIdOf(event: HighLevelEvent): string | null {
  switch (event.kind) {
    case 'opportunity':
      return event.opportunityId;
    case 'note':
      return event.noteId;
    case 'task':
      return event.taskId;
    default:
      return null;
  }
}

/**
 * PostgreSQL's texts have no NUL and no half characters; one such event would fail all that are written with it. A
 * backslash that stands before such letters in somebody's text is doubled in JSON.
 */
const NOT_FOR_A_DATABASE = /(?<!\\)(?:\\\\)*\\u(0000|d[89a-f])/;
