import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEFAULTS } from '../../../relay/outbound.ts';
import { partitionOf } from '../../../relay/store/inbox.ts';
import { ADMIN_TOKEN, call, metricsOf } from '../support/relay.ts';
import { type Setup, startSetup } from '../support/setup.ts';

let setup: Setup;

beforeAll(async () => {
  setup = await startSetup();
});

afterAll(() => setup.close());

let hooks = 0;
const newHook = () => `hook${hooks++}`;

async function bump(opportunity: string, value: number): Promise<void> {
  await setup.change(opportunity, { monetaryValue: value });
}

async function metric(name: string): Promise<number> {
  const text = await metricsOf(setup.relay.url);
  return Number(text.match(new RegExp(`^relay_${name} (.*)$`, 'm'))?.[1]);
}

test('a delivery bears its id in the body and in both headers, the same on every try', async () => {
  const { sink } = setup;
  const hook = newHook();
  await setup.subscribe('value_changed', hook);
  const opportunity = await setup.newOpportunity();
  sink.next(
    hook,
    { status: 500 },
    { status: 302, headers: { location: sink.hook('elsewhere') } },
    { status: 404 },
  );
  await bump(opportunity, 10);
  const tries = await sink.until(hook, 4);
  const ids = tries.flatMap(({ body, headers }) => [
    body.id,
    headers['idempotency-key'],
    headers['webhook-id'],
  ]);
  expect(new Set(ids).size).toBe(1);
  expect(sink.received('elsewhere')).toEqual([]);
  await setup.settled();
  expect(sink.received(hook)).toHaveLength(4);
});

test('410 ends the subscription', async () => {
  const { sink } = setup;
  const hook = newHook();
  const id = await setup.subscribe('value_changed', hook);
  const opportunity = await setup.newOpportunity();
  sink.next(hook, { status: 410 });
  await bump(opportunity, 10);
  await bump(await setup.newOpportunity(), 10);
  await setup.settled();
  await bump(opportunity, 20);
  await setup.settled();
  expect(sink.received(hook).length).toBeLessThanOrEqual(2);
  expect(sink.received(hook).map(({ body }) => body.change.to)).not.toContain(20);
  const answer = await fetch(`${setup.relay.url}/subscriptions/${id}`, {
    headers: { authorization: `Bearer ${setup.sandbox.accessToken}` },
  });
  expect(await answer.json()).toMatchObject({ active: false, endedReason: 'gone' });
});

test('429 with Retry-After leaves that target alone for so long, and no other', async () => {
  const { sink } = setup;
  const [busy, free] = [newHook(), newHook()];
  await setup.subscribe('value_changed', busy);
  await setup.subscribe('value_changed', free);
  const opportunity = await setup.newOpportunity();
  const other = await setup.newOpportunity();
  sink.next(busy, { status: 429, headers: { 'retry-after': '1' } });
  await bump(opportunity, 10);
  await sink.until(busy, 1);
  await bump(other, 20);
  await bump(opportunity, 30);
  await sink.until(free, 3);
  expect(sink.received(busy)).toHaveLength(1);
  const [first, ...later] = await sink.until(busy, 4);
  for (const { at } of later) expect(at - (first?.at ?? 0)).toBeGreaterThanOrEqual(950);
  const ofOpportunity = later
    .filter(({ body }) => body.opportunity_id === opportunity)
    .map(({ body }) => body.change.to);
  expect(ofOpportunity).toEqual([10, 30]);
});

test('503 with Retry-After is heeded as well, up to the most it counts for', async () => {
  const { sink } = setup;
  const hook = newHook();
  await setup.subscribe('value_changed', hook);
  const opportunity = await setup.newOpportunity();
  sink.next(hook, { status: 503, headers: { 'retry-after': '86400' } });
  await bump(opportunity, 10);
  const [first, second] = await sink.until(hook, 2);
  const waited = (second?.at ?? 0) - (first?.at ?? 0);
  expect(waited).toBeGreaterThanOrEqual(1_900);
  expect(waited).toBeLessThan(4_000);
});

test('a target that is slow and one that is dead delay nobody', async () => {
  const { sink } = setup;
  const [slow, dead, quick] = [newHook(), newHook(), newHook()];
  sink.always(slow, { status: 200, afterMs: 5_000 });
  sink.always(dead, { status: 500 });
  const ids = [];
  for (const hook of [slow, dead, quick]) ids.push(await setup.subscribe('opportunity_created', hook));
  const began = Date.now();
  const opportunities = 60;
  await Promise.all(Array.from({ length: opportunities }, () => setup.newOpportunity()));
  await sink.until(quick, opportunities);
  // Were they in one line, the sixty of the slow target alone would take 24 s.
  expect(Date.now() - began).toBeLessThan(12_000);
  for (const id of ids) await setup.unsubscribe(id);
  await setup.settled();
});

