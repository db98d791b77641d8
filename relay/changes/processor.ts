import type { Logger } from 'pino';
import type { EventKind } from '../../wire/kinds.ts';
import type { Queue } from '../delivery/queue.ts';
import { createSignal } from '../delivery/signal.ts';
import { createPace } from '../pace.ts';
import { type CaughtUpEvent, noteCaughtUp } from '../readings/catch-up.ts';
import type { Db, Queryable } from '../store/db.ts';
import { nextEvents, removeEvents, type StoredEvent } from '../store/inbox.ts';
import { dropWaiting, endUninstalled } from '../subscriptions/subscriptions.ts';
import { markOwn } from '../writes/writes.ts';
import type { Change } from './changes.ts';
import { changesOf, deliveriesOf, type InboxEvent, type KnownChange } from './deliveries.ts';
import { loadOpportunities, saveOpportunities } from './opportunities.ts';
import { createWorker } from './workers.ts';

/** What is counted of what happens between in and out. */
export interface ProcessorMetrics {
  /** A change, once for all who wait for it. */
  changed(event: EventKind): void;
  /** A change that no event told, and a reading found. */
  recovered(event: EventKind): void;
  /** So many deliveries came of an event or several. */
  matched(count: number): void;
}

export interface Processor {
  /**
   * Something new is in the inbox, in these partitions.
   *
   * @returns those of them that are other relays' to process
   */
  wake(partitions: readonly number[]): number[];
  /** Resolves when the work under way is done; the rest stays in the inbox. */
  stop(): Promise<void>;
}

/** One transaction takes so many events, and fewer while each of them makes many deliveries. */
const MOST_EVENTS = 500;
const MANY_JOBS = 5_000;
/** How often to look for what other relays took in, or left behind, in ms. */
const POLL_MS = 500;
/** How soon to try again after the database failed, in ms. */
const TROUBLE_MS = 1_000;
/** How often this process says that it is there, in ms. */
const RENEW_MS = 750;

/**
 * Makes deliveries of the inbox. Each relay does so for its share of the locations, in the order in which their events
 * came, and for each batch what is remembered, the new deliveries and the end of the events in one transaction. So a
 * relay that is killed at any point loses nothing and doubles nothing: the batch never was, and the next relay takes
 * it.
 *
 * @param onJobs is called after each batch that made deliveries
 */
export function startProcessor(
  { db, queue, log, metrics }: { db: Db; queue: Queue; log: Logger; metrics: ProcessorMetrics },
  onJobs: () => void,
): Processor {
  const signal = createSignal();
  const worker = createWorker(db);
  const mayBegin = createPace();
  let renewedAt = Number.NEGATIVE_INFINITY;
  let size = MOST_EVENTS;
  let stopping = false;
  const running = run();

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        if (performance.now() - renewedAt > RENEW_MS) {
          await worker.renew();
          renewedAt = performance.now();
        }
        await mayBegin();
        if ((await pass()) === 0 && !stopping) await signal.wait(POLL_MS);
      } catch (error) {
        log.warn({ err: error }, 'the inbox could not be processed');
        await signal.wait(TROUBLE_MS);
      }
    }
    await worker.leave().catch((error) => log.warn({ err: error }, 'the partitions were not given back'));
  }

  /** @returns how many events it took */
  async function pass(): Promise<number> {
    const partitions = worker.partitions();
    if (partitions.length === 0) return 0;
    const batch = await db.transaction(async (tx) => {
      if (!(await worker.hold(tx))) return null;
      const rows = await nextEvents(tx, partitions, size);
      return rows.length === 0 ? null : { rows, ...(await process(tx, rows)) };
    });
    if (!batch) return 0;
    size = batch.jobs > MANY_JOBS ? Math.ceil(size / 4) : Math.min(size * 2, MOST_EVENTS);
    for (const change of batch.changes) {
      metrics.changed(change.event);
      if ('recovered' in change && change.recovered) metrics.recovered(change.event);
    }
    if (batch.jobs > 0) {
      metrics.matched(batch.jobs);
      onJobs();
    }
    return batch.rows.length;
  }

  async function process(tx: Queryable, rows: StoredEvent[]): Promise<{ changes: Change[]; jobs: number }> {
    const events = rows.map((row) => ({ ...row, event: row.event as InboxEvent['event'] | CaughtUpEvent }));
    const opportunities = await loadOpportunities(
      tx,
      events.flatMap(({ event }) =>
        event.kind === 'opportunity' || event.kind === 'reading' ? [event] : [],
      ),
    );
    const known: KnownChange[] = [];
    const caughtUp: CaughtUpEvent[] = [];
    const endedQueues: string[] = [];
    for (const { event, ...row } of events) {
      if (event.kind === 'uninstall') {
        const { locationId, companyId, at } = event;
        // What this batch still makes for them is dropped on its way out.
        const ended = await endUninstalled(tx, {
          locationId: locationId ?? undefined,
          companyId: companyId ?? undefined,
          at: at === null ? row.receivedAt : new Date(at),
        });
        endedQueues.push(...ended);
        log.info({ ended: ended.length, locationId, companyId }, 'the app was uninstalled');
        continue;
      }
      if (event.kind === 'caught_up') {
        caughtUp.push(event);
        continue;
      }
      try {
        known.push(...changesOf({ ...row, event }, opportunities));
      } catch (error) {
        // One event that trips the rules must not hold up all that came after it.
        log.error({ err: error, webhookId: row.webhookId }, 'an event could not be understood');
      }
    }
    await noteCaughtUp(tx, caughtUp);
    await saveOpportunities(tx, opportunities);
    await markOwn(tx, known);
    let jobs = 0;
    for await (const some of deliveriesOf(tx, known)) {
      jobs += some.length;
      await queue.add(tx, some);
    }
    await removeEvents(tx, rows);
    await dropWaiting(tx, endedQueues);
    return { changes: known.map(({ change }) => change), jobs };
  }

  return {
    wake(partitions) {
      const others = partitions.filter((partition) => !worker.owns(partition));
      if (others.length < partitions.length) signal.wake();
      return others;
    },
    async stop() {
      stopping = true;
      signal.wake();
      await running;
    },
  };
}
