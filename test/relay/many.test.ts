import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createLog } from '../../relay/log.ts';
import { startEmbedded } from '../../relay/postgres/embedded.ts';
import { openPool } from '../../relay/store/db.ts';
import { type RelayProcess, runRelay } from './support/child.ts';
import { opportunityEvent, sendWebhook, temporaryFolder, until } from './support/relay.ts';
import { type Sink, startSink } from './support/sink.ts';

const PROJECT = join(import.meta.dirname, '../..');
const SCRIPT = join(import.meta.dirname, 'support/quick-relay.ts');
const LOCATIONS = Array.from({ length: 12 }, (_, index) => `location${index}`);

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Fleet {
  relays: RelayProcess[];
  sink: Sink;
  /** Sends an event to one relay after the other, as a balancer without a memory does, until one has taken it. */
  send(location: string, stage: string, at: number): Promise<void>;
  start(): Promise<RelayProcess>;
}

/** Relays on one database, and a Zap for the stages of each of many locations. */
async function fleet(count: number, script = SCRIPT): Promise<Fleet> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const folder = temporaryFolder();
  ends.push(folder.remove);
  const postgres = await startEmbedded(join(folder.path, 'data'), createLog('silent'));
  ends.push(postgres.stop);
  const sink = await startSink();
  ends.push(sink.close);
  const start = async () => {
    const relay = await runRelay(
      {
        DATABASE_URL: postgres.url,
        HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
        RELAY_TARGET_HOSTS: sink.url,
      },
      {},
      script,
    );
    ends.push(async () => {
      relay.process.kill('SIGCONT');
      if (relay.process.exitCode === null && relay.process.signalCode === null) await relay.end('SIGTERM');
    });
    return relay;
  };
  const relays = await Promise.all(Array.from({ length: count }, start));
  const pool = openPool(postgres.url, () => undefined, 1);
  for (const location of LOCATIONS) {
    await pool.db.query(
      `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
       values ($1, $1, 'stage_changed', '{}', $2, $1, $3)`,
      [location, sink.hook(location), randomUUID()],
    );
  }
  await pool.close();
  let turn = 0;
  return {
    relays,
    sink,
    start,
    async send(location, stage, at) {
      const event = opportunityEvent({
        locationId: location,
        id: `opportunity-of-${location}`,
        pipelineStageId: stage,
        timestamp: new Date(at).toISOString(),
      });
      for (;;) {
        turn += 1;
        const relay = relays[turn % relays.length];
        if (!relay) throw new Error('There is no relay.');
        const answer = await Promise.race([
          sendWebhook({ url: relay.url, privateKey }, event).catch(() => null),
          pause(2_000, null),
        ]);
        if (answer?.status === 200) return;
        await pause(20);
      }
    },
  };
}

const STAGES = Array.from({ length: 6 }, (_, index) => `stage${index}`);
const T = Date.parse('2026-11-26T12:00:00.000Z');

/** Each change once by its id and in order, whatever was sent again. */
function expectStages(sink: Sink, stages: readonly string[]): void {
  for (const location of LOCATIONS) {
    const changes = new Map(sink.received(location).map(({ body }) => [body.id, body.change]));
    // The first sight of an opportunity by an event that names the stage is a change as well.
    expect([location, [...changes.values()].map(({ to }) => to)]).toEqual([location, stages]);
  }
}

const arrived = (sink: Sink, count: number) =>
  until(
    () => LOCATIONS.every((one) => new Set(sink.received(one).map(({ body }) => body.id)).size >= count),
    30_000,
  );

test('three relays behind a plain balancer: each event once and in order, over a rolling restart', async () => {
  const { relays, sink, send, start } = await fleet(3);
  for (const [step, stage] of STAGES.entries()) {
    await Promise.all(LOCATIONS.map((location) => send(location, stage, T + step * 120_000)));
    if (step % 3 !== 2) continue;
    const old = relays.shift();
    relays.push(await start());
    expect(await old?.end('SIGTERM')).toBe(0);
  }
  await arrived(sink, STAGES.length);
  await pause(300);
  expectStages(sink, STAGES);
}, 120_000);

test('a frozen relay: another takes over its part within 5 s, and nothing is lost or out of order when it wakes', async () => {
  const { relays, sink, send } = await fleet(2);
  const [first, second] = STAGES;
  await Promise.all(LOCATIONS.map((location) => send(location, first ?? '', T)));
  await arrived(sink, 1);
  relays[0]?.process.kill('SIGSTOP');
  const froze = Date.now();
  const [frozen] = relays.splice(0, 1);
  await Promise.all(LOCATIONS.map((location) => send(location, second ?? '', T + 120_000)));
  await arrived(sink, 2);
  expect(Date.now() - froze).toBeLessThan(5_000);
  expect((await fetch(`${relays[0]?.url}/readyz`)).status).toBe(200);
  frozen?.process.kill('SIGCONT');
  relays.push(frozen as RelayProcess);
  await pause(1_500);
  for (const [step, stage] of STAGES.slice(2).entries()) {
    await Promise.all(LOCATIONS.map((location) => send(location, stage, T + (step + 2) * 120_000)));
  }
  await arrived(sink, STAGES.length);
  await pause(300);
  expectStages(sink, STAGES);
}, 120_000);

test('what a killed relay was sending is sent again by another within 4 s', async () => {
  const { relays, sink, send, start } = await fleet(1, join(PROJECT, 'relay/main.ts'));
  const [location = ''] = LOCATIONS;
  sink.next(location, { status: 200, afterMs: 60_000 });
  await send(location, 'stage0', T);
  await sink.until(location, 1);
  relays.push(await start());
  expect(sink.received(location)).toHaveLength(1);
  const killed = Date.now();
  await relays[0]?.end('SIGKILL');
  await until(() => sink.received(location).length > 1);
  expect(Date.now() - killed).toBeLessThan(4_000);
  const [first, again] = sink.received(location);
  expect(again?.body.id).toBe(first?.body.id);
}, 60_000);
