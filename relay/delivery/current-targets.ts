import type { Queryable } from '../store/db.ts';

/** Where the deliveries of a Zap go at this moment. */
export interface Target {
  subscriptionId: string;
  targetUrl: string;
  /** Until when its hook asked to be left alone, in ms since the epoch; 0 where it did not. */
  pausedUntil: number;
}

/**
 * The targets of some queues. What waits for a Zap that subscribed anew goes to its new hook.
 *
 * @returns by queue; one that is missing has ended
 */
export async function currentTargets(
  q: Queryable,
  queueIds: readonly string[],
): Promise<Map<string, Target>> {
  const rows = await q.query<{ queueId: string; id: string; targetUrl: string; left: number }>(
    `select one.queue_id as "queueId", one.id, one.target_url as "targetUrl",
       coalesce(extract(epoch from pauses.until - now()) * 1000, 0)::float8 as left
     from relay.subscriptions one left join relay.pauses on pauses.queue_id = one.queue_id
     where one.queue_id = any($1::uuid[]) and one.ended_at is null`,
    [[...new Set(queueIds)]],
  );
  return new Map(
    rows.map(({ queueId, id, targetUrl, left }) => [
      queueId,
      { subscriptionId: id, targetUrl, pausedUntil: left > 0 ? Date.now() + left : 0 },
    ]),
  );
}
