import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { repeat } from '../repeat.ts';
import type { Queryable } from './db.ts';

/** How often it is looked for what has expired, in ms. */
const EVERY_MS = 10_000;
/** One step deletes so many rows of a table at most, so that it holds nobody up. */
const BATCH = 5_000;
/** Between two steps while there is more, in ms: ten thousand events a second expire as fast as they come. */
const MORE_MS = 500;

/** Nobody cared for it in two weeks. */
const KEEP_DEAD_LETTERS = '14 days';
const KEEP_ENDED_SUBSCRIPTIONS = '30 days';
/** Long enough for who is about to look at it. */
const KEEP_REPLACED_SUBSCRIPTIONS = '1 hour';
/** The events that came before a write expired may wait to be processed. */
const KEEP_WRITES = '1 hour';
/** As long as HighLevel keeps an event that can be sent again by hand: until then a late one must not revive it. [docs] */
const KEEP_DELETED_OPPORTUNITIES = '30 days';
/** One that nothing was heard of for so long has an unknown "from" again. */
const KEEP_OPPORTUNITIES = '180 days';
/** Of a location without subscriptions: what is known of its opportunities is soon out of date. */
const KEEP_UNWATCHED = '1 day';

export interface Retention {
  /** Makes one step: of each table some of what has expired. @returns how many rows it deleted, and if there is more */
  step(): Promise<{ deleted: number; isMore: boolean }>;
  /** Makes a step, and deletes on until nothing is left that has expired. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Deletes what is of no more use, in small steps, until stopped. Several relays may do so at once.
 *
 * @param everyMs between two looks
 */
export function startRetention(q: Queryable, log: Logger, everyMs = EVERY_MS): Retention {
  const walks = [
    walk(q, OPPORTUNITIES, [KEEP_DELETED_OPPORTUNITIES, KEEP_OPPORTUNITIES, KEEP_UNWATCHED]),
    walk(q, DIGESTS, [KEEP_OPPORTUNITIES]),
  ];

  const stopping = new AbortController();

  async function deleteExpired(): Promise<{ deleted: number; isMore: boolean }> {
    let deleted = 0;
    let isMore = false;
    for (const { sql, values } of STATEMENTS) {
      const { length } = await q.query(sql, [...values, BATCH]);
      deleted += length;
      isMore ||= length === BATCH;
    }
    return { deleted, isMore };
  }

  async function step(): Promise<{ deleted: number; isMore: boolean }> {
    const { deleted, isMore } = await deleteExpired();
    let walked = 0;
    for (const next of walks) walked += await next();
    return { deleted: deleted + walked, isMore };
  }

  async function catchUp(): Promise<void> {
    let { isMore } = await step();
    while (isMore && !stopping.signal.aborted) {
      await pause(MORE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      ({ isMore } = await deleteExpired());
    }
  }

  const stop = repeat(catchUp, everyMs, (error) =>
    log.warn({ err: error }, 'what has expired could not be deleted'),
  );
  return {
    step,
    catchUp,
    async stop() {
      stopping.abort();
      await stop();
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
    // Of those without subscriptions, which the daily look has taken out of those to catch up.
    sql: `delete from relay.locations where catch_up_at is null and location_id in (
        select location_id from relay.locations one where catch_up_at is null and not exists (
          select from relay.subscriptions live where live.location_id = one.location_id and live.ended_at is null
        ) limit $1
      ) returning 1`,
    values: [],
  },
  {
    sql: `delete from relay.dead_letters where id in (
        select id from relay.dead_letters where died_at < now() - $1::interval order by died_at limit $2
      ) returning 1`,
    values: [KEEP_DEAD_LETTERS],
  },
  {
    sql: `delete from relay.writes where (location_id, record, field, value) in (
        select location_id, record, field, value from relay.writes
        where expires_at < now() - $1::interval order by expires_at limit $2
      ) returning 1`,
    values: [KEEP_WRITES],
  },
  {
    sql: `delete from relay.answers where (queue_id, delivery_id) in (
        select queue_id, delivery_id from relay.answers where expires_at < now() order by expires_at limit $1
      ) returning 1`,
    values: [],
  },
  {
    sql: `delete from relay.pauses where queue_id in (
        select queue_id from relay.pauses where until < now() limit $1
      ) returning 1`,
    values: [],
  },
];

/** So many opportunities are looked at in one step: a million of them within three hours. */
const STRETCH_ROWS = 1_000;

/** A table without an order of age, which is walked through in the order of its key and so needs no index of it. */
interface Walked {
  /** Gives `STRETCH_ROWS` rows behind the one whose key is $1 and $2, with whether each is `gone`. */
  stretch: string;
  /** Deletes those of these keys. */
  deletion: string;
  /** Before the first key. */
  start: Key;
}

type Key = [first: string, second: string];

/** @returns makes the next stretch of the walk, round and round, and tells how many rows it deleted */
function walk(q: Queryable, { stretch, deletion, start }: Walked, kept: string[]): () => Promise<number> {
  let after = start;
  return async () => {
    const rows = await q.query<{ first: string; second: string; gone: boolean }>(stretch, [
      ...after,
      STRETCH_ROWS,
      ...kept,
    ]);
    const last = rows.at(-1);
    after = last && rows.length === STRETCH_ROWS ? [last.first, last.second] : start;
    const gone = rows.filter((row) => row.gone);
    if (gone.length === 0) return 0;
    await q.query(deletion, [gone.map(({ first }) => first), gone.map(({ second }) => second)]);
    return gone.length;
  };
}

/** The opportunities: those that were deleted or rest long, and those of locations that nobody watches. */
const OPPORTUNITIES: Walked = {
  start: ['', ''],
  deletion: `delete from relay.opportunities where (location_id, opportunity_id) in (
    select * from unnest($1::text[], $2::text[]))`,
  stretch: `
  select one.location_id as first, one.opportunity_id as second,
    one.updated_at < now() - $5::interval
    or (one.state->>'deletedAt' is not null and one.updated_at < now() - $4::interval)
    or (one.updated_at < now() - $6::interval and watching is null) as gone
  from (
    select * from relay.opportunities where (location_id, opportunity_id) > ($1, $2)
    order by location_id, opportunity_id limit $3
  ) as one left join lateral (
    select true as watching from relay.subscriptions
    where subscriptions.location_id = one.location_id and ended_at is null limit 1
  ) as watched on true
  order by one.location_id, one.opportunity_id`,
};

/** The same of the digests: those of Zaps that run no more, and of opportunities that rest. */
const DIGESTS: Walked = {
  start: ['00000000-0000-0000-0000-000000000000', ''],
  deletion: `delete from relay.digests where (queue_id, opportunity_id) in (
    select * from unnest($1::uuid[], $2::text[]))`,
  stretch: `
  select one.queue_id as first, one.opportunity_id as second,
    watching is null or one.updated_at < now() - $4::interval as gone
  from (
    select * from relay.digests where (queue_id, opportunity_id) > ($1, $2)
    order by queue_id, opportunity_id limit $3
  ) as one left join lateral (
    select true as watching from relay.subscriptions
    where subscriptions.queue_id = one.queue_id and ended_at is null limit 1
  ) as watched on true
  order by one.queue_id, one.opportunity_id`,
};
