import type { Delivery } from '../../wire/deliveries.ts';
import type { Db, Queryable } from '../store/db.ts';
import type { DeliveryJob } from './job.ts';

/** A delivery that this process has taken, and has to settle. */
export interface Taken extends DeliveryJob {
  /** Names this attempt: one that lasted too long, so that another has begun, postpones nothing any more. */
  attempt: number;
  createdAt: number;
}

/**
 * The deliveries that are still to be made. Those of one opportunity to one subscription form a lane, in which only the first
 * is ever taken; what was taken and not settled in time (its relay was killed) is due again by itself.
 */
export interface Queue {
  /** Adds deliveries in the caller's transaction; those whose id is there already are left as they are. */
  add(tx: Queryable, jobs: readonly DeliveryJob[]): Promise<void>;
  /**
   * Takes what is due, the longest due first.
   *
   * @param most in all
   * @param each of one subscription
   * @param fewer of the subscriptions that may have fewer taken than `each`, or none
   */
  take(most: number, each: number, fewer?: ReadonlyMap<string, number>): Promise<Taken[]>;
  /** Out of the queue, for whatever reason; what follows in its lane is free. */
  remove(tx: Queryable, ids: readonly string[]): Promise<void>;
  /** All of a subscription out of the queue. @returns how many */
  clear(tx: Queryable, subscriptionId: string): Promise<number>;
  /** Not yet: again at `at`, in ms since the epoch, ahead of what follows in its lane. */
  postpone(job: Taken, at: number): Promise<void>;
  /** How many wait or are under way, and for how long the oldest does, in ms. */
  backlog(): Promise<{ count: number; oldestAgeMs: number }>;
}

/** How a row comes out of the database. */
interface Row {
  id: string;
  subscriptionId: string;
  body: Delivery;
  tries: number;
  attempt: number;
  receivedAt: Date | null;
  createdAt: Date;
}

/**
 * The subscriptions are walked through one index entry each, so that a long line for one of them costs the others
 * nothing; ids begin with the order in which the events came.
 */
const TAKE = `
  with recursive waiting (subscription_id) as (
    (select subscription_id from relay.deliveries order by subscription_id limit 1)
    union all
    select (select next.subscription_id from relay.deliveries next
      where next.subscription_id > waiting.subscription_id order by next.subscription_id limit 1)
    from waiting where waiting.subscription_id is not null
  ), free as (
    select waiting.subscription_id, coalesce(fewer.most, $2::int) as most
    from waiting left join unnest($3::text[], $4::int[]) as fewer (subscription_id, most)
      on fewer.subscription_id = waiting.subscription_id
    where waiting.subscription_id is not null and fewer.most is distinct from 0
  ), due as (
    select first.id from free cross join lateral (
      select id, due_at from relay.deliveries one
      where one.subscription_id = free.subscription_id and one.due_at <= now() and not exists (
        select from relay.deliveries earlier where earlier.lane = one.lane and earlier.id < one.id
      )
      order by due_at, id limit free.most
    ) as first
    order by first.due_at, first.id limit $1
  ), locked as (
    -- An array, or the planner might read the whole table for these few.
    select id from relay.deliveries where id = any(array(select id from due)) and due_at <= now()
    for update skip locked
  )
  update relay.deliveries as mine
  set attempt = attempt + 1, due_at = now() + $5 * interval '1 second'
  from locked where mine.id = locked.id
  returning mine.id, subscription_id as "subscriptionId", body, tries, attempt,
    received_at as "receivedAt", created_at as "createdAt"`;

/** @param expireSeconds after so long a delivery that was taken and not settled is due again */
export function createQueue(db: Db, expireSeconds: number): Queue {
  return {
    async add(tx, jobs) {
      if (jobs.length === 0) return;
      await tx.query(
        `insert into relay.deliveries (id, subscription_id, lane, body, received_at)
         select * from unnest($1::uuid[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[])
         on conflict (id) do nothing`,
        [
          jobs.map(({ id }) => id),
          jobs.map(({ subscriptionId }) => subscriptionId),
          jobs.map(laneOf),
          jobs.map(({ body }) => JSON.stringify(body)),
          jobs.map(({ receivedAt }) => (receivedAt === null ? null : new Date(receivedAt))),
        ],
      );
    },
    async take(most, each, fewer = new Map()) {
      const rows = await db.query<Row>(TAKE, [
        most,
        each,
        [...fewer.keys()],
        [...fewer.values()],
        expireSeconds,
      ]);
      return rows.map((row) => ({
        ...row,
        receivedAt: row.receivedAt?.getTime() ?? null,
        createdAt: row.createdAt.getTime(),
      }));
    },
    async remove(tx, ids) {
      await tx.query('delete from relay.deliveries where id = any($1::uuid[])', [ids]);
    },
    async clear(tx, subscriptionId) {
      const gone = await tx.query('delete from relay.deliveries where subscription_id = $1 returning id', [
        subscriptionId,
      ]);
      return gone.length;
    },
    async postpone({ id, attempt, tries }, at) {
      // What follows cannot go before it, and need not be looked at until then.
      await db.query(
        `with later as (select now() + $4 * interval '1 millisecond' as at), own as (
           update relay.deliveries set tries = $3, due_at = later.at
           from later where id = $1 and attempt = $2 returning lane
         )
         update relay.deliveries as next set due_at = later.at from own, later
         where next.lane = own.lane and next.id > $1 and next.due_at < later.at`,
        [id, attempt, tries, Math.max(at - Date.now(), 0)],
      );
    },
    async backlog() {
      const [row] = await db.query<{ count: number; age: number }>(
        `select count(*)::int as count,
           coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as age
         from relay.deliveries`,
      );
      return { count: row?.count ?? 0, oldestAgeMs: Math.max(row?.age ?? 0, 0) };
    },
  };
}

function laneOf({ subscriptionId, body }: DeliveryJob): string {
  return `${subscriptionId}/${body.opportunity_id ?? body.note_id}`;
}
