/**
 * Relays under fire: changes are sent while relays and their database are killed and frozen and the hooks fail, and a
 * ledger says of each change and each subscription whether it was sent, acknowledged and received, and in which order.
 */

import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readFlags, refuse, wholeNumber } from '../../local/command.ts';
import { openPool } from '../../relay/store/db.ts';
import { type Server, startServer } from './child.ts';
import { STORES, type Store, startVictim, type Victim } from './database.ts';

/** What is done to them in a round. */
export const ATTACKS = [
  'kill a relay',
  'kill both relays',
  'freeze a relay',
  'kill the database',
  'freeze the database',
  'fill the disk',
  'hooks answer 500',
  'hooks answer 429',
  'hooks hang',
  'hooks cut the connection',
  'hooks are down for an hour',
  'repeat and reorder',
  'drop',
] as const;

const USAGE = `npm run chaos -- [flags]
  Sends changes while relays and their database are killed and frozen and the hooks fail, one attack a round, and
  holds what came against what was sent. Ends with 1 where a change was lost, out of order or under two ids.
  --runs N       rounds (default 24)
  --store STORE  the relays' database: ${STORES.join(' or ')} (default postgresql)
  --only WORDS   only the attacks with this in their names
  --json FILE    writes the report there
The attacks:
  ${ATTACKS.join('\n  ')}`;

type Attack = (typeof ATTACKS)[number];

export interface ChaosReport {
  store: Store;
  rounds: number;
  /** Processes that were killed, of relays and of the database. */
  kills: number;
  attacks: Record<string, number>;
  /** Attacks that this machine or this store does not allow. */
  leftOut: string[];
  /** Webhooks that were posted, with each try, and changes that a relay acknowledged. */
  sent: number;
  acknowledged: number;
  /** Of each subscription: what came, and what of it was new. */
  received: Record<string, { calls: number; changes: number }>;
  /** Of what was to come to a subscription: what did not, and what came after a later change. */
  lost: number;
  outOfOrder: number;
  /** Deliveries beyond the first of an id, and changes under two ids. */
  repeated: number;
  underTwoIds: number;
  seconds: number;
}

const LOCATION = 'chaos';
const OPPORTUNITIES = 12;
/** So that some events come before an attack, some in the middle of it and some after. */
const SPREAD_MS = 600;
const SUBSCRIPTIONS = ['one', 'two'] as const;
const START = Date.parse('2026-11-26T08:00:00.000Z');

interface Received {
  id: string;
  opportunity: string;
  to: string;
}

/**
 * @param only the attacks with this in their names
 * @param onRound is called after each round, with what was done
 */
