import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { CatchUpDelivery } from '../../wire/deliveries.ts';
import type { ReadingCriteria } from '../../wire/readings.ts';
import type { DeliveryJob } from '../delivery/job.ts';
import type { Queue } from '../delivery/queue.ts';
import { repeat } from '../repeat.ts';
import type { Db, Queryable } from '../store/db.ts';
import { beginCatchUps, giveUp } from './catch-up.ts';
import { PATIENCE_MS, shown } from './readings.ts';

/** How often to look for readings that are due, in ms, and how many are asked for at once. */
const EVERY_MS = 1_000;
const MOST = 100;

/** Asks for readings, until stopped. */
export interface Asker {
  /** One look. @returns how many readings were asked for */
  step(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Asks the app for what it is to read, new Zaps’ opportunities and what changed in locations that are due, by a delivery to one Zap of the location: the Zap that reported last, or else
 * the next. When all have been asked in vain, the reading ends. Several relays may do so at once.
 *
 * @param onJobs is called when there is something to deliver
 */
export function startAsking(
  { db, queue, log }: { db: Db; queue: Queue; log: Logger },
  onJobs: () => void,
  everyMs = EVERY_MS,
): Asker {
  async function step(): Promise<number> {
    // In a transaction of its own: locations are locked in another order there.
    await db.transaction((tx) => beginCatchUps(tx, MOST));
    const asked = await db.transaction((tx) => ask(tx, queue));
    if (asked > 0) onJobs();
    return asked;
  }

  const stop = repeat(step, everyMs, (error) => log.warn({ err: error }, 'no reading could be asked for'));
  return { step, stop };
}

interface Due {
  id: string;
  locationId: string;
  criteria: ReadingCriteria;
  watch: string[];
  since: Date | null;
  before: Date | null;
  /** The Zap to ask; null where none is left. */
  subscriptionId: string | null;
  queueId: string | null;
}

async function ask(tx: Queryable, queue: Queue): Promise<number> {
  const due = await tx.query<Due>(DUE, [MOST]);
  const given = due.filter(({ subscriptionId }) => subscriptionId === null);
  if (given.length > 0) {
    await giveUp(
      tx,
      given.map(({ id }) => id),
    );
  }
  const jobs = due.flatMap((one) => (one.queueId === null ? [] : [jobOf(one, one.queueId)]));
  if (jobs.length === 0) return 0;
  await queue.add(tx, jobs);
  await tx.query(
    `update relay.readings as one set asked = asked + 1, subscription_id = asked_of.subscription_id,
       due_at = now() + $3 * interval '1 millisecond'
     from unnest($1::uuid[], $2::text[]) as asked_of (id, subscription_id) where one.id = asked_of.id`,
    [due.map(({ id }) => id), due.map(({ subscriptionId }) => subscriptionId), PATIENCE_MS],
  );
  return jobs.length;
}

/** After one that reported the same again; after one that kept silent the next, once round. */
const DUE = `
  select one.id, one.location_id as "locationId", one.criteria, one.watch, one.since, one.before_at as "before",
    next.id as "subscriptionId", next.queue_id as "queueId"
  from (
    select * from relay.readings where due_at <= now() order by due_at limit $1 for update skip locked
  ) as one left join lateral (
    select id, queue_id from relay.subscriptions live
    where live.location_id = one.location_id and live.ended_at is null and one.asked < (
      select count(*) from relay.subscriptions every
      where every.location_id = one.location_id and every.ended_at is null
    )
    order by case when one.asked = 0 then live.id >= coalesce(one.subscription_id, '')
      else live.id > one.subscription_id end desc, live.id
    limit 1
  ) as next on true`;

function jobOf({ locationId, ...reading }: Due, queueId: string): DeliveryJob {
  const id = randomUUID();
  const body: CatchUpDelivery = { id, event: 'catch_up', location_id: locationId, reading: shown(reading) };
  return { id, queueId, tries: 0, receivedAt: null, body };
}
