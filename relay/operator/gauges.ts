import type { Queue } from '../delivery/queue.ts';
import type { Db } from '../store/db.ts';
import { inboxBacklog } from '../store/inbox.ts';
import type { Gauges } from './metrics.ts';

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
  };
}
