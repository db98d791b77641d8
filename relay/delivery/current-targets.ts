import type { Queryable } from '../store/db.ts';

/**
 * Where the deliveries of some subscriptions go at this moment; one that is missing has ended. What waits for a Zap
 * that subscribed anew goes to its new hook.
 *
 * @returns the target of each subscription, by its id
 */
export async function currentTargets(
  q: Queryable,
  subscriptionIds: readonly string[],
): Promise<Map<string, { targetUrl: string; now: string }>> {
  const rows = await q.query<{ id: string; now: string; targetUrl: string }>(
    `select old.id, now.id as now, now.target_url as "targetUrl"
     from relay.subscriptions old join relay.subscriptions now on now.ended_at is null and (now.id = old.id or (
       old.ended_reason = 'replaced' and now.location_id = old.location_id
       and now.zap = old.zap and now.event = old.event))
     where old.id = any($1)`,
    [[...new Set(subscriptionIds)]],
  );
  return new Map(rows.map(({ id, now, targetUrl }) => [id, { targetUrl, now }]));
}