test('what fails every time is dead, listed, and sent again on demand with the same id', async () => {
  const { sink, relay, sandbox } = setup;
  const hook = newHook();
  const id = await setup.subscribe('value_changed', hook);
  const opportunity = await setup.newOpportunity();
  const deadBefore = await metric('deliveries_dead_total');
  sink.always(hook, { status: 500 });
  await bump(opportunity, 10);
  await bump(opportunity, 20);
  await setup.settled();
  const tries = sink.received(hook);
  expect(tries.map(({ body }) => body.change.to)).toEqual([10, 10, 10, 10, 20, 20, 20, 20]);
  expect((await metric('deliveries_dead_total')) - deadBefore).toBe(2);

  const dead = `${relay.url}/operator/dead-letters`;
  const list = async () =>
    (await call(`${dead}?subscription=${id}`, { token: ADMIN_TOKEN })).body.deadLetters;
  expect(await list()).toMatchObject([
    { subscriptionId: id, status: 500, why: 'status 500', tries: 4, body: { opportunity_id: opportunity } },
    { subscriptionId: id, body: { location_id: sandbox.locationId } },
  ]);
  sink.always(hook, { status: 200 });
  const replayed = await call(`${dead}/replay`, {
    method: 'POST',
    token: ADMIN_TOKEN,
    body: { subscriptionId: id },
  });
  expect(replayed.body).toEqual({ replayed: 2, ended: 0 });
  const again = (await sink.until(hook, 10)).slice(8);
  expect(again.map(({ body }) => body.change.to)).toEqual([10, 20]);
  expect(again[0]?.body).toEqual(tries[0]?.body);
  expect(await list()).toEqual([]);
});

test('a target that does not answer is given up after the time for a try', async () => {
  const { sink } = setup;
  const hook = newHook();
  await setup.subscribe('value_changed', hook);
  const opportunity = await setup.newOpportunity();
  sink.next(hook, { status: 200, afterMs: 3_000 });
  await bump(opportunity, 10);
  const [first, second] = await sink.until(hook, 2);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(2_000);
  await pause(50);
  await setup.settled();
});

test('what happens is counted', async () => {
  const text = await metricsOf(setup.relay.url);
  for (const line of [
    /^relay_events_received_total\{kind="OpportunityUpdate"\} [1-9]/m,
    /^relay_changes_total\{event="value_changed"\} [1-9]/m,
    /^relay_deliveries_matched_total [1-9]/m,
    /^relay_deliveries_delivered_total [1-9]/m,
    /^relay_deliveries_retried_total\{reason="failed"\} [1-9]/m,
    /^relay_deliveries_retried_total\{reason="busy"\} [1-9]/m,
    /^relay_deliveries_dropped_total [1-9]/m,
    /^relay_ack_seconds_count [1-9]/m,
    /^relay_delivery_seconds_count [1-9]/m,
    /^relay_try_seconds_count\{outcome="failed"\} [1-9]/m,
    /^relay_deliveries_oldest_age_seconds 0$/m,
    /^relay_subscriptions [1-9]/m,
    /^process_resident_memory_bytes /m,
  ]) {
    expect(text).toMatch(line);
  }
});

test('what waits for a Zap that subscribes anew goes to its new hook at once, and before what comes after', async () => {
  const { sink } = setup;
  const zap = 'subscribes-anew';
  const opportunity = await setup.newOpportunity();
  await setup.subscribe('value_changed', 'failing', {}, zap);
  sink.always('failing', { status: 500 });
  await setup.change(opportunity, { monetaryValue: 1_111 });
  await sink.until('failing', 1);
  const id = await setup.subscribe('value_changed', 'mended', {}, zap);
  await setup.change(opportunity, { monetaryValue: 2_222 });
  const came = await sink.until('mended', 2);
  expect(came.map(({ body }) => body.change.to)).toEqual([1_111, 2_222]);
  await setup.unsubscribe(id);
});

test('what was taken in for a Zap and not processed before it subscribes anew goes to its new hook', async () => {
  const { db, sandbox, sink } = setup;
  const [before, anew, zap] = [newHook(), newHook(), 'subscribes-meanwhile'];
  const now = async () => (await db.query<{ at: string }>('select now()::text as at'))[0]?.at;
  const early = await now();
  await setup.subscribe('opportunity_created', before, {}, zap);
  const meanwhile = await now();
  await setup.subscribe('opportunity_created', newHook(), {}, zap);
  const id = await setup.subscribe('opportunity_created', anew, {}, zap);
  const event = { kind: 'opportunity', claim: 'created', locationId: sandbox.locationId, at: null };
  // As one that waited in the inbox until now.
  for (const [opportunityId, at] of [
    ['too-early', early],
    ['meanwhile', meanwhile],
  ]) {
    await db.query(
      `insert into relay.events (partition_id, webhook_id, event, received_at) values ($1, $2, $3, $4)`,
      [
        partitionOf(sandbox.locationId),
        opportunityId,
        JSON.stringify({ ...event, opportunityId, snapshot: { contactId: null } }),
        at,
      ],
    );
  }
  await setup.settled();
  expect(sink.received(anew).map(({ body }) => body.opportunity_id)).toEqual(['meanwhile']);
  await setup.unsubscribe(id);
});

test('what was under way at a kill is sent again before the first retry of one that failed', () => {
  const { schedule, expireMs } = DEFAULTS;
  expect(expireMs).toBeLessThan((schedule.waits[0] ?? 0) * (1 - schedule.jitter));
});
