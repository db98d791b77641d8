import type { Db, Queryable } from '../store/db.ts';
import type { DeliveryBody, DeliveryJob } from './job.ts';
import type { Queue } from './queue.ts';

/** A delivery that was given up. */
export interface DeadDelivery {
  id: string;
  subscriptionId: string;
  body: DeliveryBody;
  tries: number;
  /** Of the last try; null where there was no answer. */
  status: number | null;
  why: string;
  diedAt: Date;
}

/** Which of the dead are meant; what is absent does not restrict. */
export interface DeadFilter {
  ids?: readonly string[] | undefined;
  subscriptionId?: string | undefined;
  locationId?: string | undefined;
}

/** What an operator's call lists, or sends again, at most. */
export const MOST_AT_ONCE = 1_000;

const KEPT = '14 days';

const WHICH = `($1::uuid[] is null or id = any($1)) and ($2::text is null or subscription_id = $2)
  and ($3::text is null or location_id = $3)`;

const COLUMNS = `id, subscription_id as "subscriptionId", body, tries, status, why, died_at as "diedAt"`;

/** Keeps what is given up. */
export async function bury(
  tx: Queryable,
  { id, subscriptionId, body, tries }: DeliveryJob,
  { status, why }: { status: number | null; why: string },
): Promise<void> {
  await tx.query(
    `insert into relay.dead_deliveries (id, subscription_id, location_id, body, tries, status, why)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
    [id, subscriptionId, body.location_id, JSON.stringify(body), tries, status, why],
  );
}

/** The dead, last died first. */
export function listDead(q: Queryable, filter: DeadFilter, most: number): Promise<DeadDelivery[]> {
  return q.query<DeadDelivery>(
    `select ${COLUMNS} from relay.dead_deliveries where ${WHICH} order by died_at desc, id desc limit $4`,
    [...valuesOf(filter), most],
  );
}

/**
 * Sends the dead again, in the order in which they came, each with the id it had and as many tries as a new one.
 *
 * @param most in one call; another call goes on
 * @returns how many
 */
export function replayDead(db: Db, queue: Queue, filter: DeadFilter, most: number): Promise<number> {
  return db.transaction(async (tx) => {
    const risen = await tx.query<DeadDelivery>(
      `delete from relay.dead_deliveries where id in (
         select id from relay.dead_deliveries where ${WHICH} order by id limit $4 for update skip locked
       ) returning ${COLUMNS}`,
      [...valuesOf(filter), most],
    );
    await queue.add(
      tx,
      risen.map(({ id, subscriptionId, body }) => ({ id, subscriptionId, body, tries: 0, receivedAt: null })),
    );
    return risen.length;
  });
}

/** Forgets those that nobody cared for in two weeks. */
export async function forgetDead(q: Queryable): Promise<void> {
  await q.query('delete from relay.dead_deliveries where died_at < now() - $1::interval', [KEPT]);
}

function valuesOf({ ids, subscriptionId, locationId }: DeadFilter): unknown[] {
  return [ids ?? null, subscriptionId ?? null, locationId ?? null];
}
