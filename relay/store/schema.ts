import type { Db } from './db.ts';
import { PARTITIONS } from './inbox.ts';

/** Taken while the schema is being changed, so that relays which start at once take turns. */
const LOCK = 7_203_415_881;

/**
 * What the database went through, oldest first. A step that was released is never changed: a new one follows.
 * Everything lies in a schema of its own, so that the database may hold other things as well.
 */
const STEPS: readonly string[] = [
  `
  -- What one Zap subscribed to: one kind of event of one location. Ended ones are kept for a while, to say why.
  create table relay.subscriptions (
    id text primary key,
    location_id text not null,
    -- An agency that uninstalls the app ends the subscriptions of all its locations.
    company_id text,
    event text not null,
    filters jsonb not null,
    target_url text not null,
    -- What is the same when the same Zap subscribes again.
    zap text not null,
    -- Names the Zap's deliveries; passed on to the subscription that replaces this one.
    queue_id uuid not null,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    ended_reason text
  );
  create unique index subscriptions_one_per_zap on relay.subscriptions (location_id, zap) where ended_at is null;
  create index subscriptions_by_event on relay.subscriptions (location_id, event) where ended_at is null;
  create index subscriptions_by_company on relay.subscriptions (company_id) where ended_at is null;
  create index subscriptions_by_queue on relay.subscriptions (queue_id, created_at);
  create index subscriptions_ended on relay.subscriptions (ended_at) where ended_at is not null;

  -- The locations that have, or lately had, subscriptions: the others' events are not kept.
  create table relay.locations (
    location_id text primary key,
    -- All events since then were taken in; what was remembered before may be out of date.
    known_since timestamptz not null default now()
  );

  -- Which events were taken in, to know a repeat: digests of their ids.
  create table relay.seen_events (
    id uuid primary key,
    expires_at timestamptz not null
  );
  create index seen_events_by_age on relay.seen_events (expires_at);

  -- Events that were acknowledged and are not processed yet. A processed one is deleted.
  create table relay.events (
    seq bigint generated always as identity,
    -- Of its location: all events of one are processed by one relay, in this order.
    partition_id smallint not null,
    webhook_id text not null,
    -- As wire/webhooks.ts reads it: ids, numbers and times; no names but that of a deleted opportunity, no notes.
    event jsonb not null,
    received_at timestamptz not null default now(),
    primary key (partition_id, seq)
  ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);
  create index events_by_seq on relay.events (seq);

  -- The relays that process, each for as long as it says again that it is there.
  create table relay.workers (
    id uuid primary key,
    expires_at timestamptz not null
  );
  create table relay.partitions (
    id smallint primary key,
    worker_id uuid
  );
  insert into relay.partitions (id) select generate_series(0, ${PARTITIONS - 1});

  -- The last seen stage, status, value and owner of each opportunity: ids and numbers, no names.
  create table relay.opportunities (
    location_id text not null,
    opportunity_id text not null,
    state jsonb not null,
    updated_at timestamptz not null default now(),
    primary key (location_id, opportunity_id)
  ) with (fillfactor = 85);

  -- Of each lane the delivery that is next; one that arrived is deleted. A lane is one opportunity on its way to one
  -- Zap: its deliveries go one after another.
  create table relay.deliveries (
    lane text primary key,
    -- Begins with the order of the events.
    id uuid not null,
    queue_id uuid not null,
    body jsonb not null,
    tries int not null default 0,
    received_at timestamptz,
    created_at timestamptz not null default now(),
    -- When it may be taken; while it is taken, when it is given up as lost.
    due_at timestamptz not null default now(),
    attempt int not null default 0,
    -- How many wait behind it.
    behind int not null default 0,
    -- What came of the last try.
    why text
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
  create index deliveries_due on relay.deliveries (due_at, id);
  create index deliveries_by_queue on relay.deliveries (queue_id, due_at);

  -- Those that wait behind the first of their lane.
  create table relay.deliveries_behind (
    lane text not null,
    id uuid not null,
    queue_id uuid not null,
    body jsonb not null,
    received_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (lane, id)
  );
  create index deliveries_behind_by_queue on relay.deliveries_behind (queue_id);

  -- Targets that asked to be left alone for a while. Kept here so that every relay heeds it, and after a restart too.
  create table relay.pauses (
    queue_id uuid primary key,
    until timestamptz not null
  );

  -- Deliveries that were given up, to be listed and sent again by hand.
  create table relay.dead_letters (
    id uuid primary key,
    queue_id uuid not null,
    location_id text not null,
    body jsonb not null,
    tries int not null,
    -- Of the last try; the status is null where there was no answer.
    status int,
    why text not null,
    died_at timestamptz not null default now()
  );
  create index dead_letters_by_age on relay.dead_letters (died_at);
  create index dead_letters_by_queue on relay.dead_letters (queue_id);
  `,
  `
  -- What was told to a person last: one row.
  create table relay.notices (
    one boolean primary key default true check (one),
    told_at timestamptz not null default now() - interval '1 minute',
    failing int not null default 0
  );
  `,
  `
  -- What the app is to read for the relay and report, with a person's token.
  create table relay.readings (
    id uuid primary key,
    location_id text not null,
    -- Of the Zap that is about to begin; null where the location is caught up.
    queue_id uuid,
    criteria jsonb not null,
    -- Changes since then alone; null for what there is.
    since timestamptz,
    -- Where it stopped.
    before_at timestamptz,
    began_at timestamptz not null default now(),
    -- When to ask for it, or for what is left of it, and how many were asked in vain.
    due_at timestamptz not null,
    asked int not null default 0,
    subscription_id text
  );
  create index readings_due on relay.readings (due_at);
  create unique index readings_by_queue on relay.readings (queue_id) where queue_id is not null;
  create unique index readings_to_catch_up on relay.readings (location_id) where queue_id is null;
  `,
  `
  -- What the app said that it is about to write: a change that is exactly that is its own.
  create table relay.writes (
    location_id text not null,
    -- The opportunity, or the contact of one that is created.
    record text not null,
    field text not null,
    value text not null,
    expires_at timestamptz not null,
    primary key (location_id, record, field, value)
  );
  create index writes_by_age on relay.writes (expires_at);
  `,
  `
  -- When events were last taken by some relay, when the last one came, and when events may last have been lost: one row.
  create table relay.intake (
    one boolean primary key default true check (one),
    taken_at timestamptz,
    heard_at timestamptz not null default now(),
    gap_ended_at timestamptz
  );
  insert into relay.intake default values;

  alter table relay.locations
    -- Until when all changes are known, by events or by a reading.
    add column caught_up_at timestamptz not null default now(),
    -- When to read what changed since; null where nobody is subscribed.
    add column catch_up_at timestamptz;
  update relay.locations set catch_up_at = now() + random() * interval '1 day';
  create index locations_to_catch_up on relay.locations (catch_up_at);
  `,
  `
  alter table relay.subscriptions
    -- When its connection last showed that it may read the location, and how often it was asked to since.
    add column proved_at timestamptz not null default now(),
    add column proof_asks int not null default 0,
    add column proof_asked_at timestamptz;
  create index subscriptions_by_proof on relay.subscriptions (proved_at) where ended_at is null;
  -- As gap_ended_at, of the gaps alone in which no relay took any.
  alter table relay.intake add column down_ended_at timestamptz;
  `,
  `
  -- What each Zap last knew of the fields that it watches: digests by a key that the relay does not have.
  create table relay.digests (
    queue_id uuid not null,
    opportunity_id text not null,
    digests jsonb not null,
    -- When the opportunity last changed, by HighLevel's clock.
    at timestamptz not null,
    -- Of each field the app's own write that was seen already.
    own jsonb not null default '{}',
    updated_at timestamptz not null default now(),
    primary key (queue_id, opportunity_id)
  ) with (fillfactor = 85);

  -- Which fields of a delivery had changed: the same answer, however often it is asked.
  create table relay.answers (
    queue_id uuid not null,
    delivery_id uuid not null,
    changed jsonb not null,
    expires_at timestamptz not null,
    primary key (queue_id, delivery_id)
  );
  create index answers_by_age on relay.answers (expires_at);

  alter table relay.readings add column watch jsonb not null default '[]';
  `,
];

/** Of how many steps the tables of this version are. */
export const SCHEMA_STEPS = STEPS.length;

/**
 * Brings the database to what this version of the relay expects. Safe to run at every start, and by several relays
 * at once.
 *
 * @throws Error where a newer relay has changed the database already
 */
export async function migrate(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await tx.query('create schema if not exists relay');
    await tx.query(
      'create table if not exists relay.migrations (step int primary key, at timestamptz not null default now())',
    );
    const [done] = await tx.query<{ steps: number }>('select count(*)::int as steps from relay.migrations');
    const from = done?.steps ?? 0;
    if (from > STEPS.length) {
      throw new Error(
        `This database was changed by a newer relay (step ${from}, this one knows ${STEPS.length}). Run that version.`,
      );
    }
    for (const [index, sql] of STEPS.entries()) {
      if (index < from) continue;
      await tx.query(sql);
      await tx.query('insert into relay.migrations (step) values ($1)', [index]);
    }
  });
}
