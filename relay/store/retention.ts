import type { Logger } from 'pino';
import type { Queryable } from './db.ts';
import { CONTENT_ID_PREFIX } from './inbox.ts';

const EVERY_MS = 10 * 60_000;

/** Longer than HighLevel goes on sending an event by itself, whichever of its two policies holds. [conflict] */
const KEEP_EVENTS = '7 days';
/** HighLevel's retries stretch over 70 minutes by the longer policy; after that, the same bytes are another event. */
const KEEP_EVENTS_BY_CONTENT = '2 hours';
/** Nobody cared for it in two weeks. */
const KEEP_DEAD_LETTERS = '14 days';
const KEEP_ENDED_SUBSCRIPTIONS = '30 days';
/** As long as HighLevel keeps an event that can be sent again by hand: until then a late one must not revive it. [docs] */
const KEEP_DELETED_OPPORTUNITIES = '30 days';

/** Deletes what is of no more use. Several relays may do so at once. */
export async function deleteExpired(q: Queryable): Promise<void> {
  await q.query(
    `delete from relay.inbox where processed_at < now() - $1::interval
     or (processed_at < now() - $2::interval and starts_with(webhook_id, $3))`,
    [KEEP_EVENTS, KEEP_EVENTS_BY_CONTENT, CONTENT_ID_PREFIX],
  );
  await q.query('delete from relay.subscriptions where ended_at < now() - $1::interval', [
    KEEP_ENDED_SUBSCRIPTIONS,
  ]);
  await q.query(
    `delete from relay.opportunities where state->>'deletedAt' is not null and updated_at < now() - $1::interval`,
    [KEEP_DELETED_OPPORTUNITIES],
  );
  // What waits for a Zap that subscribed anew is kept: it goes to the new hook.
  await q.query(
    `delete from relay.deliveries where not exists (select from relay.subscriptions
       where id = deliveries.subscription_id and (ended_at is null or ended_reason = 'replaced'))`,
  );
  await q.query('delete from relay.pauses where until < now()');
  await q.query('delete from relay.dead_letters where died_at < now() - $1::interval', [KEEP_DEAD_LETTERS]);
}

/** Does so every ten minutes until stopped. */
export function startRetention(q: Queryable, log: Logger): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running
      .then(() => deleteExpired(q))
      .catch((error) => log.warn({ err: error }, 'what has expired could not be deleted'));
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
