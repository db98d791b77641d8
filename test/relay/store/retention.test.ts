import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLog } from '../../../relay/log.ts';
import { type EmbeddedPostgres, startEmbedded } from '../../../relay/postgres/embedded.ts';
import { openPool, type Pool } from '../../../relay/store/db.ts';
import { type Retention, startRetention } from '../../../relay/store/retention.ts';
import { migrate } from '../../../relay/store/schema.ts';
import { temporaryFolder } from '../support/relay.ts';

const folder = temporaryFolder();
let postgres: EmbeddedPostgres;
let pool: Pool;
let retention: Retention;

beforeAll(async () => {
  postgres = await startEmbedded(folder.path, createLog('silent'));
  pool = openPool(postgres.url, () => undefined);
  await migrate(pool.db);
  retention = startRetention(pool.db, createLog('silent'), 3_600_000);
});

afterAll(async () => {
  await retention.stop();
  await pool.close();
  await postgres.stop();
  folder.remove();
});

const all = async (column: string, table: string) => {
  const rows = await pool.db.query<{ it: string }>(`select ${column} as it from relay.${table} order by 1`);
  return rows.map(({ it }) => it);
};

test('forgets a location whose last subscription has ended', async () => {
  const { db } = pool;
  await db.query(
    `insert into relay.locations (location_id, catch_up_at) values
       ('watched', now()), ('left today', now()), ('left', null), ('came back', null)`,
  );
  await db.query(
    `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id, ended_at) values
       ('of left', 'left', 'note_created', '{}', '', 'a', gen_random_uuid(), now()),
       ('of came back', 'came back', 'note_created', '{}', '', 'a', gen_random_uuid(), null)`,
  );
  await retention.step();
  expect(await all('location_id', 'locations')).toEqual(['came back', 'left today', 'watched']);
  await db.query('delete from relay.locations');
  await db.query('delete from relay.subscriptions');
});

test('deletes events, subscriptions, dead letters and opportunities after their time, and nothing else', async () => {
  const { db } = pool;
  await db.query(
    `insert into relay.seen_events (id, expires_at) values
       ('00000000-0000-0000-0000-000000000001', now() - interval '1 minute'),
       ('00000000-0000-0000-0000-000000000002', now() + interval '1 minute')`,
  );
  await db.query(
    `insert into relay.events (partition_id, webhook_id, event, received_at) values (1, 'waits', '{}', now() - interval '1 year')`,
  );
  await db.query(
    `insert into relay.subscriptions
       (id, location_id, event, filters, target_url, zap, queue_id, created_at, ended_at, ended_reason) values
       ('runs', 'l', 'note_created', '{}', '', 'a', gen_random_uuid(), now() - interval '1 year', null, null),
       ('long ended', 'l', 'note_created', '{}', '', 'b', gen_random_uuid(), now(), now() - interval '31 days', 'gone'),
       ('ended', 'l', 'note_created', '{}', '', 'c', gen_random_uuid(), now(), now() - interval '29 days', 'gone'),
       ('replaced', 'l', 'note_created', '{}', '', 'd', gen_random_uuid(), now(), now() - interval '2 hours', 'replaced'),
       ('just replaced', 'l', 'note_created', '{}', '', 'e', gen_random_uuid(), now(), now(), 'replaced')`,
  );
  await db.query(
    `insert into relay.dead_letters (id, queue_id, location_id, body, tries, why, died_at) values
       (gen_random_uuid(), gen_random_uuid(), 'young', '{}', 9, '', now() - interval '13 days'),
       (gen_random_uuid(), gen_random_uuid(), 'old', '{}', 9, '', now() - interval '15 days')`,
  );
  await db.query(
    `insert into relay.opportunities (location_id, opportunity_id, state, updated_at) values
       ('l', 'lives', '{"deletedAt": null}', now() - interval '179 days'),
       ('l', 'unheard of', '{"deletedAt": null}', now() - interval '181 days'),
       ('l', 'gone', '{"deletedAt": 5}', now() - interval '31 days'),
       ('l', 'just gone', '{"deletedAt": 5}', now() - interval '29 days'),
       ('uninstalled', 'old', '{"deletedAt": null}', now() - interval '25 hours'),
       ('uninstalled', 'young', '{"deletedAt": null}', now() - interval '23 hours')`,
  );
  expect(await retention.step()).toEqual({ deleted: 7, isMore: false });
  expect(await all('id', 'seen_events')).toEqual(['00000000-0000-0000-0000-000000000002']);
  expect(await all('webhook_id', 'events')).toEqual(['waits']);
  expect(await all('id', 'subscriptions')).toEqual(['ended', 'just replaced', 'runs']);
  expect(await all('location_id', 'dead_letters')).toEqual(['young']);
  expect(await all('opportunity_id', 'opportunities')).toEqual(['just gone', 'lives', 'young']);
});

test('a step is bounded, and the next goes on where it stopped', async () => {
  const { db } = pool;
  await db.query(
    `insert into relay.seen_events (id, expires_at)
     select gen_random_uuid(), now() - interval '1 day' from generate_series(1, 6000)`,
  );
  await db.query(
    `insert into relay.opportunities (location_id, opportunity_id, state, updated_at)
     select 'many', 'o' || n, '{}', now() - interval '1 year' from generate_series(1, 1500) as n`,
  );
  // Two of the thousand that were looked at live.
  expect(await retention.step()).toEqual({ deleted: 5_998, isMore: true });
  expect(await all('count(*)::int', 'seen_events')).toEqual([1_001]);
  await retention.step();
  await retention.step();
  expect(await all('count(*)::int', 'seen_events')).toEqual([1]);
  expect(await all('opportunity_id', 'opportunities')).toEqual(['just gone', 'lives', 'young']);
});

test('more than one step deletes is not left until the next look', async () => {
  const { db } = pool;
  await db.query(
    `insert into relay.seen_events (id, expires_at)
     select gen_random_uuid(), now() - interval '1 day' from generate_series(1, 11000)`,
  );
  await retention.catchUp();
  expect(await all('count(*)::int', 'seen_events')).toEqual([1]);
});
