import type { Queue } from '../delivery/queue.ts';
import type { Db } from '../store/db.ts';
import { inboxBacklog } from '../store/inbox.ts';
import type { EndReason } from '../subscriptions/subscriptions.ts';
import type { Gauges } from './metrics.ts';

/** How many subscriptions have a hook that keeps failing: four tries, with half an hour behind them, are no hiccup. */
export const FAILING =
  'select count(distinct queue_id)::int as failing from relay.deliveries where tries >= 4';

/** What lies in the relay's tables. */
export function gaugesOf(db: Db, queue: Queue): Gauges {
  const count = async (from: string) => {
    const [row] = await db.query<{ count: number }>(`select count(*)::int as count from ${from}`);
    return row?.count ?? 0;
  };
  return {
    inbox: () => inboxBacklog(db),
    deliveries: () => queue.backlog(),
    dead: () => count('relay.dead_letters'),
    subscriptions: () => count('relay.subscriptions where ended_at is null'),
    async failing() {
      const [row] = await db.query<{ failing: number }>(FAILING);
      return row?.failing ?? 0;
    },
    async lastGap() {
      const [row] = await db.query<{ at: number | null }>(
        'select extract(epoch from down_ended_at)::float8 as at from relay.intake',
      );
      return row?.at ?? 0;
    },
    async ended() {
      const rows = await db.query<{ reason: EndReason; count: number }>(
        `select ended_reason as reason, count(*)::int as count from relay.subscriptions
         where ended_at > now() - interval '1 hour' group by ended_reason`,
      );
      return new Map(rows.map(({ reason, count }) => [reason, count]));
    },
  };
}
