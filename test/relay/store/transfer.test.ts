import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { startEmbedded } from '../../../relay/postgres/embedded.ts';
import { openPool, type Pool } from '../../../relay/store/db.ts';
import { migrate } from '../../../relay/store/schema.ts';
import { exportRows, importRows } from '../../../relay/store/transfer.ts';
import { capturedLog, temporaryFolder } from '../support/relay.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function database(): Promise<Pool['db']> {
  const { path, remove } = temporaryFolder();
  ends.push(remove);
  const server = await startEmbedded(join(path, 'data'), capturedLog().log);
  ends.push(server.stop);
  const pool = openPool(server.url, () => undefined, 2);
  ends.push(pool.close);
  await migrate(pool.db);
  return pool.db;
}

async function exported(db: Pool['db']): Promise<string[]> {
  const lines: string[] = [];
  await exportRows(db, async (line) => void lines.push(line));
  return lines;
}

const from = (lines: string[]) =>
  async function* () {
    yield* lines;
  };

const TABLES = [
  'subscriptions',
  'locations',
  'seen_events',
  'events',
  'opportunities',
  'deliveries',
  'dead_letters',
  'intake',
  'readings',
  'writes',
  'digests',
  'answers',
];

async function everything(db: Pool['db']): Promise<unknown[]> {
  return Promise.all(
    TABLES.map((table) =>
      db.query(
        `select md5(string_agg(whole::text, '|' order by whole::text)) as all, count(*)::int from relay.${table} as whole`,
      ),
    ),
  );
}

test('everything goes over as it is, and what comes after it follows', async () => {
  const [one, other] = [await database(), await database()];
  const queue = randomUUID();
  await one.query(
    `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
     select 's' || n, 'loc' || n % 7, 'stage_changed', '{"minValue":0.1,"a":"\\"\\u00e4"}', 'https://x/' || n, 'z' || n, $1
     from generate_series(1, 2500) n`,
    [queue],
  );
  await one.query(`insert into relay.locations (location_id) values ('loc1')`);
  await one.query(
    `insert into relay.seen_events select gen_random_uuid(), now() + n * interval '1 microsecond' from generate_series(1, 1001) n`,
  );
  await one.query(
    `insert into relay.events (partition_id, webhook_id, event) select n % 64, 'w' || n, '{"x":1e20}' from generate_series(1, 30) n`,
  );
  await one.query(
    `insert into relay.opportunities (location_id, opportunity_id, state) values ('l', 'o', '{"v":[null]}')`,
  );
  await one.query(
    `insert into relay.deliveries (lane, id, queue_id, body, tries, why) values ('a/b', gen_random_uuid(), $1, '{}', 3, 'status 500')`,
    [queue],
  );
  await one.query(
    `insert into relay.dead_letters (id, queue_id, location_id, body, tries, why) values (gen_random_uuid(), $1, 'l', '{}', 9, 'x')`,
    [queue],
  );
  await one.query(
    `insert into relay.readings (id, location_id, criteria, since, due_at) values ($1, 'loc1', '{}', now(), now())`,
    [queue],
  );
  await one.query(`insert into relay.writes values ('loc1', 'o', 'stage', '"B"', now())`);
  await one.query(
    `insert into relay.digests (queue_id, opportunity_id, digests, at) values ($1, 'o', '{"name":"x"}', now())`,
    [queue],
  );
  await one.query(`insert into relay.answers values ($1, $1, '["name"]', now())`, [queue]);
  await one.query(`update relay.intake set taken_at = now() - interval '1 hour'`);
  const lines = await exported(one);
  expect(await importRows(other, from(lines))).toBe(lines.length - 2);
  expect(await everything(other)).toEqual(await everything(one));
  const insert = `insert into relay.events (partition_id, webhook_id, event) values (1, 'next', '{}') returning seq::int`;
  expect(await other.query(insert)).toEqual([{ seq: 31 }]);
});

test('a file that is cut short, changed or of another version leaves nothing behind', async () => {
  const [one, other] = [await database(), await database()];
  await one.query(
    `insert into relay.seen_events select gen_random_uuid(), now() from generate_series(1, 2500)`,
  );
  const lines = await exported(one);
  const [head = '', ...rest] = lines;
  const refused = async (given: string[], sentence: RegExp) => {
    await expect(importRows(other, from(given))).rejects.toThrow(sentence);
    expect(await other.query('select from relay.seen_events')).toEqual([]);
  };
  await refused(lines.slice(0, -1), /not whole: its end is missing/);
  await refused(lines.slice(0, 1500), /not whole/);
  await refused([head, ...rest.slice(1)], /not whole/);
  await refused([...lines.slice(0, 2000), '{"table":"seen_ev'], /not whole/);
  await refused([], /not whole/);
  await refused(['{"some":"json"}'], /no export of a relay/);
  await refused([head, '{"table":"workers; drop schema relay","row":{}}'], /no export of a relay/);
  await refused(
    [head.replace(/"steps":\d+/, '"steps":99'), ...rest],
    /of step 99, and this one's are of step \d/,
  );
  // With the row that says when events were last taken.
  expect(await importRows(other, from(lines))).toBe(2501);
});
