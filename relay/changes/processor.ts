import type { Logger } from 'pino';
import type { EventKind } from '../../wire/kinds.ts';
import type { HighLevelEvent } from '../../wire/webhooks.ts';
import type { DeliveryJob } from '../delivery/job.ts';
import type { Queue } from '../delivery/queue.ts';
import { createSignal } from '../delivery/signal.ts';
import type { Db, Queryable } from '../store/db.ts';
import { endUninstalled, runningIn } from '../subscriptions/subscriptions.ts';
import type { Change } from './changes.ts';
import { deliveriesOf, type InboxEvent } from './deliveries.ts';
import { loadOpportunities, saveOpportunities } from './opportunities.ts';

/** What is counted of what happens between in and out. */
export interface ProcessorMetrics {
  /** A change, once for all who wait for it. */
  changed(event: EventKind): void;
  /** So many deliveries came of an event or several. */
  matched(count: number): void;
}

export interface Processor {
  /** Something new is in the inbox. */
  wake(): void;
  /** Resolves when the work under way is done; the rest stays in the inbox. */
  stop(): Promise<void>;
}

/** One transaction takes so many events. */
const BATCH = 500;
/** How often to look for what other relays took in, or left behind, in ms. */
const POLL_MS = 500;
/** How soon to try again after the database failed, in ms. */
const TROUBLE_MS = 1_000;
/** Held by the relay that processes at the moment. */
const LOCK = 7_203_415_882;

/**
 * Makes deliveries of the inbox: one relay at a time, in the order in which the events came, and for each batch what is
 * remembered, the new jobs and the mark "processed" in one transaction. So a relay that is killed at any point loses
 * nothing and doubles nothing: the batch never was, and the next relay takes it.
 *
 * @param onJobs is called after each batch that made deliveries
 */
export function startProcessor(
  { db, queue, log, metrics }: { db: Db; queue: Queue; log: Logger; metrics: ProcessorMetrics },
  onJobs: () => void,
): Processor {
  const signal = createSignal();
  let stopping = false;
  const running = run();

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        if ((await pass()) < BATCH) await signal.wait(POLL_MS);
      } catch (error) {
        log.warn({ err: error }, 'the inbox could not be processed');
        await signal.wait(TROUBLE_MS);
      }
    }
  }

  /** @returns how many events it took */
  async function pass(): Promise<number> {
    const batch = await db.transaction(async (tx) => {
      if (!(await isOurTurn(tx))) return null;
      const rows = await nextEvents(tx);
      return rows.length === 0 ? null : { rows, ...(await process(tx, rows)) };
    });
    if (!batch) return 0;
    for (const { event } of batch.changes) metrics.changed(event);
    if (batch.jobs.length > 0) {
      metrics.matched(batch.jobs.length);
      onJobs();
    }
    return batch.rows.length;
  }

  async function process(tx: Queryable, rows: InboxEvent[]) {
    const events = rows.map(({ event }) => event);
    const opportunities = await loadOpportunities(tx, events.filter(isOfOpportunity));
    const subscriptions = await runningIn(tx, [...new Set(events.flatMap(locationOf))]);
    const changes: Change[] = [];
    const jobs: DeliveryJob[] = [];
    for (const row of rows) {
      if (row.event.kind === 'uninstall') {
        const { locationId, companyId } = row.event;
        // What this batch still makes for them is dropped on its way out.
        const ended = await endUninstalled(tx, {
          locationId: locationId ?? undefined,
          companyId: companyId ?? undefined,
        });
        log.info({ ended: ended.length, locationId, companyId }, 'the app was uninstalled');
        continue;
      }
      try {
        const made = deliveriesOf(row, opportunities, subscriptions);
        changes.push(...made.changes);
        jobs.push(...made.jobs);
      } catch (error) {
        // One event that trips the rules must not hold up all that came after it.
        log.error({ err: error, webhookId: row.webhookId }, 'an event could not be understood');
      }
    }
    await saveOpportunities(tx, opportunities);
    await queue.add(tx, jobs);
    await tx.query('update relay.inbox set processed_at = now() where seq = any($1::bigint[])', [
      rows.map(({ seq }) => seq),
    ]);
    return { changes, jobs };
  }

  return {
    wake: () => signal.wake(),
    async stop() {
      stopping = true;
      signal.wake();
      await running;
    },
  };
}

/**
 * Whether this transaction may process. It may not where it began before another relay's batch was done: its jobs
 * would look older than those, and be sent before them.
 */
async function isOurTurn(tx: Queryable): Promise<boolean> {
  const [lock] = await tx.query<{ ours: boolean }>('select pg_try_advisory_xact_lock($1) as ours', [LOCK]);
  if (!lock?.ours) return false;
  const [since] = await tx.query<{ late: boolean }>(
    `select exists (select from relay.inbox
       where processed_at >= now() and processed_at <= clock_timestamp()) as late`,
  );
  return since?.late === false;
}

function nextEvents(tx: Queryable): Promise<InboxEvent[]> {
  return tx.query<InboxEvent>(
    `select seq::float8 as seq, webhook_id as "webhookId", event, received_at as "receivedAt" from relay.inbox
     where processed_at is null order by relay.inbox.seq limit $1`,
    [BATCH],
  );
}

function isOfOpportunity(event: HighLevelEvent): event is Extract<HighLevelEvent, { kind: 'opportunity' }> {
  return event.kind === 'opportunity';
}

function locationOf(event: HighLevelEvent): string[] {
  return event.kind === 'opportunity' || event.kind === 'note' ? [event.locationId] : [];
}