export async function runChaos(
  {
    rounds,
    relayScript,
    store = 'postgresql',
    only = '',
  }: { rounds: number; relayScript: string; store?: Store; only?: string },
  onRound: (round: number, attack: Attack) => void = () => undefined,
): Promise<ChaosReport> {
  const began = performance.now();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const hooks = await startHooks();
  const database = await startVictim(store);
  const env = {
    ...database.settings,
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    RELAY_TARGET_HOSTS: hooks.url,
    RELAY_PORT: '0',
  };
  const relays = [await startServer(relayScript, [], env)];
  if (store === 'postgresql') relays.push(await startServer(relayScript, [], env));
  const attacks: Record<string, number> = {};
  /** Of each opportunity, the stages that a relay acknowledged, in the order in which they were sent. */
  const ledger = new Map<string, string[]>();
  let acknowledged = 0;
  let sent = 0;
  let kills = 0;
  const asked = ATTACKS.filter((attack) => attack.includes(only));
  const possible = asked.filter((attack) => {
    if (attack === 'fill the disk') return database.fillDisk !== null;
    return attack !== 'kill both relays' || relays.length > 1;
  });

  async function postEvent(opportunity: string, stage: string, at: number, webhookId: string): Promise<void> {
    const body = Buffer.from(
      JSON.stringify({
        type: 'OpportunityStageUpdate',
        locationId: LOCATION,
        id: opportunity,
        contactId: 'contact',
        pipelineId: 'pipeline',
        pipelineStageId: stage,
        status: 'open',
        timestamp: new Date(at).toISOString(),
        webhookId,
      }),
    );
    for (let turn = 0; ; turn++) {
      const relay = relays[turn % relays.length];
      sent += 1;
      if (relay && (await isTaken(relay.url, body, privateKey))) return;
      await pause(25);
    }
  }

  try {
    await subscribe(database.url(), hooks.url);
    for (let round = 0; round < rounds; round++) {
      const attack = possible[round % possible.length] as Attack;
      attacks[attack] = (attacks[attack] ?? 0) + 1;
      hooks.behave(attack);
      const stage = `stage${round}`;
      const at = START + round * 120_000;
      const sending = Promise.all(
        Array.from({ length: OPPORTUNITIES }, async (_, index) => {
          // Never sent: what comes after it has to arrive all the same.
          if (attack === 'drop' && index % 3 === 0) return;
          await pause(Math.random() * SPREAD_MS);
          const opportunity = `opportunity${index}`;
          const webhookId = randomUUID();
          await postEvent(opportunity, stage, at, webhookId);
          if (attack === 'repeat and reorder') {
            await postEvent(opportunity, stage, at, webhookId);
            await postEvent(opportunity, stage, at, randomUUID());
          }
          ledger.set(opportunity, [...(ledger.get(opportunity) ?? []), stage]);
          acknowledged += 1;
        }),
      );
      await pause(Math.random() * 60);
      kills += killsOf(attack);
      await strike(attack, relays, () => startServer(relayScript, [], env), database);
      await sending;
      if (attack === 'hooks are down for an hour') await letAnHourPass(database);
      hooks.behave(null);
      onRound(round + 1, attack);
    }
    const wanted = [...ledger.values()].reduce((sum, stages) => sum + stages.length, 0);
    await hooks.settled(wanted, () => database.moveClock(30));
    return {
      store,
      rounds,
      kills,
      attacks,
      leftOut: asked.filter((attack) => !possible.includes(attack)),
      sent,
      acknowledged,
      received: Object.fromEntries(
        [...hooks.received].map(([name, all]) => [
          name,
          { calls: all.length, changes: new Set(all.map(({ id }) => id)).size },
        ]),
      ),
      ...judge(hooks.received, ledger),
      seconds: Math.round((performance.now() - began) / 1000),
    };
  } finally {
    await Promise.all(relays.map(({ process: child }) => end(child)));
    await hooks.close();
    await database.close();
  }
}

