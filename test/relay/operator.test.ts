import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stage, startStage } from './support/stage.ts';

const SCRIPT = join(import.meta.dirname, '../../relay/operator.ts');

let stage: Stage;

beforeAll(async () => {
  stage = await startStage();
});

afterAll(() => stage.close());

/** Runs the command line; what it says, and its errors as they are. */
async function operator(...args: string[]): Promise<{ said: string; code: number }> {
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [SCRIPT, '--relay', stage.relay.url, ...args],
      {
        env: { PATH: process.env.PATH },
      },
    );
    return { said: stdout, code: 0 };
  } catch (error) {
    const { stderr, code } = error as { stderr: string; code: number };
    return { said: stderr, code };
  }
}

test('lists what runs, without the whole address of any hook', async () => {
  const id = await stage.subscribe('stage_changed', 'listed-hook', { stageTo: 's1' });
  const { said } = await operator('subscriptions', '--location', stage.sandbox.locationId);
  expect(said).toContain(id);
  expect(said).toContain('stage_changed  {"stageTo":"s1"}');
  expect(said).toMatch(/^1 subscriptions\.$/m);
  expect(said).not.toContain('listed-hook');
  expect((await operator('subscriptions', '--location', 'other')).said).toBe('0 subscriptions.\n');
  await stage.unsubscribe(id);
});

test('sends a test event through the queue, about a deal if one is named', async () => {
  const id = await stage.subscribe('owner_changed', 'tried', { ownerId: 'somebody' });
  const deal = stage.sandbox.seeded.opportunityIds[0] ?? '';
  expect((await operator('test', id, '--record', deal)).said).toMatch(
    /^Delivery [0-9a-f-]{36} is on its way\.$/m,
  );
  const [came] = await stage.sink.until('tried', 1);
  expect(came?.body).toMatchObject({
    event: 'owner_changed',
    location_id: stage.sandbox.locationId,
    opportunity_id: deal,
    change: { field: 'owner', from: null, to: null, from_known: false },
  });
  await stage.unsubscribe(id);
  expect(await operator('test', id)).toEqual({ said: 'No such subscription runs.\n', code: 1 });
});

test('a test of notes is about a note', async () => {
  const id = await stage.subscribe('note_created', 'notes');
  expect((await operator('test', id)).said).toMatch(/is on its way/);
  const [came] = await stage.sink.until('notes', 1);
  expect(came?.body).toMatchObject({
    event: 'note_created',
    opportunity_id: null,
    note_id: expect.stringMatching(/^test-/),
  });
  await stage.unsubscribe(id);
});

test('ends a subscription', async () => {
  const id = await stage.subscribe('stage_changed', 'ended');
  expect((await operator('end', id)).said).toBe('Ended.\n');
  expect(await operator('end', id)).toEqual({ said: 'No such subscription runs.\n', code: 1 });
});

test('lists the dead and sends those that are meant again', async () => {
  const { sink } = stage;
  const id = await stage.subscribe('value_changed', 'dying');
  sink.always('dying', { status: 404 });
  const deals = [await stage.newDeal(), await stage.newDeal(), await stage.newDeal()];
  for (const deal of deals) await stage.change(deal, { monetaryValue: 5 });
  await stage.settled();
  const { said } = await operator('dead', '--subscription', id);
  expect(said).toMatch(/^3 dead deliveries\.$/m);
  expect(said).toContain(`value_changed  ${deals[0]}  4 tries  status 404  ${id}`);
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
  await stage.unsubscribe(id);
});

test('what is replayed for a subscription that ended goes nowhere', async () => {
  const { sink } = stage;
  const id = await stage.subscribe('value_changed', 'left');
  sink.always('left', { status: 500 });
  const deal = await stage.newDeal();
  await stage.change(deal, { monetaryValue: 6 });
  await stage.settled();
  await stage.unsubscribe(id);
  expect((await operator('replay', '--subscription', id)).said).toBe('1 sent again.\n');
  await stage.settled();
  expect(sink.received('left')).toHaveLength(4);
});

test('says what is wrong', async () => {
  expect((await operator('nonsense')).said).toContain('node relay/operator.ts subscriptions');
  const odd = await operator('dead', '--everything');
  expect(odd.said).toMatch(/--everything[\s\S]+node relay\/operator.ts subscriptions/);
  expect(odd.code).toBe(1);
  expect((await operator('test')).said).toBe('Name one subscription by its id.\n');
  const nobody = await operator('dead', '--relay', 'http://127.0.0.1:9');
  expect(nobody.code).toBe(1);
  const bad = await fetch(`${stage.relay.url}/operator/dead-deliveries/replay`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"ids":["no uuid"]}',
  });
  expect(bad.status).toBe(400);
});

test('nobody but the operator comes in', async () => {
  for (const path of ['/metrics', '/operator/subscriptions', '/operator/dead-deliveries']) {
    const answer = await fetch(`${stage.relay.url}${path}`, {
      headers: { 'x-forwarded-for': '203.0.113.9' },
    });
    expect([path, answer.status]).toEqual([path, 401]);
  }
});
