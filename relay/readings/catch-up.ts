/** What brings a location up to date after events may have been lost: when it is due, and when it is done. */

import type { Queryable } from '../store/db.ts';

/** In the inbox, behind all that the reading told. */
export interface CaughtUpEvent {
  kind: 'caught_up';
  locationId: string;
  /** When the reading began, in ms since the epoch. */
  at: number;
}

/** So much before the last time is read once more: clocks differ, and the search may be behind. [measured by others] */
const OVERLAP = '10 minutes';

/**
 * Makes a reading of what changed for each location that is due, a day after the last one or after a gap. One that
 * was not finished begins anew.
 *
 * @param most locations at once
 */
export async function beginCatchUps(tx: Queryable, most: number): Promise<void> {
  await tx.query(BEGIN, [most, OVERLAP]);
}

const BEGIN = `
  with due as (
    select location_id, caught_up_at from relay.locations
    where catch_up_at <= now() order by catch_up_at limit $1 for update skip locked
  ), next as (
    update relay.locations one set catch_up_at = case when exists (
      select from relay.subscriptions live where live.location_id = one.location_id and live.ended_at is null
    ) then now() + interval '1 day' end
    from due where one.location_id = due.location_id
    returning one.location_id, due.caught_up_at, one.catch_up_at
  )
  insert into relay.readings (id, location_id, criteria, since, due_at)
  select gen_random_uuid(), location_id, '{}', caught_up_at - $2::interval, now() from next
  where catch_up_at is not null
  on conflict (location_id) where queue_id is null do update
    set id = excluded.id, began_at = now(), before_at = null, due_at = now(), asked = 0`;

/** Readings that nobody answers end; what changed is asked for again in an hour. */
export async function giveUp(tx: Queryable, readingIds: readonly string[]): Promise<void> {
  await tx.query(
    `with gone as (
       delete from relay.readings where id = any($1::uuid[]) returning location_id, queue_id
     ), held as (
       select location_id from relay.locations where location_id in (
         select location_id from gone where queue_id is null
       ) and catch_up_at is not null order by location_id for update
     )
     update relay.locations one set catch_up_at = now() + interval '1 hour' from held
     where one.location_id = held.location_id`,
    [readingIds],
  );
}

/** All that changed until a moment is known now. Locations are locked in their order, as where a gap is noted. */
export async function noteCaughtUp(tx: Queryable, events: readonly CaughtUpEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `with told as (
       select location_id, max(at) as at from unnest($1::text[], $2::float8[]) as one (location_id, at)
       group by location_id
     ), held as (
       select location_id from relay.locations where location_id in (select location_id from told)
       order by location_id for update
     )
     update relay.locations as mine set caught_up_at = greatest(mine.caught_up_at, to_timestamp(told.at / 1000))
     from held join told using (location_id) where mine.location_id = held.location_id`,
    [events.map(({ locationId }) => locationId), events.map(({ at }) => at)],
  );
}
