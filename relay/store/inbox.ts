/** The events that HighLevel sent: which were seen, and which are still to be processed. */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { Queryable } from './db.ts';

/** How the ids of events without an id of their own begin: a digest of the event's bytes follows. */
export const CONTENT_ID_PREFIX = 'sha256:';

/** Longer than HighLevel goes on sending an event by itself, whichever of its two policies holds. [conflict] */
const REMEMBER_HOURS = 7 * 24;
/** HighLevel's retries stretch over 70 minutes by the longer policy; after that, the same bytes are another event. */
const REMEMBER_CONTENT_HOURS = 2;

/** Into so many parts the locations are divided among the relays that process. */
export const PARTITIONS = 64;

/** An event on its way into the inbox. */
export interface Arrival {
  webhookId: string;
  /** JSON, as wire/webhooks.ts reads it. */
  event: string;
  /** Null for an event of a whole company. */
  locationId: string | null;
}

/** An event that waits to be processed. */
export interface StoredEvent {
  seq: number;
  partition: number;
  webhookId: string;
  event: unknown;
  receivedAt: Date;
}

/** The key by which an event is known again. */
export function seenKey(webhookId: string): string {
  return createHash('sha256').update(webhookId).digest('hex').slice(0, 32);
}

/** The partition of a location; events of whole companies have one as well. */
export function partitionOf(locationId: string | null): number {
  return crc32(locationId ?? '') % PARTITIONS;
}

/**
 * Writes events in one statement. One of a location that nobody subscribed in is remembered as seen, and no more.
 *
 * @returns the webhook ids of those that were not seen before
 */
export async function storeEvents(q: Queryable, arrivals: readonly Arrival[]): Promise<Set<string>> {
  const byKey = new Map(arrivals.map((arrival) => [seenKey(arrival.webhookId), arrival]));
  const all = [...byKey.values()];
  const rows = await q.query<{ id: string }>(STORE, [
    [...byKey.keys()],
    all.map(({ webhookId }) =>
      webhookId.startsWith(CONTENT_ID_PREFIX) ? REMEMBER_CONTENT_HOURS : REMEMBER_HOURS,
    ),
    all.map(({ webhookId }) => webhookId),
    all.map(({ event }) => event),
    all.map(({ locationId }) => locationId),
    all.map(({ locationId }) => partitionOf(locationId)),
  ]);
  return new Set(rows.map(({ id }) => byKey.get(id.replaceAll('-', ''))?.webhookId ?? ''));
}

const STORE = `
  with given as (
    select * from unnest($1::uuid[], $2::int[], $3::text[], $4::jsonb[], $5::text[], $6::smallint[])
      with ordinality as one (id, hours, webhook_id, event, location_id, partition_id, place)
  ), fresh as (
    insert into relay.seen_events (id, expires_at)
    select id, now() + hours * interval '1 hour' from given
    on conflict (id) do nothing returning id
  ), stored as (
    insert into relay.events (partition_id, webhook_id, event)
    select partition_id, webhook_id, event from given join fresh using (id)
    where event->>'kind' = 'uninstall' or exists (
      select from relay.subscriptions one where one.location_id = given.location_id and one.ended_at is null
    )
    order by place
  )
  select id from fresh`;

/** Writes what the app read of a location, behind all that came before. */
export async function storeReadings(
  q: Queryable,
  locationId: string,
  readingId: string,
  events: readonly object[],
): Promise<void> {
  await q.query(
    `insert into relay.events (partition_id, webhook_id, event)
     select $1, 'reading:' || $2::text || ':' || coalesce(event->>'opportunityId', ''), event
     from unnest($3::jsonb[]) with ordinality as given (event, place)
     where exists (
       select from relay.subscriptions one where one.location_id = $4 and one.ended_at is null
     )
     order by place`,
    [partitionOf(locationId), readingId, events.map((event) => JSON.stringify(event)), locationId],
  );
}

/** The oldest events of some partitions, those of one partition in their order. */
export function nextEvents(
  q: Queryable,
  partitions: readonly number[],
  most: number,
): Promise<StoredEvent[]> {
  return q.query<StoredEvent>(NEXT, [partitions, most]);
}

/** Ends as soon as it has enough: partitions are given in another order each time, so that none is always last. */
const NEXT = `
  select one.seq::float8 as seq, one.partition_id as partition, one.webhook_id as "webhookId", one.event,
    one.received_at as "receivedAt"
  from unnest($1::smallint[]) as mine (id) cross join lateral (
    select * from relay.events where partition_id = mine.id order by seq limit $2
  ) as one
  limit $2`;

/** Takes processed events out. */
export async function removeEvents(q: Queryable, events: readonly StoredEvent[]): Promise<void> {
  await q.query(REMOVE, [events.map(({ partition }) => partition), events.map(({ seq }) => seq)]);
}

const REMOVE = `
  delete from relay.events using unnest($1::smallint[], $2::bigint[]) as done (partition_id, seq)
  where events.partition_id = done.partition_id and events.seq = done.seq`;

/** How many events wait to be processed, and since when the oldest does, in ms. */
export async function inboxBacklog(q: Queryable): Promise<{ count: number; oldestAgeMs: number }> {
  const [row] = await q.query<{ count: number; age: number }>(
    `select (select count(*)::int from relay.events) as count,
       coalesce((select extract(epoch from now() - received_at) * 1000 from relay.events order by seq limit 1),
         0)::float8 as age`,
  );
  return { count: row?.count ?? 0, oldestAgeMs: Math.max(row?.age ?? 0, 0) };
}

/** For how long the oldest event waits to be processed, in ms; 0 where none does. */
export async function oldestEventAgeMs(q: Queryable): Promise<number> {
  const [row] = await q.query<{ age: number }>(
    `select (extract(epoch from now() - received_at) * 1000)::float8 as age from relay.events order by seq limit 1`,
  );
  return Math.max(row?.age ?? 0, 0);
}

/** Whether as many events wait as may, or more. */
export async function isBacklogOver(q: Queryable, most: number): Promise<boolean> {
  const [row] = await q.query<{ full: boolean }>(
    'select count(*) >= $1 as full from (select from relay.events limit $1) as waiting',
    [most],
  );
  return row?.full ?? false;
}
