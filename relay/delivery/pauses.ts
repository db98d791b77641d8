import type { Queryable } from '../store/db.ts';
import type { Schedule } from './schedule.ts';

/** Which subscriptions' targets are to be left alone at the moment. */
export interface Pauses {
  /** The paused ones. */
  current(): Promise<string[]>;
  /** When a target may be called again, in ms since the epoch; 0 for one that may be called. */
  until(subscriptionId: string): number;
  /** A target asked for it: every relay heeds it, and after a restart too. */
  pause(subscriptionId: string, until: number): Promise<void>;
  /** A try that came to nothing. After some in a row this relay leaves the target alone for a little. */
  failed(subscriptionId: string): void;
  /** A try that arrived. */
  arrived(subscriptionId: string): void;
}

/** How often other relays' pauses are looked up, in ms. */
const LOOK_EVERY_MS = 500;
/** So many failures in a row are no hiccup. */
const PATIENCE = 5;
export function createPauses(
  db: Queryable,
  { firstRestMs, lastRestMs }: Pick<Schedule, 'firstRestMs' | 'lastRestMs'>,
): Pauses {
  const asked = new Map<string, number>();
  const resting = new Map<string, number>();
  const failures = new Map<string, number>();
  let lookedAt = 0;

  async function look(): Promise<void> {
    if (Date.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = Date.now();
    const rows = await db.query<{ id: string; left: number }>(
      `select subscription_id as id, (extract(epoch from until - now()) * 1000)::float8 as left
       from relay.pauses where until > now()`,
    );
    for (const { id, left } of rows) asked.set(id, Math.max(asked.get(id) ?? 0, Date.now() + left));
  }

  function until(id: string): number {
    const time = Math.max(asked.get(id) ?? 0, resting.get(id) ?? 0);
    return time > Date.now() ? time : 0;
  }

  function sweep(times: Map<string, number>): void {
    const now = Date.now();
    for (const [id, time] of times) if (time <= now) times.delete(id);
  }

  return {
    async current() {
      await look();
      sweep(asked);
      sweep(resting);
      return [...new Set([...asked.keys(), ...resting.keys()])];
    },
    until,
    async pause(id, time) {
      asked.set(id, Math.max(asked.get(id) ?? 0, time));
      await db.query(
        `insert into relay.pauses (subscription_id, until)
         select $1, now() + $2 * interval '1 millisecond'
         where exists (select from relay.subscriptions where id = $1)
         on conflict (subscription_id) do update set until = greatest(pauses.until, excluded.until)`,
        [id, Math.max(time - Date.now(), 0)],
      );
    },
    failed(id) {
      const count = (failures.get(id) ?? 0) + 1;
      failures.set(id, count);
      if (count < PATIENCE) return;
      const rest = Math.min(firstRestMs * 2 ** (count - PATIENCE), lastRestMs);
      resting.set(id, Date.now() + rest);
    },
    arrived(id) {
      failures.delete(id);
      resting.delete(id);
    },
  };
}
