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
  const failures = new Map<string, { count: number; subscriptionId: string }>();
  let forgotAt = Number.NEGATIVE_INFINITY;

  function heed({ queueId, subscriptionId }: Paused, time: number): void {
    const rest = rests.get(queueId);
    const until = rest?.subscriptionId === subscriptionId ? Math.max(rest.until, time) : time;
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
      const { queueId, subscriptionId } = whose;
      const last = failures.get(queueId);
      const count = last?.subscriptionId === subscriptionId ? last.count + 1 : 1;
      failures.set(queueId, { count, subscriptionId });
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
      const isKnown = rests.size + failures.size > 0;
      if (!isKnown || performance.now() - forgotAt < FORGET_EVERY_MS) return;
      forgotAt = performance.now();
      const all: Map<string, { subscriptionId: string }>[] = [rests, failures];
      const known = all.flatMap((map) => [...map].map(([id, what]) => ({ map, id, what })));
      const targets = await currentTargets(db, [...new Set(known.map(({ id }) => id))]);
      for (const { map, id, what } of known) {
        const isReplaced = targets.get(id)?.subscriptionId !== what.subscriptionId;
        // What came while the database was asked is of the hook that the Zap has now.
        if (isReplaced && map.get(id) === what) map.delete(id);
      }
    },
  };
}
