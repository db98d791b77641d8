import type { Db } from './db.ts';

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
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    ended_reason text
  );
  create unique index subscriptions_one_per_zap on relay.subscriptions (location_id, zap) where ended_at is null;
  create index subscriptions_by_event on relay.subscriptions (location_id, event) where ended_at is null;
  create index subscriptions_by_company on relay.subscriptions (company_id) where ended_at is null;

  -- The events that can concern a Zap, from before they are acknowledged. A row stays a while, to know a repeat.
  create table relay.inbox (
    seq bigint generated always as identity,
    webhook_id text primary key,
    -- As highlevel/events.ts reads it: ids, numbers and times; no names, no notes.
    event jsonb not null,
    location_id text,
    -- The opportunity or the note that it is about.
    record_id text,
    received_at timestamptz not null default now(),
    processed_at timestamptz
  );
  create index inbox_waiting on relay.inbox (seq) where processed_at is null;
  create index inbox_done on relay.inbox (processed_at) where processed_at is not null;

  -- The last seen stage, status, value and owner of each opportunity: ids and numbers, no names.
  create table relay.opportunities (
    location_id text not null,
    opportunity_id text not null,
    state jsonb not null,
    updated_at timestamptz not null default now(),
    primary key (location_id, opportunity_id)
  );
  `,
  `
  -- Targets that asked to be left alone for a while. Kept here so that every relay heeds it, and after a restart too.
  create table relay.pauses (
    subscription_id text primary key references relay.subscriptions (id) on delete cascade,
    until timestamptz not null
  );

  -- Deliveries that were given up, to be listed and sent again by hand.
  create table relay.dead_letters (
    id uuid primary key,
    subscription_id text not null,
    location_id text not null,
    body jsonb not null,
    tries int not null,
    -- Of the last try; the status is null where there was no answer.
    status int,
    why text not null,
    died_at timestamptz not null default now()
  );
  create index dead_letters_by_age on relay.dead_letters (died_at);
  `,
  `
  -- The deliveries that are still to be made; one that arrived is deleted.
  create table relay.deliveries (
    -- Begins with the order of the events.
    id uuid primary key,
    subscription_id text not null,
    -- Subscription and opportunity: of one lane, the first alone may be taken.
    lane text not null,
    body jsonb not null,
    tries int not null default 0,
    received_at timestamptz,
    created_at timestamptz not null default now(),
    -- When it may be taken; while it is taken, when it is given up as lost.
    due_at timestamptz not null default now(),
    attempt int not null default 0
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
  create index deliveries_due on relay.deliveries (subscription_id, due_at, id);
  create index deliveries_lanes on relay.deliveries (lane, id);
  `,
];

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
