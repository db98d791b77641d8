/** What the app is to read for the relay: which readings there are, and how far each has come. */

import { randomUUID } from 'node:crypto';
import type { Reading, ReadingCriteria, Report } from '../../wire/readings.ts';
import type { Queryable } from '../store/db.ts';

interface Row {
  id: string;
  criteria: ReadingCriteria;
  watch: string[];
  since: Date | null;
  before: Date | null;
}

const COLUMNS = 'id, criteria, watch, since, before_at as "before"';

/** How long after the last report of a reading somebody else is asked for the rest, in ms. */
export const PATIENCE_MS = 5 * 60_000;

/** A reading as the app is told of it. */
export function shown({ id, criteria, watch, since, before }: Row): Reading {
  return { id, criteria, watch, since: since?.toISOString() ?? null, before: before?.toISOString() ?? null };
}

/**
 * Announces what the app reads for a Zap that subscribes: it begins by itself, and is asked only if it stops. A reading
 * of the same Zap that was not finished ends.
 */
export async function beginReading(
  q: Queryable,
  {
    locationId,
    queueId,
    criteria,
    watch,
  }: {
    locationId: string;
    queueId: string;
    criteria: ReadingCriteria;
    watch: readonly string[];
  },
): Promise<Reading> {
  const [row] = await q.query<Row>(
    `insert into relay.readings (id, location_id, queue_id, criteria, watch, due_at)
     values ($1, $2, $3, $4, $5, now() + $6 * interval '1 millisecond')
     on conflict (queue_id) where queue_id is not null do update set id = excluded.id, criteria = excluded.criteria, watch = excluded.watch,
       before_at = null, began_at = now(), due_at = excluded.due_at, asked = 0, subscription_id = null
     returning ${COLUMNS}`,
    [randomUUID(), locationId, queueId, JSON.stringify(criteria), JSON.stringify(watch), PATIENCE_MS],
  );
  return shown(row as Row);
}

/** What a report is about. */
interface Found {
  since: Date | null;
  beganAt: Date;
  /** Of the Zap that it is for; null where it brings the location up to date. */
  queueId: string | null;
}

/** A reading that is not finished; null where there is none such in this location. The row is locked. */
export async function findReading(tx: Queryable, id: string, locationId: string): Promise<Found | null> {
  const [row] = await tx.query<Found>(
    'select since, began_at as "beganAt", queue_id as "queueId" from relay.readings where id = $1 and location_id = $2 for update',
    [id, locationId],
  );
  return row ?? null;
}

/** Notes how far a reading has come; the rest of one that paused is asked for at once. */
export async function noteProgress(tx: Queryable, { reading, before, state }: Report): Promise<void> {
  if (state === 'finished') {
    await tx.query('delete from relay.readings where id = $1', [reading]);
    return;
  }
  await tx.query(
    `update relay.readings set before_at = coalesce($2, before_at), asked = 0,
       due_at = now() + $3 * interval '1 millisecond'
     where id = $1`,
    [reading, before, state === 'paused' ? 0 : PATIENCE_MS],
  );
}
