import type { Logger } from 'pino';
import { repeat } from '../repeat.ts';
import type { Db, Queryable } from '../store/db.ts';
import type { EndReason } from '../subscriptions/subscriptions.ts';
import { FAILING } from './gauges.ts';

/** Tells somebody what needs a person, until stopped. */
export interface Notices {
  /** One look. @throws Error where what was found cannot be sent for now */
  step(): Promise<void>;
  stop(): Promise<void>;
}

const EVERY_MS = 60_000;
const TIMEOUT_MS = 10_000;
/** A message is read by a person: what is beyond stands in the operator's lists. */
const MOST_LINES = 20;
/** Looks in a row that the database did not answer; one may be a restart. */
const PATIENCE = 2;

/** What a person should hear of, and what there is to do. The other reasons are people's own doing. */
const ENDED: Partial<Record<EndReason, string>> = {
  gone: 'because Zapier said that their hooks are gone (410). Turn the Zaps off and on again if they are to go on.',
  uninstalled: 'because the app was uninstalled there.',
  unproved:
    'because their connections did not show for 30 days that they may read it. Reconnect HighLevel in Zapier, and turn the Zaps off and on again.',
};

/**
 * Sends what needs a person to a webhook: `{text, notices: [sentence, …]}`, which chat programs show as it is. Until when
 * it was looked is noted in the database, so that of several relays one tells, once. What could not be sent is sent with
 * the next look.
 */
export function startNotices(db: Db, url: string, log: Logger, everyMs = EVERY_MS): Notices {
  let failures = 0;

  let unsent: string[] = [];

  async function step(): Promise<void> {
    unsent.push(...(await news()));
    if (unsent.length === 0) return;
    const rest = unsent.length - MOST_LINES;
    await send(rest > 0 ? [...unsent.slice(0, MOST_LINES), `… and ${rest} more.`] : unsent);
    unsent = [];
  }

  async function news(): Promise<string[]> {
    try {
      const found = await db.transaction((tx) => lookAndNote(tx, everyMs));
      const isBack = failures >= PATIENCE;
      failures = 0;
      return isBack ? ['The relay’s database can be used again.', ...found] : found;
    } catch (error) {
      failures += 1;
      log.warn({ err: error }, 'the database could not be asked for what needs a person');
      return failures === PATIENCE ? [`The relay’s database cannot be used: ${messageOf(error)}.`] : [];
    }
  }

  async function send(notices: string[]): Promise<void> {
    const text = `HighLevel relay:\n${notices.join('\n')}`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text, notices }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    if (!answer.ok) throw new Error(`The webhook for notices answered with status ${answer.status}.`);
  }

  const stop = repeat(step, everyMs, (error) =>
    log.warn({ err: error }, 'what needs a person could not be told'),
  );
  return { step, stop };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What was told last: until when it was looked, and how many hooks failed then. */
interface Told {
  since: Date;
  failing: number;
}

async function lookAndNote(tx: Queryable, everyMs: number): Promise<string[]> {
  await tx.query('insert into relay.notices (one) values (true) on conflict do nothing');
  const [told] = await tx.query<Told>(
    `select told_at as since, failing from relay.notices
     where told_at <= now() - $1 * interval '1 millisecond' for update skip locked`,
    [everyMs / 2],
  );
  if (!told) return [];
  const [{ failing } = { failing: 0 }] = await tx.query<{ failing: number }>(FAILING);
  const sentences = [
    ...(await gap(tx, told.since)),
    ...(await dead(tx, told.since)),
    ...(await ended(tx, told.since)),
    ...(failing > told.failing
      ? [
          `${many(failing, 'subscription')} whose hook keeps failing, ${told.failing} before. The operator’s page says which, and why.`,
        ]
      : []),
  ];
  await tx.query('update relay.notices set told_at = now(), failing = $1', [failing]);
  return sentences;
}

async function gap(tx: Queryable, since: Date): Promise<string[]> {
  const rows = await tx.query<{ at: Date }>(
    'select down_ended_at as at from relay.intake where down_ended_at > $1',
    [since],
  );
  return rows.map(
    ({ at }) =>
      `Until ${at.toISOString()} no relay took events. What HighLevel does not send again is read anew; moves in between, deletions, notes and tasks of that time are lost. See whether HighLevel has paused the URL.`,
  );
}

async function dead(tx: Queryable, since: Date): Promise<string[]> {
  const rows = await tx.query<{ locationId: string; why: string; count: number }>(
    `select location_id as "locationId", why, count(*)::int as count from relay.dead_letters
     where died_at > $1 group by location_id, why order by count(*) desc, location_id`,
    [since],
  );
  return rows.map(
    ({ locationId, why, count }) =>
      `${many(count, 'delivery', 'deliveries')} of location ${locationId} were given up (${why}). Once the reason is gone: node relay/operator.ts replay --location ${locationId}`,
  );
}

async function ended(tx: Queryable, since: Date): Promise<string[]> {
  const rows = await tx.query<{ locationId: string; reason: EndReason; count: number }>(
    `select location_id as "locationId", ended_reason as reason, count(*)::int as count from relay.subscriptions
     where ended_at > $1 and ended_reason = any($2)
     group by location_id, ended_reason order by count(*) desc, location_id`,
    [since, Object.keys(ENDED)],
  );
  return rows.map(
    ({ locationId, reason, count }) =>
      `${many(count, 'subscription')} of location ${locationId} ended, ${ENDED[reason]}`,
  );
}

function many(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}
