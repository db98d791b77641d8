import type { Db, Queryable } from '../store/db.ts';
import { type DeliveryJob, isRequest } from './job.ts';

/** A delivery that this process has taken, and has to settle. */
export interface Taken extends DeliveryJob {
  lane: string;
  /** Names this attempt: one that lasted too long, so that another has begun, postpones nothing any more. */
  attempt: number;
  createdAt: number;
}

/**
 * The deliveries that are still to be made. Those of one opportunity to one Zap form a lane, of which only the first is
 * ever taken; what was taken and not settled in time (its relay was killed) is due again by itself.
 */
export interface Queue {
  /** Adds deliveries in the caller's transaction, each at the end of its lane. */
  add(tx: Queryable, jobs: readonly DeliveryJob[]): Promise<void>;
  /**
   * Takes what is due, the longest due first.
   *
   * @param most in all
   * @param each of one Zap's queue
   * @param fewer the queues that may have fewer taken than `each`, or none
   */
  take(most: number, each: number, fewer?: ReadonlyMap<string, number>): Promise<Taken[]>;
  /**
   * Says that these attempts still run, so that no other relay takes them for lost.
   *
   * @returns how many of them are still this process's
   */
  extend(jobs: readonly Taken[]): Promise<number>;
  /**
   * Out of the queue, for whatever reason; what follows in their lanes is free.
   *
   * @returns in how many lanes something follows
   */
  remove(tx: Queryable, jobs: readonly Pick<Taken, 'lane' | 'id'>[]): Promise<number>;
  /** All deliveries of one Zap out of the queue. @returns how many */
  clear(tx: Queryable, queueId: string): Promise<number>;
  /**
   * Not yet: again at `at`, in ms since the epoch, ahead of what follows in its lane.
   *
   * @param why what came of the try, for the operator
   */
  postpone(job: Taken, at: number, why?: string): Promise<void>;
  /** None of one Zap's before `at`, in ms since the epoch; nothing where it has subscribed anew, to another hook. */
  postponeAll(whose: { queueId: string; subscriptionId: string }, at: number): Promise<void>;
  /** How many wait or are under way, and for how long the oldest does, in ms. */
  backlog(): Promise<{ count: number; oldestAgeMs: number }>;
}

/** How a row comes out of the database. */
interface Row {
  id: string;
  lane: string;
  queueId: string;
  body: DeliveryJob['body'];
  tries: number;
  attempt: number;
  receivedAt: Date | null;
  createdAt: Date;
}

/**
 * The first of a lane has a row in `deliveries`, the others wait in `deliveries_behind`: so a long lane costs a look at
 * the queue nothing. The lane's row is locked by whoever adds to it or removes from it, which keeps the two apart.
 */
const ADD = `
  with given as (
    select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::jsonb[], $5::timestamptz[])
      as one (lane, id, queue_id, body, received_at)
    where not exists (select from relay.deliveries there where there.lane = one.lane and there.id = one.id)
      and not exists (select from relay.deliveries_behind there where there.lane = one.lane and there.id = one.id)
  ), lanes as (
    select distinct on (lane) *, count(*) over (partition by lane) as many from given order by lane, id
  ), firsts as (
    insert into relay.deliveries as lane_of (lane, id, queue_id, body, received_at, behind)
    select lane, id, queue_id, body, received_at, many - 1 from lanes order by lane
    on conflict (lane) do update set behind = lane_of.behind + excluded.behind + 1
    returning lane, id
  )
  insert into relay.deliveries_behind (lane, id, queue_id, body, received_at)
  select lane, id, queue_id, body, received_at from given
  where not exists (select from firsts where firsts.lane = given.lane and firsts.id = given.id)`;

/** A bounded part of what is due is looked at; those of the Zaps that may have no more are left out of it. */
const TAKE = `
  with due as (
    select lane, id, queue_id, due_at from relay.deliveries
    where due_at <= now() and queue_id <> all($6::uuid[])
    order by due_at, id limit greatest($1::int * 4, 200)
  ), ranked as (
    select lane, id, queue_id, due_at, row_number() over (partition by queue_id order by due_at, id) as nth from due
  ), chosen as (
    select lane from ranked left join unnest($3::uuid[], $4::int[]) as fewer (queue_id, most) using (queue_id)
    where nth <= coalesce(fewer.most, $2::int) order by due_at, id limit $1
  ), locked as (
    select lane from relay.deliveries where lane = any(array(select lane from chosen)) and due_at <= now()
    for update skip locked
  )
  update relay.deliveries as mine
  set attempt = attempt + 1, due_at = now() + $5 * interval '1 millisecond'
  from locked where mine.lane = locked.lane
  returning mine.lane, id, queue_id as "queueId", body, tries, attempt, received_at as "receivedAt",
    created_at as "createdAt"`;

/** Locks in the order of the lanes, as adding does: two that lock in different orders would wait for each other. */
const REMOVE_LAST = `
  with done as (
    select lane_of.lane from relay.deliveries lane_of
    join unnest($1::text[], $2::uuid[]) as given (lane, id) on lane_of.lane = given.lane and lane_of.id = given.id
    where lane_of.behind = 0 order by lane_of.lane for update of lane_of
  )
  delete from relay.deliveries as gone using done where gone.lane = done.lane returning gone.lane`;

