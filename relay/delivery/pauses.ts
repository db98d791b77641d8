import type { Queryable } from '../store/db.ts';
import { currentTargets } from './current-targets.ts';
import type { Schedule } from './schedule.ts';

/** Whose hook is left alone: the Zap's queue, and the subscription that names the hook. */
interface Paused {
  queueId: string;
  subscriptionId: string;
}

/** Which Zaps' hooks are to be left alone at the moment. */
export interface Pauses {
  /** The queues that this process leaves alone. */
  current(): string[];
  /**
   * A hook asked for it: every relay heeds it, and after a restart too.
   *
   * @returns false where the Zap has another hook by now, which asked for nothing
   */
  pause(whose: Paused, until: number): Promise<boolean>;
  /** Another relay's hook asked for it, as the database says. */
  heed(whose: Paused, until: number): void;
  /**
   * A try that came to nothing. After some in a row this relay leaves the hook alone for a little.
   *
   * @returns until when, in ms since the epoch; 0 where it does not
   */
  failed(whose: Paused): number;
  /** A try that arrived. */
  arrived(queueId: string): void;
  /** Forgets, once a second at most, what was about hooks of Zaps that have subscribed anew, or ended. */
  forgetReplaced(): Promise<void>;
}

/** So many failures in a row are no hiccup. */
const PATIENCE = 5;
const FORGET_EVERY_MS = 1_000;

export function createPauses(
  db: Queryable,
  { firstRestMs, lastRestMs }: Pick<Schedule, 'firstRestMs' | 'lastRestMs'>,
): Pauses {
  const rests = new Map<string, { until: number; subscriptionId: string }>();
  const failures = new Map<string, number>();
  let forgotAt = Number.NEGATIVE_INFINITY;

  function heed({ queueId, subscriptionId }: Paused, time: number): void {
    const until = Math.max(rests.get(queueId)?.until ?? 0, time);
    rests.set(queueId, { until, subscriptionId });
  }

  return {
    current() {
      const now = Date.now();
      for (const [id, { until }] of rests) if (until <= now) rests.delete(id);
      return [...rests.keys()];
    },
    heed,
    async pause(whose, time) {
      // The subscription is held meanwhile, so that one that replaces it comes before or after.
      const paused = await db.query(
        `with live as (
           select queue_id from relay.subscriptions where id = $2 and queue_id = $1 and ended_at is null for share
         )
         insert into relay.pauses (queue_id, until)
         select queue_id, now() + $3 * interval '1 millisecond' from live
         on conflict (queue_id) do update set until = greatest(pauses.until, excluded.until) returning 1`,
        [whose.queueId, whose.subscriptionId, Math.max(time - Date.now(), 0)],
      );
      if (paused.length > 0) heed(whose, time);
      return paused.length > 0;
    },
    failed(whose) {
      const count = (failures.get(whose.queueId) ?? 0) + 1;
      failures.set(whose.queueId, count);
      if (count < PATIENCE) return 0;
      const time = Date.now() + Math.min(firstRestMs * 2 ** (count - PATIENCE), lastRestMs);
      heed(whose, time);
      return time;
    },
    arrived(id) {
      failures.delete(id);
      rests.delete(id);
    },
    async forgetReplaced() {
      if (rests.size === 0 || performance.now() - forgotAt < FORGET_EVERY_MS) return;
      forgotAt = performance.now();
      const targets = await currentTargets(db, [...rests.keys()]);
      for (const [id, { subscriptionId }] of rests) {
        if (targets.get(id)?.subscriptionId === subscriptionId) continue;
        rests.delete(id);
        failures.delete(id);
      }
    },
  };
}
