import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openPool } from '../../../relay/store/db.ts';
import { ADMIN_TOKEN, call, until } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

const SCRIPT = join(import.meta.dirname, '../../../relay/operator.ts');

let setup: Setup;

beforeAll(async () => {
  setup = await startSetup();
});

afterAll(() => setup.close());

/** Runs the command line; what it says, and its errors as they are. */
async function operator(...args: string[]): Promise<{ said: string; code: number }> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [SCRIPT, '--relay', setup.relay.url, ...args],
      {
        env: { PATH: process.env.PATH, RELAY_ADMIN_TOKEN: ADMIN_TOKEN },
      },
    );
    return { said: stdout, code: 0 };
  } catch (error) {
    const { stderr, code } = error as { stderr: string; code: number };
    return { said: stderr, code };
  }
}

test('lists what runs, without the whole address of any hook', async () => {
  const id = await setup.subscribe('stage_changed', 'listed-hook', { stageTo: 's1' });
  const { said } = await operator('subscriptions', '--location', setup.sandbox.locationId);
  expect(said).toContain(id);
  expect(said).toContain('stage_changed  {"stageTo":"s1"}');
  expect(said).toMatch(/^1 subscriptions\.$/m);
  expect(said).not.toContain('listed-hook');
  expect((await operator('subscriptions', '--location', 'other')).said).toBe('0 subscriptions.\n');
  await setup.unsubscribe(id);
});

test('sends a test event through the queue, about an opportunity if one is named', async () => {
  const id = await setup.subscribe('owner_changed', 'tried', { ownerId: 'somebody' });
  const opportunity = setup.sandbox.seeded.opportunityIds[0] ?? '';
  expect((await operator('test', id, '--record', opportunity)).said).toMatch(
    /^Delivery [0-9a-f-]{36} is on its way\.$/m,
  );
  const [came] = await setup.sink.until('tried', 1);
  expect(came?.body).toMatchObject({
    event: 'owner_changed',
    location_id: setup.sandbox.locationId,
    opportunity_id: opportunity,
    change: { field: 'owner', from: null, to: null, from_known: false },
  });
  await setup.unsubscribe(id);
  expect(await operator('test', id)).toEqual({ said: 'No such subscription runs.\n', code: 1 });
});

test('a test of notes is about a note', async () => {
  const id = await setup.subscribe('note_created', 'notes');
  expect((await operator('test', id)).said).toMatch(/is on its way/);
  const [came] = await setup.sink.until('notes', 1);
  expect(came?.body).toMatchObject({
    event: 'note_created',
    opportunity_id: null,
    note_id: expect.stringMatching(/^test-/),
  });
  await setup.unsubscribe(id);
});

test('ends a subscription', async () => {
  const id = await setup.subscribe('stage_changed', 'ended');
  expect((await operator('end', id)).said).toBe('Ended.\n');
  expect(await operator('end', id)).toEqual({ said: 'No such subscription runs.\n', code: 1 });
});

test('lists the dead and sends those that are meant again', async () => {
  const { sink } = setup;
  const id = await setup.subscribe('value_changed', 'dying');
  sink.always('dying', { status: 404 });
  const opportunities = [
    await setup.newOpportunity(),
    await setup.newOpportunity(),
    await setup.newOpportunity(),
  ];
  for (const opportunity of opportunities) await setup.change(opportunity, { monetaryValue: 5 });
  await setup.settled();
  const { said } = await operator('dead', '--subscription', id);
  expect(said).toMatch(/^3 dead deliveries\.$/m);
  expect(said).toContain(`value_changed  ${opportunities[0]}  4 tries  status 404  ${id}`);
  const one = said.split('  ')[0] ?? '';

  expect((await operator('replay')).said).toMatch(/^Say which/);
  expect((await operator('replay', '--all', one)).said).toMatch(/^Say which/);
  sink.always('dying', { status: 200 });
  expect((await operator('replay', one)).said).toBe('1 sent again.\n');
  await sink.until('dying', 13);
  expect(sink.received('dying').at(-1)?.body.id).toBe(one);
  expect((await operator('replay', '--all')).said).toBe('2 sent again.\n');
  await sink.until('dying', 15);
  expect((await operator('dead')).said).toBe('0 dead deliveries.\n');
  await setup.unsubscribe(id);
});

