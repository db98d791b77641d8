import { numberAbove0, readFlags, refuse } from '../../local/command.ts';
import { openPool, type Queryable } from '../../relay/store/db.ts';
import { migrate } from '../../relay/store/schema.ts';

/** How much a filled database holds. */
export interface Size {
  /** Events seen within the last week. */
  seen: number;
  opportunities: number;
  locations: number;
  subscriptions: number;
  /** Zaps for which one delivery each waits for its next try. */
  waitingZaps: number;
  /** Deliveries of one opportunity to one Zap. */
  longestLane: number;
}

/** What the relay's figures are given for: a week of 8 events a second, and a thousand agencies' locations. */
export const FULL: Size = {
  seen: 5_000_000,
  opportunities: 1_000_000,
  locations: 2_000,
  subscriptions: 100_000,
  waitingZaps: 100_000,
  longestLane: 30_000,
};

const HOOK = 'https://hooks.zapier.com/hooks/filled';

/** Rows written by one statement: it has to end within the relay's own limit for one. */
const AT_ONCE = 250_000;

/**
 * Fills the relay's tables with made-up rows.
 *
 * @param hook where all the subscriptions' hooks go
 * @param onTable is called before each table is filled, with its name
 */
export async function fillStore(
  q: Queryable,
  size: Size,
  hook: string,
  onTable: (table: string) => void = () => undefined,
): Promise<void> {
  onTable('subscriptions');
  await inParts(size.subscriptions, (from, to) =>
    q.query(
      `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
       select 'filled' || n, 'filled' || n % $3::int,
         (array['stage_changed', 'status_changed', 'value_changed', 'owner_changed', 'opportunity_created'])[1 + n % 5],
         '{}', $4, 'filled' || n, md5('filled' || n)::uuid
       from generate_series($1::int, $2::int) as n`,
      [from, to, size.locations, hook],
    ),
  );
  onTable('locations');
  await q.query(
    `insert into relay.locations (location_id, known_since, catch_up_at)
     select 'filled' || n, now() - interval '1 year', now() + interval '1 day' * random() from generate_series(0, $1::int - 1) as n`,
    [size.locations],
  );
  onTable('seen_events');
  await inParts(size.seen, (from, to) =>
    q.query(
      `insert into relay.seen_events (id, expires_at)
       select gen_random_uuid(), now() + interval '7 days' * (n::float8 / $3::int)
       from generate_series($1::int, $2::int) as n`,
      [from, to, size.seen],
    ),
  );
  onTable('opportunities');
  await inParts(size.opportunities, (from, to) =>
    q.query(
      `insert into relay.opportunities (location_id, opportunity_id, state, updated_at)
       select 'filled' || n % $3::int, 'opportunity' || n, jsonb_build_object(
         'stage', jsonb_build_array(jsonb_build_object('at', 1.79e12 + n, 'mark', 'reported',
           'value', jsonb_build_object('pipelineId', md5(n::text), 'stageId', md5(n::text)))),
         'status', jsonb_build_array(jsonb_build_object('at', 1.79e12 + n, 'mark', 'reported', 'value', 'open')),
         'value', jsonb_build_array(jsonb_build_object('at', 1.79e12 + n, 'mark', 'reported', 'value', n)),
         'owner', jsonb_build_array(jsonb_build_object('at', 1.79e12 + n, 'mark', 'reported', 'value', md5(n::text))),
         'createdAt', 1.79e12 + n, 'deletedAt', null
       ), now() - interval '90 days' * random()
       from generate_series($1::int, $2::int) as n`,
      [from, to, size.locations],
    ),
  );
  onTable('readings');
  await q.query(
    `insert into relay.readings (id, location_id, queue_id, criteria, due_at)
     select md5('reading' || n)::uuid, 'filled' || n, md5('reading' || n)::uuid, '{}', now() + interval '1 day' * random()
     from generate_series(0, $1::int - 1) as n`,
    [size.locations],
  );
  onTable('writes');
  await q.query(
    `insert into relay.writes (location_id, record, field, value, expires_at)
     select 'filled' || n % $1::int, 'opportunity' || n, 'stage', '"B"', now() + interval '1 minute' * random()
     from generate_series(1, $1::int * 5) as n`,
    [size.locations],
  );
  onTable('digests');
  await inParts(size.opportunities, (from, to) =>
    q.query(
      `insert into relay.digests (queue_id, opportunity_id, digests, at, updated_at)
       select md5('filled' || n % $3::int)::uuid, 'opportunity' || n,
         jsonb_build_object('name', '00000000.' || left(md5(n::text), 22)), now(), now()
       from generate_series($1::int, $2::int) as n`,
      [from, to, size.subscriptions],
    ),
  );
  onTable('answers');
  await q.query(
    `insert into relay.answers (queue_id, delivery_id, changed, expires_at)
     select md5('filled' || n)::uuid, md5('answer' || n)::uuid, '[]', now() + interval '14 days' * random()
     from generate_series(1, $1::int) as n`,
    [size.subscriptions],
  );
  onTable('deliveries');
  await inParts(size.waitingZaps, (from, to) => q.query(DELIVERIES, [from, to]));
  await q.query(`update relay.deliveries set behind = $1 where lane = md5('filled1')::uuid || '/waits'`, [
    size.longestLane - 1,
  ]);
  onTable('deliveries_behind');
  await q.query(
    `insert into relay.deliveries_behind (lane, id, queue_id, body)
     select md5('filled1')::uuid || '/waits', lpad(to_hex(n), 32, '0')::uuid, md5('filled1')::uuid, ${BODY}
     from generate_series(2, $1::int) as n`,
    [size.longestLane],
  );
  for (const table of [
    'subscriptions',
    'locations',
    'seen_events',
    'opportunities',
    'readings',
    'writes',
    'digests',
    'answers',
    'deliveries',
  ]) {
    await q.query(`analyze relay.${table}`);
  }
  await q.query('analyze relay.deliveries_behind');
}

