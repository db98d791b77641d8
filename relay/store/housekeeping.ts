import type { Logger } from 'pino';
import { forgetDead } from '../delivery/dead.ts';
import { BY_CONTENT } from '../ingest.ts';
import type { Queryable } from './db.ts';

const EVERY_MS = 10 * 60_000;

/** Longer than HighLevel goes on sending an event by itself, under either telling of its policy. [conflict] */
const KEEP_EVENTS = '7 days';
/** HighLevel's retries stretch over 70 minutes by the longer telling; after that, the same bytes are said anew. */
const KEEP_EVENTS_BY_CONTENT = '2 hours';
const KEEP_ENDED_SUBSCRIPTIONS = '30 days';
/** As long as HighLevel keeps an event that can be sent again by hand: until then a late one must not revive it. [docs] */
const KEEP_DELETED_DEALS = '30 days';

/** Forgets what is of no more use. Several relays may do so at once. */
export async function tidy(q: Queryable): Promise<void> {
  await q.query(
    `delete from relay.inbox where processed_at < now() - $1::interval
     or (processed_at < now() - $2::interval and starts_with(webhook_id, $3))`,
    [KEEP_EVENTS, KEEP_EVENTS_BY_CONTENT, BY_CONTENT],
  );
  await q.query('delete from relay.subscriptions where ended_at < now() - $1::interval', [
    KEEP_ENDED_SUBSCRIPTIONS,
  ]);
  await q.query(
    `delete from relay.deals where state->>'deletedAt' is not null and updated_at < now() - $1::interval`,
    [KEEP_DELETED_DEALS],
  );
  // What waits for a Zap that subscribed anew is kept: it goes to the new hook.
  await q.query(
    `delete from relay.deliveries where not exists (select from relay.subscriptions
       where id = deliveries.subscription_id and (ended_at is null or ended_reason = 'replaced'))`,
  );
  await q.query('delete from relay.pauses where until < now()');
  await forgetDead(q);
}

/** Tidies every ten minutes until stopped. */
export function keepTidy(q: Queryable, log: Logger): { stop(): Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => tidy(q)).catch((error) => log.warn({ err: error }, 'could not tidy up'));
  }, EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
