import type { Queue } from '../delivery/queue.ts';
import type { Db } from '../store/db.ts';
import type { Gauges } from './metrics.ts';

/** What lies in the relay's tables. */
export function gaugesOf(db: Db, queue: Queue): Gauges {
  const count = async (from: string) => {
    const [row] = await db.query<{ count: number }>(`select count(*)::int as count from ${from}`);
    return row?.count ?? 0;
  };
  return {
    async inbox() {
      const [row] = await db.query<{ count: number; age: number }>(
        `select count(*)::int as count,
           coalesce(extract(epoch from now() - min(received_at)) * 1000, 0)::float8 as age
         from relay.inbox where processed_at is null`,
      );
      return { count: row?.count ?? 0, oldestAgeMs: Math.max(row?.age ?? 0, 0) };
    },
    deliveries: () => queue.backlog(),
    dead: () => count('relay.dead_letters'),
    subscriptions: () => count('relay.subscriptions where ended_at is null'),
  };
}
