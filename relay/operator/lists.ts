/** What the operator is shown, a page at a time: subscriptions with what waits for each, and dead deliveries. */

import type { DeadLetter } from '../delivery/dead-letters.ts';
import type { Queryable } from '../store/db.ts';
import type { Subscription } from '../subscriptions/subscriptions.ts';

/** As many as one answer has. */
const PAGE_ROWS = 100;

/** A page of a list, and where the next begins; null at the end. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** What waits for a Zap. */
interface Waiting {
  count: number;
  /** When the oldest was made of its event, and when the next try is due. */
  oldestAt: Date;
  nextTryAt: Date;
  /** Of the one that was tried most: how often, and what came of the last try. */
  tries: number;
  why: string | null;
  /** Until when the hook asked to be left alone. */
  pausedUntil: Date | null;
}

export type ListedSubscription = Pick<
  Subscription,
  'id' | 'locationId' | 'event' | 'filters' | 'targetUrl' | 'createdAt'
> & { waiting: Waiting | null };

const COLUMNS = `one.id, one.location_id as "locationId", one.event, one.filters, one.target_url as "targetUrl",
  one.created_at as "createdAt"`;

const WAITING = `
  select queue_id, sum(behind + 1)::int as count, min(created_at) as oldest_at, min(due_at) as next_at,
    max(tries) as tries, (array_agg(why order by tries desc, why is null))[1] as why
  from relay.deliveries where TRUE group by queue_id`;

const AS_JSON = `case when waiting.queue_id is not null then jsonb_build_object('count', waiting.count,
  'oldestAt', waiting.oldest_at, 'nextTryAt', greatest(waiting.next_at, pauses.until), 'tries', waiting.tries,
  'why', waiting.why, 'pausedUntil', pauses.until) end as waiting`;

/**
 * Those that run, of one location or of all, each with what waits for it.
 *
 * @param after the id of the last one before this page
 */
export async function pageOfSubscriptions(
  q: Queryable,
  { locationId, after }: { locationId: string | null; after: string | null },
): Promise<Page<ListedSubscription>> {
  const rows = await q.query<ListedSubscription>(
    `select ${COLUMNS}, ${AS_JSON}
     from (
       select * from relay.subscriptions
       where ended_at is null and ($1::text is null or location_id = $1) and id > coalesce($2, '')
       order by id limit $3
     ) as one
     left join lateral (${WAITING.replace('TRUE', 'queue_id = one.queue_id')}) as waiting on true
     left join relay.pauses on pauses.queue_id = one.queue_id and pauses.until > now()
     order by one.id`,
    [locationId, after, PAGE_ROWS + 1],
  );
  return pageOf(rows, ({ id }) => id);
}

/** Those for which something waits, the longest first; no more than a page, and whether there are more. */
export async function waitingSubscriptions(
  q: Queryable,
  locationId: string | null,
): Promise<{ rows: ListedSubscription[]; isMore: boolean }> {
  const rows = await q.query<ListedSubscription>(
    `select ${COLUMNS}, ${AS_JSON}
     from (${WAITING}) as waiting
     join relay.subscriptions one on one.queue_id = waiting.queue_id and one.ended_at is null
     left join relay.pauses on pauses.queue_id = one.queue_id and pauses.until > now()
     where $1::text is null or one.location_id = $1
     order by waiting.oldest_at, one.id limit $2`,
    [locationId, PAGE_ROWS + 1],
  );
  return { rows: rows.slice(0, PAGE_ROWS), isMore: rows.length > PAGE_ROWS };
}

/**
 * Dead deliveries, last died first.
 *
 * @param after where the page before this one ended
 */
export async function pageOfDeadLetters(
  q: Queryable,
  {
    locationId,
    subscriptionId,
    after,
  }: { locationId: string | null; subscriptionId: string | null; after: string | null },
): Promise<Page<DeadLetter>> {
  const [diedAt = null, id = null] = after?.split('~') ?? [];
  const rows = await q.query<DeadLetter & { place: string }>(
    `select id, queue_id as "queueId",
       (select one.id from relay.subscriptions one where one.queue_id = dead_letters.queue_id
         order by one.created_at desc limit 1) as "subscriptionId",
       body, tries, status, why, died_at as "diedAt",
       to_char(died_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || id as place
     from relay.dead_letters
     where ($1::text is null or location_id = $1)
       and ($2::text is null or queue_id = (select queue_id from relay.subscriptions where id = $2))
       and ($3::timestamptz is null or (died_at, id) < ($3, $4::uuid))
     order by died_at desc, id desc limit $5`,
    [locationId, subscriptionId, diedAt, id, PAGE_ROWS + 1],
  );
  return pageOf(rows, ({ place }) => place);
}

/** One more than a page holds was asked for: whether there is a next one is seen by it. */
function pageOf<Row>(rows: Row[], placeOf: (row: Row) => string): Page<Row> {
  const page = rows.slice(0, PAGE_ROWS);
  const last = page.at(-1);
  return { rows: page, next: rows.length > PAGE_ROWS && last ? placeOf(last) : null };
}
