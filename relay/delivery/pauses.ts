import type { Queryable } from '../store/db.ts';
import type { Schedule } from './schedule.ts';

/** Which Zaps' hooks are to be left alone at the moment. */
export interface Pauses {
  /** The queues that this process leaves alone. */
  current(): string[];
  /** A hook asked for it: every relay heeds it, and after a restart too. */
  pause(queueId: string, until: number): Promise<void>;
  /** Another relay's hook asked for it, as the database says. */
  heed(queueId: string, until: number): void;
  /**
   * A try that came to nothing. After some in a row this relay leaves the hook alone for a little.
   *
   * @returns until when, in ms since the epoch; 0 where it does not
   */
  failed(queueId: string): number;
  /** A try that arrived. */
  arrived(queueId: string): void;
}

/** So many failures in a row are no hiccup. */
const PATIENCE = 5;

export function createPauses(
  db: Queryable,
  { firstRestMs, lastRestMs }: Pick<Schedule, 'firstRestMs' | 'lastRestMs'>,
): Pauses {
  const until = new Map<string, number>();
  const failures = new Map<string, number>();

  function heed(id: string, time: number): void {
    until.set(id, Math.max(until.get(id) ?? 0, time));
  }

  return {
    current() {
      const now = Date.now();
      for (const [id, time] of until) if (time <= now) until.delete(id);
      return [...until.keys()];
    },
    heed,
    async pause(id, time) {
      heed(id, time);
      await db.query(
        `insert into relay.pauses (queue_id, until) values ($1, now() + $2 * interval '1 millisecond')
         on conflict (queue_id) do update set until = greatest(pauses.until, excluded.until)`,
        [id, Math.max(time - Date.now(), 0)],
      );
    },
    failed(id) {
      const count = (failures.get(id) ?? 0) + 1;
      failures.set(id, count);
      if (count < PATIENCE) return 0;
      const time = Date.now() + Math.min(firstRestMs * 2 ** (count - PATIENCE), lastRestMs);
      heed(id, time);
      return time;
    },
    arrived(id) {
      failures.delete(id);
      until.delete(id);
    },
  };
}
