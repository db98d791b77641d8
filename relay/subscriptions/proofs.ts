import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { ProofDelivery } from '../../wire/deliveries.ts';
import type { Proof } from '../../wire/subscriptions.ts';
import type { DeliveryJob } from '../delivery/job.ts';
import type { Queue } from '../delivery/queue.ts';
import { repeat } from '../repeat.ts';
import type { Db, Queryable } from '../store/db.ts';
import { DROP_WAITING } from './subscriptions.ts';

/** Has connections show that they may still read their locations, until stopped. */
export interface ProofKeeper {
  /** One look. @returns how many were asked, and how many ended */
  step(): Promise<{ asked: number; ended: number }>;
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
const MOST = 500;

/** A proof so old is asked for anew, once a day. */
const ASK_AFTER = '20 days';
/** A subscription without a proof for so long ends, where it was asked so often: a relay that was away asks first. */
const END_AFTER = '30 days';
const LEAST_ASKS = 7;

/**
 * Whoever was let into a location once would be told of it for ever: the relay keeps no token that it could try again.
 * So it asks the app of each Zap, by a delivery, to show its token, and ends the subscription of one that cannot.
 *
 * @param onJobs is called when there is something to deliver
 */
export function startProofKeeper(
  { db, queue, log }: { db: Db; queue: Queue; log: Logger },
  onJobs: () => void,
  everyMs = EVERY_MS,
): ProofKeeper {
  async function step(): Promise<{ asked: number; ended: number }> {
    // Before any is asked once more: the last one asked had a day to answer.
    const ended = await endUnproved(db);
    if (ended > 0)
      log.warn({ ended }, 'subscriptions ended: their connections no longer read their locations');
    const asked = await db.transaction((tx) => ask(tx, queue));
    if (asked > 0) onJobs();
    return { asked, ended };
  }

  const stop = repeat(step, everyMs, (error) => log.warn({ err: error }, 'no proof could be asked for'));
  return { step, stop };
}

async function ask(tx: Queryable, queue: Queue): Promise<number> {
  const due = await tx.query<{ locationId: string; queueId: string }>(
    `update relay.subscriptions as mine set proof_asks = mine.proof_asks + 1, proof_asked_at = now()
     from (
       select id from relay.subscriptions
       where ended_at is null and proved_at < now() - $1::interval
         and (proof_asked_at is null or proof_asked_at < now() - interval '1 day')
       order by proved_at limit $2 for update skip locked
     ) as due where mine.id = due.id
     returning mine.location_id as "locationId", mine.queue_id as "queueId"`,
    [ASK_AFTER, MOST],
  );
  await queue.add(tx, due.map(jobOf));
  return due.length;
}

function jobOf({ locationId, queueId }: { locationId: string; queueId: string }): DeliveryJob {
  const id = randomUUID();
  // The queue's name is known to the relay alone, so what comes back shows that this hook was reached.
  const body: ProofDelivery = { id, event: 'prove', location_id: locationId, proof: queueId };
  return { id, queueId, tries: 0, receivedAt: null, body };
}

async function endUnproved(q: Queryable): Promise<number> {
  const ended = await q.query(
    `with ended as (
       update relay.subscriptions set ended_at = now(), ended_reason = 'unproved' where id in (
         select id from relay.subscriptions
         where ended_at is null and proved_at < now() - $1::interval and proof_asks >= $2
           and proof_asked_at < now() - interval '1 day'
         order by proved_at limit $3
       ) returning id, queue_id
     ), waiting as (${DROP_WAITING})
     select id from ended`,
    [END_AFTER, LEAST_ASKS, MOST],
  );
  return ended.length;
}

/** Notes a proof, whose token was found good. @returns false where no such subscription runs */
export async function noteProof(q: Queryable, { locationId, proof }: Proof): Promise<boolean> {
  const noted = await q.query(
    `update relay.subscriptions set proved_at = now(), proof_asks = 0, proof_asked_at = null
     where queue_id = $1 and location_id = $2 and ended_at is null returning id`,
    [proof, locationId],
  );
  return noted.length > 0;
}

/** A report is a proof as well, of the Zap that was asked to read. */
export async function noteProofOfReader(q: Queryable, readingId: string): Promise<void> {
  await q.query(
    `update relay.subscriptions set proved_at = now(), proof_asks = 0, proof_asked_at = null
     where id = (select subscription_id from relay.readings where id = $1) and ended_at is null`,
    [readingId],
  );
}
