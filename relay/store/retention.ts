import type { Logger } from 'pino';
import type { Queryable } from './db.ts';

/** How often a step is made, in ms. */
const EVERY_MS = 10_000;
/** One step deletes so many rows of a table at most, so that it holds nobody up. */
const BATCH = 5_000;

/** Nobody cared for it in two weeks. */
const KEEP_DEAD_LETTERS = '14 days';
const KEEP_ENDED_SUBSCRIPTIONS = '30 days';
/** Long enough for who is about to look at it. */
const KEEP_REPLACED_SUBSCRIPTIONS = '1 hour';
/** As long as HighLevel keeps an event that can be sent again by hand: until then a late one must not revive it. [docs] */
const KEEP_DELETED_OPPORTUNITIES = '30 days';
/** One that nothing was heard of for so long has an unknown "from" again. */
const KEEP_OPPORTUNITIES = '180 days';
/** Of a location without subscriptions: what is known of its opportunities is soon out of date. */
const KEEP_UNWATCHED = '1 day';

export interface Retention {
  /** Makes one step: of each table some of what has expired. @returns how many rows it deleted */
  step(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Deletes what is of no more use, in small steps, until stopped. Several relays may do so at once.
 *
 * @param everyMs between two steps
 */
export function startRetention(q: Queryable, log: Logger, everyMs = EVERY_MS): Retention {
  // Where the walk through the opportunities stands: they have no order of age, and so need no index of it.
  let after: [string, string] = ['', ''];
  let running: Promise<unknown> = Promise.resolve();

  async function step(): Promise<number> {
    let deleted = 0;
    for (const { sql, values } of STATEMENTS) deleted += (await q.query(sql, [...values, BATCH])).length;
    const seen = await q.query<{ location: string; id: string; gone: boolean }>(WALK, [
      ...after,
      KEEP_DELETED_OPPORTUNITIES,
      KEEP_OPPORTUNITIES,
      KEEP_UNWATCHED,
      BATCH,
    ]);
    const last = seen.at(-1);
    after = last && seen.length === BATCH ? [last.location, last.id] : ['', ''];
    return deleted + seen.filter(({ gone }) => gone).length;
  }

  const timer = setInterval(() => {
    running = running
      .then(step)
      .catch((error) => log.warn({ err: error }, 'what has expired could not be deleted'));
  }, everyMs);
  timer.unref();
  return {
    step,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

const STATEMENTS: readonly { sql: string; values: readonly unknown[] }[] = [
  {
    sql: `delete from relay.seen_events where id in (
        select id from relay.seen_events where expires_at < now() order by expires_at limit $1
      ) returning 1`,
    values: [],
  },
  {
    sql: `delete from relay.subscriptions where id in (
        select id from relay.subscriptions
        where ended_at < now() - $1::interval or (ended_at < now() - $2::interval and ended_reason = 'replaced')
        order by ended_at limit $3
      ) returning 1`,
    values: [KEEP_ENDED_SUBSCRIPTIONS, KEEP_REPLACED_SUBSCRIPTIONS],
  },
  {
    sql: `delete from relay.dead_letters where id in (
        select id from relay.dead_letters where died_at < now() - $1::interval order by died_at limit $2
      ) returning 1`,
    values: [KEEP_DEAD_LETTERS],
  },
  {
    sql: `delete from relay.pauses where queue_id in (
        select queue_id from relay.pauses where until < now() limit $1
      ) returning 1`,
    values: [],
  },
];

/** Reads a stretch of the opportunities in the order of their key, and deletes those of it that have expired. */
const WALK = `
  with stretch as (
    select location_id, opportunity_id, updated_at, state->>'deletedAt' as deleted from relay.opportunities
    where (location_id, opportunity_id) > ($1, $2) order by location_id, opportunity_id limit $6
  ), judged as (
    select location_id, opportunity_id,
      updated_at < now() - $4::interval
      or (deleted is not null and updated_at < now() - $3::interval)
      or (updated_at < now() - $5::interval and not exists (
        select from relay.subscriptions one where one.location_id = stretch.location_id and one.ended_at is null
      )) as gone
    from stretch
  ), deleted as (
    delete from relay.opportunities as one using judged
    where judged.gone and one.location_id = judged.location_id and one.opportunity_id = judged.opportunity_id
  )
  select location_id as location, opportunity_id as id, gone from judged order by location_id, opportunity_id`;
