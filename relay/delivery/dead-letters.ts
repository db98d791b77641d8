import type { Delivery } from '../../wire/deliveries.ts';
import type { Db, Queryable } from '../store/db.ts';
import type { DeliveryJob } from './job.ts';
import type { Queue } from './queue.ts';

/** A delivery that was given up. */
export interface DeadLetter {
  id: string;
  queueId: string;
  /** The Zap's latest; null where it ended long ago. */
  subscriptionId: string | null;
  body: Delivery;
  tries: number;
  /** Of the last try; null where there was no answer. */
  status: number | null;
  why: string;
  diedAt: Date;
}

/** Which dead letters are meant; what is absent does not restrict. */
export interface DeadLetterFilter {
  ids?: readonly string[] | undefined;
  subscriptionId?: string | undefined;
  locationId?: string | undefined;
}

/** What an operator's call sends again at most. */
export const MOST_AT_ONCE = 1_000;

const WHICH = `($1::uuid[] is null or id = any($1)) and ($2::text is null or queue_id = (select queue_id from relay.subscriptions where id = $2))
  and ($3::text is null or location_id = $3)`;

const COLUMNS = `id, queue_id as "queueId",
  (select one.id from relay.subscriptions one where one.queue_id = dead_letters.queue_id
    order by one.created_at desc limit 1) as "subscriptionId",
  body, tries, status, why, died_at as "diedAt"`;

/** Keeps a delivery that is given up. */
export async function addDeadLetter(
  tx: Queryable,
  { id, queueId, body, tries }: DeliveryJob,
  { status, why }: { status: number | null; why: string },
): Promise<void> {
  await tx.query(
    `insert into relay.dead_letters (id, queue_id, location_id, body, tries, status, why)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
    [id, queueId, body.location_id, JSON.stringify(body), tries, status, why],
  );
}

/** Its Zap runs: no other could be sent what it missed. */
const HAS_ZAP = `exists (
  select from relay.subscriptions live where live.queue_id = dead_letters.queue_id and live.ended_at is null)`;

/**
 * Sends dead letters again, in the order in which they came, each with the id it had and as many tries as a new one.
 * Those whose Zap was turned off stay: there is nowhere to send them.
 *
 * @param most in one call; another call goes on
 * @returns how many were sent, and how many of those that are meant stay
 */
export function replayDeadLetters(
  db: Db,
  queue: Queue,
  filter: DeadLetterFilter,
  most: number,
): Promise<{ replayed: number; ended: number }> {
  return db.transaction(async (tx) => {
    const rows = await tx.query<DeadLetter>(
      `delete from relay.dead_letters where id in (
         select id from relay.dead_letters where ${WHICH} and ${HAS_ZAP} order by id limit $4 for update skip locked
       ) returning ${COLUMNS}`,
      [...valuesOf(filter), most],
    );
    await queue.add(
      tx,
      rows.map(({ id, queueId, body }) => ({ id, queueId, body, tries: 0, receivedAt: null })),
    );
    const [left] = await tx.query<{ ended: number }>(
      `select count(*)::int as ended from relay.dead_letters where ${WHICH} and not ${HAS_ZAP}`,
      valuesOf(filter),
    );
    return { replayed: rows.length, ended: left?.ended ?? 0 };
  });
}

function valuesOf({ ids, subscriptionId, locationId }: DeadLetterFilter): unknown[] {
  return [ids ?? null, subscriptionId ?? null, locationId ?? null];
}