const BODY = `jsonb_build_object('id', 'filled', 'event', 'stage_changed', 'location_id', 'filled',
  'opportunity_id', 'waits', 'note_id', null,
  'change', jsonb_build_object('field', 'stage', 'from', null, 'to', 'B', 'at', '2026-11-21T12:00:00.000Z',
    'from_known', false),
  'snapshot', jsonb_build_object('pipeline_id', null, 'stage_id', 'B', 'status', null, 'value', null,
    'owner_id', null, 'contact_id', null))`;

/** Each failed some times, and waits for its next try, within the hours to come. */
const DELIVERIES = `
  insert into relay.deliveries (lane, id, queue_id, body, tries, due_at)
  select md5('filled' || n)::uuid || '/waits', lpad(to_hex(n), 32, '0')::uuid, md5('filled' || n)::uuid, ${BODY}, 4,
    now() + interval '1 hour' + interval '4 hours' * random()
  from generate_series($1::int, $2::int) as n`;

async function inParts(count: number, write: (from: number, to: number) => Promise<unknown>): Promise<void> {
  for (let from = 1; from <= count; from += AT_ONCE) await write(from, Math.min(from + AT_ONCE - 1, count));
}

const USAGE = `npm run relay:fill -- [flags]
  Fills the relay's tables in the database of DATABASE_URL with made-up rows, and says how many there are of each kind.
  --scale N   how full, as a part of a large relay's tables, such as 0.1 (default 1: ${FULL.seen.toLocaleString('en')} events)
  --hook URL  where all subscriptions' hooks go (default ${HOOK})`;

async function main(): Promise<void> {
  const { values } = readFlags(USAGE, {
    scale: { type: 'string', default: '1' },
    hook: { type: 'string', default: HOOK },
  });
  const scale = numberAbove0('--scale', values.scale);
  const url =
    process.env.DATABASE_URL || refuse(`Set DATABASE_URL to the database that is to be filled.\n${USAGE}`);
  const size = Object.fromEntries(
    Object.entries(FULL).map(([name, count]) => [name, Math.max(Math.round(count * scale), 1)]),
  ) as unknown as Size;
  const pool = openPool(url, () => undefined, 2);
  const began = performance.now();
  await migrate(pool.db);
  await fillStore(pool.db, size, values.hook, (table) => console.log(`filling ${table}`));
  await pool.close();
  console.log(`Filled in ${Math.round((performance.now() - began) / 1000)} s: ${JSON.stringify(size)}`);
}

if (import.meta.main) await main();