async function isTaken(url: string, body: Buffer, key: KeyObject): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/webhooks/highlevel`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-ghl-signature': sign(null, body, key).toString('base64'),
      },
      body: new Uint8Array(body),
      signal: AbortSignal.timeout(2_000),
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGCONT');
  child.kill(signal);
  await ended;
}

function killsOf(attack: Attack): number {
  if (attack === 'kill both relays') return 2;
  return attack === 'kill a relay' || attack === 'kill the database' ? 1 : 0;
}

async function strike(
  attack: Attack,
  relays: Server[],
  start: () => Promise<Server>,
  database: Victim,
): Promise<void> {
  const [first] = relays;
  if (!first) return;
  switch (attack) {
    case 'kill a relay':
      await end(first.process, 'SIGKILL');
      relays.shift();
      relays.push(await start());
      return;
    case 'kill both relays':
      await Promise.all(relays.map(({ process: child }) => end(child, 'SIGKILL')));
      relays.splice(0, relays.length, ...(await Promise.all([start(), start()])));
      return;
    case 'freeze a relay':
      first.process.kill('SIGSTOP');
      await pause(5_000);
      first.process.kill('SIGCONT');
      return;
    case 'kill the database':
      database.kill();
      return;
    case 'freeze the database':
      return database.freeze(3_000);
    case 'fill the disk':
      await database.fillDisk?.(1_000);
      return;
    case 'hooks answer 500':
    case 'hooks answer 429':
    case 'hooks hang':
    case 'hooks cut the connection':
    case 'hooks are down for an hour':
    case 'repeat and reorder':
    case 'drop':
      await pause(300);
  }
}

/** The hooks refuse meanwhile, and each step lets the tries come that are due by then. */
async function letAnHourPass(database: Victim): Promise<void> {
  for (const minutes of [1, 4, 10, 15, 30]) {
    await database.moveClock(minutes);
    await pause(700);
  }
}

async function subscribe(databaseUrl: string, hooksUrl: string): Promise<void> {
  const pool = openPool(databaseUrl, () => undefined, 1);
  for (const name of SUBSCRIPTIONS) {
    await pool.db.query(
      `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
       values ($1, $2, 'stage_changed', '{}', $3, $1, gen_random_uuid())`,
      [name, LOCATION, `${hooksUrl}/${name}`],
    );
  }
  await pool.close();
}

interface Hooks {
  url: string;
  received: Map<string, Received[]>;
  behave(attack: Attack | null): void;
  /**
   * Resolves when each subscription has so many changes, or nothing has come for a while.
   *
   * @param passTime lets the tries come that are due later
   */
  settled(changes: number, passTime: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** One call in three is answered badly while it is asked to. */
async function startHooks(): Promise<Hooks> {
  const received = new Map<string, Received[]>(SUBSCRIPTIONS.map((name) => [name, []]));
  let attack: Attack | null = null;
  let calls = 0;
  let lastAt = Date.now();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      calls += 1;
      if (attack === 'hooks are down for an hour') return response.writeHead(503).end();
      const bad = calls % 3 === 0 ? attack : null;
      if (bad === 'hooks answer 500') return response.writeHead(500).end();
      if (bad === 'hooks answer 429') return response.writeHead(429, { 'retry-after': '1' }).end();
      if (bad === 'hooks cut the connection') return request.socket.destroy();
      if (bad === 'hooks hang') return setTimeout(() => response.writeHead(500).end(), 3_000).unref();
      const { id, opportunity_id: opportunity, change } = JSON.parse(text);
      received.get(request.url?.slice(1) ?? '')?.push({ id, opportunity, to: change.to });
      lastAt = Date.now();
      return response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave(next) {
      attack = next;
    },
    async settled(changes, passTime) {
      lastAt = Date.now();
      let passedAt = Date.now();
      const complete = () =>
        [...received.values()].every((all) => new Set(all.map(({ id }) => id)).size >= changes);
      while (!complete() && Date.now() - lastAt < 60_000) {
        await pause(50);
        if (Date.now() - Math.max(lastAt, passedAt) < 5_000) continue;
        await passTime().catch(() => undefined);
        passedAt = Date.now();
      }
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function judge(
  received: Map<string, Received[]>,
  ledger: Map<string, string[]>,
): Pick<ChaosReport, 'lost' | 'outOfOrder' | 'repeated' | 'underTwoIds'> {
  const counts = { lost: 0, outOfOrder: 0, repeated: 0, underTwoIds: 0 };
  for (const all of received.values()) {
    const first = new Map<string, Received>();
    for (const one of all) {
      if (first.has(one.id)) counts.repeated += 1;
      else first.set(one.id, one);
    }
    for (const [opportunity, stages] of ledger) {
      const came = [...first.values()].filter((one) => one.opportunity === opportunity).map(({ to }) => to);
      counts.lost += stages.filter((stage) => !came.includes(stage)).length;
      counts.underTwoIds += came.length - new Set(came).size;
      const places = came.map((stage) => stages.indexOf(stage));
      counts.outOfOrder += places.filter((place, index) => place < (places[index - 1] ?? -1)).length;
    }
  }
  return counts;
}

async function main(): Promise<void> {
  const { values } = readFlags(USAGE, {
    runs: { type: 'string', default: '24' },
    store: { type: 'string', default: 'postgresql' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  });
  const rounds = wholeNumber('--runs', values.runs, 1_000_000, 1);
  const store =
    STORES.find((name) => name === values.store) ??
    refuse(`--store ${values.store}: there is no such store. There are: ${STORES.join(', ')}.`);
  if (!ATTACKS.some((attack) => attack.includes(values.only)))
    refuse(`--only ${values.only}: no attack has that in its name. There are: ${ATTACKS.join(', ')}.`);
  const relayScript = join(import.meta.dirname, '../../relay/main.ts');
  const report = await runChaos({ rounds, relayScript, store, only: values.only }, (round, attack) =>
    console.log(`${round} of ${rounds}: ${attack}`),
  );
  console.log(report);
  if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
  const { lost, outOfOrder, underTwoIds, acknowledged, seconds } = report;
  const inRounds = `${rounds} ${rounds === 1 ? 'round' : 'rounds'} in ${seconds} s`;
  const isWhole = lost + outOfOrder + underTwoIds === 0;
  console.log(
    isWhole
      ? `${inRounds}: all of ${acknowledged} changes came to each subscription, in order and under one id.`
      : `${inRounds}: of ${acknowledged} changes ${lost} were lost, ${outOfOrder} out of order, ${underTwoIds} under two ids.`,
  );
  if (!isWhole) process.exitCode = 1;
}

if (import.meta.main) await main();
