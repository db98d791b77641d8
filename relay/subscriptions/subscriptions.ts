import { randomBytes, randomUUID } from 'node:crypto';
import type { EventKind } from '../../wire/kinds.ts';
import type { Filters } from '../../wire/subscriptions.ts';
import type { Db, Queryable } from '../store/db.ts';

/** What a Zap asked for, and whose company the location is. */
export interface WantedSubscription {
  locationId: string;
  companyId: string | null;
  event: EventKind;
  filters: Filters;
  targetUrl: string;
  /** The same for the same Zap, whenever it subscribes. */
  zap: string;
}

export interface Subscription extends WantedSubscription {
  /** Unguessable: who has it may end the subscription. */
  id: string;
  /** Names the Zap's deliveries; passed on to the subscription that replaces this one. */
  queueId: string;
  createdAt: Date;
  endedAt: Date | null;
  endedReason: EndReason | null;
}

/**
 * `unsubscribed` by its Zap, `replaced` by the same Zap, `gone` by a 410 of its target, `uninstalled` with the app,
 * `operator` by hand, `unproved` where its connection did not show for long that it may read the location.
 */
export const END_REASONS = [
  'unsubscribed',
  'replaced',
  'gone',
  'uninstalled',
  'operator',
  'unproved',
] as const;

export type EndReason = (typeof END_REASONS)[number];

/**
 * How many a location may have, those counted that were replaced within the hour: far above what people build, and a
 * bound on what one can be made to store.
 */
export const MAX_PER_LOCATION = 500;

const COLUMNS = `id, location_id as "locationId", company_id as "companyId", event, filters, target_url as "targetUrl",
  zap, queue_id as "queueId", created_at as "createdAt", ended_at as "endedAt", ended_reason as "endedReason"`;

/**
 * Adds a subscription, and ends the one that the same Zap had in this location.
 *
 * @returns null where the location has as many as it may have
 */
export async function addSubscription(db: Db, wanted: WantedSubscription): Promise<Subscription | null> {
  return db.transaction(async (tx) => {
    // Two calls for one location take turns, or the same Zap could come in twice and the count be passed.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [wanted.locationId]);
    // Counted before anything ends: a Zap that is refused keeps what it has.
    const [{ count, others } = { count: 0, others: 0 }] = await tx.query<{ count: number; others: number }>(
      `select count(*)::int as count, (count(*) filter (where zap <> $2) + (
           select count(*) from relay.subscriptions
           where location_id = $1 and ended_reason = 'replaced' and ended_at > now() - interval '1 hour'
         ))::int as others
       from relay.subscriptions where location_id = $1 and ended_at is null`,
      [wanted.locationId, wanted.zap],
    );
    if (others >= MAX_PER_LOCATION) return null;
    const [replaced] = await tx.query<{ event: string; queueId: string }>(
      `update relay.subscriptions set ended_at = now(), ended_reason = 'replaced'
       where location_id = $1 and zap = $2 and ended_at is null returning event, queue_id as "queueId"`,
      [wanted.locationId, wanted.zap],
    );
    const queueId = replaced?.event === wanted.event ? replaced.queueId : randomUUID();
    const [made] = await tx.query<Subscription>(
      `insert into relay.subscriptions (id, location_id, company_id, event, filters, target_url, zap, queue_id)
       values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${COLUMNS}`,
      [
        // Hex, because base64url may begin with a dash, which a command line takes for an option.
        randomBytes(24).toString('hex'),
        wanted.locationId,
        wanted.companyId,
        wanted.event,
        JSON.stringify(wanted.filters),
        wanted.targetUrl,
        wanted.zap,
        queueId,
      ],
    );
    await watchLocation(tx, wanted.locationId, count === 0);
    if (replaced) await sendNow(tx, replaced.queueId);
    return made ?? null;
  });
}

/** From now on the location's events are kept. What was remembered before it had no subscription is out of date. */
async function watchLocation(tx: Queryable, locationId: string, isFirst: boolean): Promise<void> {
  await tx.query(
    `insert into relay.locations (location_id, catch_up_at) values ($1, now() + interval '1 day')
     on conflict (location_id) do update set known_since = now(), caught_up_at = now(),
       catch_up_at = excluded.catch_up_at
     where $2`,
    [locationId, isFirst],
  );
}