test('what is to be replayed for a subscription that ended stays, and that is said', async () => {
  const { sink } = setup;
  const id = await setup.subscribe('value_changed', 'left');
  sink.always('left', { status: 500 });
  const opportunity = await setup.newOpportunity();
  await setup.change(opportunity, { monetaryValue: 6 });
  await setup.settled();
  await setup.unsubscribe(id);
  const not = '1 not sent: their Zaps are off, or were turned off and on again since.\n';
  expect((await operator('replay', '--subscription', id)).said).toBe(`0 sent again.\n${not}`);
  expect((await operator('replay', '--all')).said).toBe(`0 sent again.\n${not}`);
  await setup.settled();
  expect(sink.received('left')).toHaveLength(4);
  expect((await operator('dead', '--subscription', id)).said).toMatch(/^1 dead deliveries\.$/m);
  await setup.db.query('delete from relay.dead_letters');
});

test('lists more than fit into one answer, and each once', async () => {
  const { relay, sandbox, sink } = setup;
  const pool = openPool(setup.databaseUrl, () => undefined, 1);
  await pool.db.query(
    `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
     select 'many-' || n, 'many', 'stage_changed', '{}', $1, 'z' || n, gen_random_uuid() from generate_series(1, 250) n`,
    [sink.hook('many')],
  );
  await pool.db.query(
    `insert into relay.dead_letters (id, queue_id, location_id, body, tries, why, died_at)
     select gen_random_uuid(), queue_id, 'many', '{"event":"stage_changed","opportunity_id":"o"}', 9, 'status 500',
       now() - (row_number() over () / 3) * interval '1 microsecond'
     from relay.subscriptions where location_id = 'many'`,
  );
  const listed = (await operator('subscriptions', '--location', 'many')).said.trim().split('\n');
  expect(listed.at(-1)).toBe('250 subscriptions.');
  expect(new Set(listed).size).toBe(251);
  const dead = (await operator('dead', '--location', 'many')).said.trim().split('\n');
  expect(dead.at(-1)).toBe('250 dead deliveries.');
  expect(new Set(dead.map((line) => line.split('  ')[0])).size).toBe(251);
  await pool.db.query(
    `insert into relay.deliveries (lane, id, queue_id, body, due_at)
     select queue_id || '/o', gen_random_uuid(), queue_id, '{}', now() + interval '1 hour'
     from relay.subscriptions where location_id = 'many'`,
  );
  const waiting = (await operator('waiting', '--location', 'many')).said.trim().split('\n');
  expect(waiting).toHaveLength(101);
  expect(waiting.at(-1)).toBe('100 deliveries wait for these 100, the longest, and some for others.');
  await pool.db.query('delete from relay.deliveries');
  const odd = await call(`${relay.url}/operator/dead-letters?after=nonsense`, { token: ADMIN_TOKEN });
  expect(odd).toMatchObject({ status: 400 });
  expect((await operator('subscriptions', '--location', sandbox.locationId)).said).toBe('0 subscriptions.\n');
  await pool.db.query(`delete from relay.subscriptions where location_id = 'many'`);
  await pool.db.query('delete from relay.dead_letters');
  await pool.close();
});

test('says what waits, and why', async () => {
  const { sink } = setup;
  const id = await setup.subscribe('value_changed', 'slow');
  sink.always('slow', { status: 429, headers: { 'retry-after': '2' } });
  const opportunities = [await setup.newOpportunity(), await setup.newOpportunity()];
  for (const one of opportunities) {
    await setup.change(one, { monetaryValue: 7 });
    await sink.until('slow', 1);
    await until(async () => (await operator('waiting')).said.includes('asked to wait'));
  }
  const { said } = await operator('waiting');
  // Of the two the hook was told one: it asked for the time of both.
  expect(said).toContain(`${id}  ${setup.sandbox.locationId}  value_changed  2 wait  since `);
  expect(said).toMatch(/next try .* status 429: asked to wait\n2 deliveries wait\.\n$/);
  await setup.unsubscribe(id);
});

test('says what is wrong', async () => {
  expect((await operator('nonsense')).said).toContain('node relay/operator.ts subscriptions');
  const odd = await operator('dead', '--everything');
  expect(odd.said).toMatch(/--everything[\s\S]+node relay\/operator.ts subscriptions/);
  expect(odd.code).toBe(1);
  expect((await operator('test')).said).toBe('Name one subscription by its id.\n');
  const nobody = await operator('dead', '--relay', 'http://127.0.0.1:9');
  expect(nobody.code).toBe(1);
  const bad = await call(`${setup.relay.url}/operator/dead-letters/replay`, {
    method: 'POST',
    token: ADMIN_TOKEN,
    body: { ids: ['no uuid'] },
  });
  expect(bad.status).toBe(400);
});

test('nobody but the operator comes in', async () => {
  for (const path of ['/metrics', '/operator/subscriptions', '/operator/dead-letters']) {
    const answer = await call(`${setup.relay.url}${path}`);
    expect([path, answer.status]).toEqual([path, 401]);
  }
});
