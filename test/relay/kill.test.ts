import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { retryRules, type Sandbox, startSandbox } from '../../local/sandbox/index.ts';
import { createLog } from '../../relay/log.ts';
import { startEmbedded } from '../../relay/postgres/embedded.ts';
import { AMPLE } from '../support/ample.ts';
import { type RelayProcess, runRelay } from './support/child.ts';
import { metricsOf } from './support/relay.ts';
import { type Sink, startSink } from './support/sink.ts';

const SCRIPT = join(import.meta.dirname, 'support/quick-relay.ts');
const OPPORTUNITIES = 12;
const HOOKS = ['one', 'two'] as const;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Scene {
  sandbox: Sandbox;
  sink: Sink;
  folder: string;
  stages: string[];
  opportunities: string[];
  run(port: string, more?: Record<string, string>): Promise<RelayProcess>;
}

/** HighLevel with some opportunities, hooks that take their time, and a folder for a database. */
async function scene(): Promise<Scene> {
  const folder = join(tmpdir(), `relay-${randomUUID()}`);
  ends.push(() => rm(folder, { recursive: true, force: true }));
  const sink = await startSink();
  ends.push(sink.close);
  const sandbox = await startSandbox({
    opportunities: OPPORTUNITIES,
    ...AMPLE,
    webhooks: { retry: { ...retryRules('any-failure'), retries: 400, waitMs: () => 50 } },
  });
  ends.push(sandbox.close);
  for (const hook of HOOKS) sink.always(hook, { status: 200, afterMs: 30 });
  const sales = sandbox.seeded.pipelines.Sales;
  const stages = Object.values(sales?.stages ?? {});
  const opportunities = sandbox.seeded.opportunityIds.filter(
    (id) => sandbox.opportunity(id).pipelineId === sales?.id,
  );
  return {
    sandbox,
    sink,
    folder,
    stages,
    opportunities,
    async run(port, more = {}) {
      const settings = {
        RELAY_PORT: port,
        RELAY_DATA_DIR: folder,
        HIGHLEVEL_API_URL: sandbox.url,
        HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
        RELAY_TARGET_HOSTS: sink.url,
        ...more,
      };
      const relay = await runRelay(settings, {}, SCRIPT);
      ends.push(async () => {
        if (relay.process.exitCode === null && relay.process.signalCode === null) await relay.end('SIGTERM');
      });
      return relay;
    },
  };
}

async function subscribe({ sandbox, sink }: Scene, relayUrl: string): Promise<void> {
  for (const hook of HOOKS) {
    const { status } = await fetch(`${relayUrl}/subscriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        locationId: sandbox.locationId,
        event: 'stage_changed',
        targetUrl: sink.hook(hook),
      }),
    });
    expect(status).toBe(201);
  }
}

/** Moves each opportunity to another stage than its own. @returns where each went */
function moveAll({ sandbox, stages, opportunities }: Scene): string[] {
  sandbox.moveClock({ by: 1_000 });
  return opportunities.map((id) => {
    const now = sandbox.opportunity(id).pipelineStageId;
    const next = stages[(stages.indexOf(now) + 1) % stages.length] ?? '';
    sandbox.changeOpportunity(id, { pipelineStageId: next });
    return next;
  });
}

/** After a gap the relay also asks one Zap to look what it missed, which is no change. */
const changesAt = (sink: Scene['sink'], hook: string) =>
  sink.received(hook).filter(({ body }) => body.event === 'stage_changed');

/** Waits until each hook was reported of each move; each once by its id, and those of an opportunity in order. */
async function expectMoves({ sink, opportunities }: Scene, rounds: string[][]): Promise<void> {
  for (const hook of HOOKS) {
    const known = () => new Map(changesAt(sink, hook).map(({ body }) => [body.id, body]));
    const wanted = rounds.length * opportunities.length;
    for (const until = Date.now() + 20_000; known().size < wanted && Date.now() < until; ) await pause(20);
    // Something more than there is to report would come soon.
    await pause(300);
    for (const [index, opportunity] of opportunities.entries()) {
      const reported = [...known().values()].filter(({ opportunity_id: id }) => id === opportunity);
      expect(reported.map(({ change }) => change.to)).toEqual(rounds.map((round) => round[index]));
    }
    expect(known().size).toBe(wanted);
  }
}

test('a relay that is killed in the middle, again and again, loses nothing and changes no order', async () => {
  const act = await scene();
  let relay = await act.run('0');
  const { port } = new URL(relay.url);
  await subscribe(act, relay.url);
  act.sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
  const rounds: string[][] = [];
  for (const wait of [5, 40, 120, null]) {
    rounds.push(moveAll(act));
    if (wait !== null) {
      await pause(wait);
      await relay.end('SIGKILL');
      relay = await act.run(port);
    }
    await act.sandbox.context.webhooks.idle();
  }
  await expectMoves(act, rounds);
}, 90_000);

test('a relay that is asked to stop settles what it was sending, and the next sends the rest', async () => {
  const act = await scene();
  const relay = await act.run('0');
  await subscribe(act, relay.url);
  act.sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
  for (const hook of HOOKS) act.sink.always(hook, { status: 200, afterMs: 150 });
  const rounds = [moveAll(act)];
  await act.sandbox.context.webhooks.idle();
  await act.sink.until('one', 1);
  expect(await relay.end('SIGTERM')).toBe(0);
  await act.run('0');
  await expectMoves(act, rounds);
  for (const hook of HOOKS) expect(changesAt(act.sink, hook)).toHaveLength(act.opportunities.length);
}, 90_000);

test('a database that dies in the middle loses nothing either', async () => {
  const act = await scene();
  const relay = await act.run('0');
  await subscribe(act, relay.url);
  act.sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
  const rounds: string[][] = [];
  for (let round = 0; round < 3; round++) {
    rounds.push(moveAll(act));
    await pause(40);
    if (round === 1) process.kill(postmaster(act.folder), 'SIGKILL');
    await act.sandbox.context.webhooks.idle();
  }
  await expectMoves(act, rounds);
}, 90_000);

test('two relays share one database and its work, and one goes on where the other was killed', async () => {
  const act = await scene();
  const log = createLog('silent');
  const postgres = await startEmbedded(act.folder, log);
  ends.push(postgres.stop);
  const shared = { DATABASE_URL: postgres.url };
  const relays = await Promise.all([act.run('0', shared), act.run('0', shared)]);
  const urls = relays.map(({ url }) => url);
  await subscribe(act, urls[0] ?? '');
  const rounds: string[][] = [];
  for (let round = 0; round < 6; round++) {
    // One URL is all that HighLevel knows; behind it a balancer would take turns.
    act.sandbox.setSettings({ webhookUrl: `${urls[round < 4 ? round % 2 : 1]}/webhooks/highlevel` });
    rounds.push(moveAll(act));
    if (round === 4) await relays[0]?.end('SIGKILL');
    await act.sandbox.context.webhooks.idle();
  }
  await expectMoves(act, rounds);
  // Only now: while deliveries are still on their way, one relay may not have come to any.
  const counts = await delivered(urls[1] ?? '');
  expect(counts).toBeGreaterThan(0);
  expect(counts).toBeLessThan(6 * OPPORTUNITIES * HOOKS.length);
}, 90_000);

/** The process of an embedded database. */
function postmaster(folder: string): number {
  return Number.parseInt(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8'), 10);
}

async function delivered(url: string): Promise<number> {
  const text = await metricsOf(url);
  return Number(text.match(/^relay_deliveries_delivered_total (.*)$/m)?.[1]);
}