const PROMOTE_NEXT = `
  with done as (
    select lane_of.lane from relay.deliveries lane_of
    join unnest($1::text[], $2::uuid[]) as given (lane, id) on lane_of.lane = given.lane and lane_of.id = given.id
    order by lane_of.lane for update of lane_of
  ), next as (
    delete from relay.deliveries_behind where (lane, id) in (
      select done.lane, (select id from relay.deliveries_behind behind where behind.lane = done.lane order by id limit 1)
      from done
    ) returning *
  )
  update relay.deliveries as lane_of
  set id = next.id, body = next.body, received_at = next.received_at, created_at = next.created_at, tries = 0,
    why = null, due_at = now(), behind = lane_of.behind - 1
  from next where lane_of.lane = next.lane
  returning lane_of.lane`;

const REMOVE_EMPTY = `
  delete from relay.deliveries as gone using unnest($1::text[], $2::uuid[]) as given (lane, id)
  where gone.lane = given.lane and gone.id = given.id`;

/**
 * Rows that are locked are being settled or added to, and need no new time. The subscription is held meanwhile, so that
 * one that replaces it comes before or after.
 */
const POSTPONE_ALL = `
  with live as (
    select queue_id from relay.subscriptions where id = $3 and queue_id = $1 and ended_at is null for share
  ), waiting as (
    select lane from live join relay.deliveries as one using (queue_id) where due_at <= now()
    for update of one skip locked
  )
  update relay.deliveries as mine set due_at = now() + $2 * interval '1 millisecond'
  from waiting where mine.lane = waiting.lane`;

const EXTEND = `
  with running as (
    select mine.lane from relay.deliveries mine
    join unnest($1::text[], $2::int[]) as taken (lane, attempt)
      on mine.lane = taken.lane and mine.attempt = taken.attempt
    for update of mine skip locked
  )
  update relay.deliveries as mine set due_at = now() + $3 * interval '1 millisecond'
  from running where mine.lane = running.lane returning mine.lane`;

/** @param expireMs after so long a delivery that was taken, and neither settled nor extended, is due again */
export function createQueue(db: Db, expireMs: number): Queue {
  return {
    async add(tx, jobs) {
      if (jobs.length === 0) return;
      await tx.query(ADD, [
        jobs.map(laneOf),
        jobs.map(({ id }) => id),
        jobs.map(({ queueId }) => queueId),
        jobs.map(({ body }) => JSON.stringify(body)),
        jobs.map(({ receivedAt }) => (receivedAt === null ? null : new Date(receivedAt))),
      ]);
    },
    async take(most, each, fewer = new Map()) {
      const none = [...fewer].filter(([, count]) => count <= 0).map(([id]) => id);
      const some = [...fewer].filter(([, count]) => count > 0);
      const rows = await db.query<Row>(TAKE, [
        most,
        each,
        some.map(([id]) => id),
        some.map(([, count]) => count),
        expireMs,
        none,
      ]);
      return rows.map((row) => ({
        ...row,
        receivedAt: row.receivedAt?.getTime() ?? null,
        createdAt: row.createdAt.getTime(),
      }));
    },
    async extend(jobs) {
      if (jobs.length === 0) return 0;
      const held = await db.query(EXTEND, [
        jobs.map(({ lane }) => lane),
        jobs.map(({ attempt }) => attempt),
        expireMs,
      ]);
      return held.length;
    },
    async remove(tx, jobs) {
      let left = [...jobs];
      let followed = 0;
      // Most lanes have one delivery. A lane whose followers were cleared meanwhile ends with the last statement.
      for (const statement of [REMOVE_LAST, PROMOTE_NEXT, REMOVE_EMPTY]) {
        if (left.length === 0) break;
        const done = await tx.query<{ lane: string }>(statement, [
          left.map(({ lane }) => lane),
          left.map(({ id }) => id),
        ]);
        if (statement === PROMOTE_NEXT) followed += done.length;
        const lanes = new Set(done.map(({ lane }) => lane));
        left = left.filter(({ lane }) => !lanes.has(lane));
      }
      return followed;
    },
    async clear(tx, queueId) {
      const gone = await tx.query<{ behind: number }>(
        `with waiting as (
           select lane from relay.deliveries where queue_id = $1 order by lane for update
         )
         delete from relay.deliveries as gone using waiting where gone.lane = waiting.lane returning behind`,
        [queueId],
      );
      await tx.query('delete from relay.deliveries_behind where queue_id = $1', [queueId]);
      return gone.reduce((sum, { behind }) => sum + behind + 1, 0);
    },
    async postpone({ lane, attempt, tries }, at, why) {
      await db.query(
        `update relay.deliveries set tries = $3, due_at = now() + $4 * interval '1 millisecond',
           why = coalesce($5, why)
         where lane = $1 and attempt = $2`,
        [lane, attempt, tries, Math.max(at - Date.now(), 0), why ?? null],
      );
    },
    async postponeAll({ queueId, subscriptionId }, at) {
      await db.query(POSTPONE_ALL, [queueId, Math.max(at - Date.now(), 0), subscriptionId]);
    },
    async backlog() {
      const [row] = await db.query<{ count: number; age: number }>(
        `select coalesce(sum(behind + 1), 0)::int as count,
           coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as age
         from relay.deliveries`,
      );
      return { count: row?.count ?? 0, oldestAgeMs: Math.max(row?.age ?? 0, 0) };
    },
  };
}

function laneOf({ queueId, body }: DeliveryJob): string {
  const record = isRequest(body) ? body.event : (body.opportunity_id ?? body.note_id ?? body.task_id);
  return `${queueId}/${record}`;
}
