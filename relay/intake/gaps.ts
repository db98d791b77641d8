/** Notices when events may have been lost: while no relay took any, or while none came at all. */

import type { Logger } from 'pino';
import { repeat } from '../repeat.ts';
import type { Db, Queryable } from '../store/db.ts';

/** Why events may be missing: no relay took any, or none came. */
export const GAP_REASONS = ['down', 'silent'] as const;

export type GapReason = (typeof GAP_REASONS)[number];

export interface GapWatch {
  /** Resolves once it is noted that events are taken, and with that a gap which ended just now. */
  takesAgain(): Promise<void>;
  /** An event came. */
  heard(): void;
  stop(): Promise<void>;
}

/** How often it is noted that events are taken, in ms. */
const EVERY_MS = 500;
/** So long nobody noted it while a relay runs: it was stuck, or its database was. */
const STUCK_MS = 5_000;
/** At its start less is enough: what HighLevel sent meanwhile met a shut port. */
const AWAY_MS = 1_500;
/** HighLevel pauses a URL that fails too often, and tells nobody who only listens. [docs] */
const SILENT_MS = 60 * 60_000;
/** The locations are told of a gap so many at a time. */
const BATCH = 500;

/**
 * Notes in the database, for all relays on it together, that events are taken. What comes after a gap finds it noted:
 * an event is stored only once that is done.
 *
 * @param isTaking whether this process takes events at this moment
 * @param onGap is called for each gap that this process found
 */
export function watchGaps(
  { db, log }: { db: Db; log: Logger },
  isTaking: () => boolean,
  onGap: (reason: GapReason) => void,
): GapWatch {
  let notedAt = Number.NEGATIVE_INFINITY;
  let hasHeard = false;

  async function note(afterMs: number): Promise<void> {
    const heard = hasHeard;
    hasHeard = false;
    const began = performance.now();
    // In one transaction: a gap that is noted is looked for no more, and its locations would wait for their daily turn.
    const reason = await db.transaction(async (tx) => {
      const [found] = await tx.query<{ reason: GapReason | null }>(NOTE, [afterMs, SILENT_MS, heard]);
      if (found?.reason) await catchAllUp(tx);
      return found?.reason ?? null;
    });
    notedAt = began;
    if (!reason) return;
    log.warn({ reason }, 'events may have been lost; the locations are caught up');
    onGap(reason);
  }

  const noteIfTaking = async () => {
    if (isTaking()) await note(STUCK_MS);
  };
  const stop = repeat(noteIfTaking, EVERY_MS, (error) =>
    log.warn({ err: error }, 'it could not be noted that events are taken'),
  );
  return {
    async takesAgain() {
      if (notedAt === Number.NEGATIVE_INFINITY) await note(AWAY_MS);
      else if (performance.now() - notedAt > STUCK_MS) await note(STUCK_MS);
    },
    heard() {
      hasHeard = true;
    },
    stop,
  };
}

const NOTE = `
  with last as (
    select *, case when taken_at < now() - $1 * interval '1 millisecond' then 'down'
      when heard_at < now() - $2 * interval '1 millisecond' then 'silent' end as reason
    from relay.intake for update
  )
  update relay.intake set taken_at = now(),
    heard_at = case when $3 or last.reason is not null then now() else last.heard_at end,
    gap_ended_at = case when last.reason is null then last.gap_ended_at else now() end,
    down_ended_at = case when last.reason = 'down' then now() else last.down_ended_at end
  from last returning last.reason`;

async function catchAllUp(tx: Queryable): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const rows: { id: string }[] = await tx.query<{ id: string }>(
      `with part as (
         select location_id from relay.locations where location_id > $1 order by location_id limit $2 for update
       ), due as (
         update relay.locations one set catch_up_at = now() from part
         where one.location_id = part.location_id and one.catch_up_at > now()
       )
       select location_id as id from part order by location_id`,
      [after, BATCH],
    );
    after = rows.length === BATCH ? rows.at(-1)?.id : undefined;
  }
}