/**
 * What waits for a Zap that subscribed anew goes to its new hook at once, whatever the old one answered; or is dropped,
 * where it subscribed to another event.
 */
async function sendNow(tx: Queryable, queueId: string): Promise<void> {
  await tx.query('delete from relay.pauses where queue_id = $1', [queueId]);
  // Locked in the order of the lanes, as those that settle deliveries do: else one of the two would be undone.
  await tx.query(
    `with waiting as (
       select lane from relay.deliveries where queue_id = $1 order by lane for update
     )
     update relay.deliveries as mine set due_at = now(), tries = 0, attempt = attempt + 1
     from waiting where mine.lane = waiting.lane`,
    [queueId],
  );
}

/** A subscription by its id, ended or not; null where there never was one, or it ended long ago. */
export async function findSubscription(q: Queryable, id: string): Promise<Subscription | null> {
  const [found] = await q.query<Subscription>(`select ${COLUMNS} from relay.subscriptions where id = $1`, [
    id,
  ]);
  return found ?? null;
}

/** What of a subscription decides on its deliveries; `createdAt` is since when its Zap runs. */
export type Running = Pick<Subscription, 'locationId' | 'event' | 'filters' | 'queueId' | 'createdAt'>;

/**
 * Those that run and want some kinds of events of some locations. An event may wait to be processed while its Zap
 * subscribes anew: it was taken in for the subscription that was replaced, which is kept for an hour.
 */
export function runningFor(
  q: Queryable,
  wanted: readonly { locationId: string; event: EventKind }[],
): Promise<Running[]> {
  return q.query<Running>(
    `select location_id as "locationId", event, filters, queue_id as "queueId",
       case when created_at > now() - interval '1 hour' then (
         select min(first.created_at) from relay.subscriptions first where first.queue_id = one.queue_id
       ) else created_at end as "createdAt"
     from relay.subscriptions one
     where (location_id, event) in (select * from unnest($1::text[], $2::text[])) and ended_at is null`,
    [wanted.map(({ locationId }) => locationId), wanted.map(({ event }) => event)],
  );
}

/**
 * What waits for the subscriptions in `ended` is due at once, and dropped then: it would be counted as waiting until its
 * next try, hours later. Rows that are locked are being settled; a try under way postpones nothing any more.
 */
export const DROP_WAITING = `
  update relay.deliveries as mine set due_at = now(), attempt = attempt + 1 from (
    select lane from relay.deliveries one join ended using (queue_id) for update of one skip locked
  ) as waiting where mine.lane = waiting.lane`;

/** Ends one; false where it had ended already or never was. */
export async function endSubscription(q: Queryable, id: string, reason: EndReason): Promise<boolean> {
  const ended = await q.query(
    `with ended as (
       update relay.subscriptions set ended_at = now(), ended_reason = $2
       where id = $1 and ended_at is null returning id, queue_id
     ), waiting as (${DROP_WAITING})
     select id from ended`,
    [id, reason],
  );
  return ended.length > 0;
}

/**
 * Ends what an UNINSTALL leaves without a reason to be: the location's, or all of the company's where the event
 * names no location. [spec] Who subscribed after it has installed the app again.
 *
 * @returns the queues of those that ended, for `dropWaiting`
 */
export async function endUninstalled(
  q: Queryable,
  gone: { locationId?: string | undefined; companyId?: string | undefined; at: Date },
): Promise<string[]> {
  const [column, value] = gone.locationId
    ? ['location_id', gone.locationId]
    : ['company_id', gone.companyId ?? ''];
  const ended = await q.query<{ queueId: string }>(
    `update relay.subscriptions set ended_at = now(), ended_reason = 'uninstalled'
     where ${column} = $1 and created_at <= $2 and ended_at is null returning queue_id as "queueId"`,
    [value, gone.at],
  );
  return ended.map(({ queueId }) => queueId);
}

/**
 * Drops what waits for Zaps whose subscriptions ended. To be called last in a transaction: what locks other deliveries
 * behind it could meet one who waits for these.
 */
export async function dropWaiting(tx: Queryable, queueIds: readonly string[]): Promise<void> {
  if (queueIds.length === 0) return;
  await tx.query(
    `with ended as (select queue_id from unnest($1::uuid[]) as one (queue_id)) ${DROP_WAITING}`,
    [queueIds],
  );
}
