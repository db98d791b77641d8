import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { retryRules, type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';
import { createLog } from '../../../relay/log.ts';
import type { OutboundOptions } from '../../../relay/outbound.ts';
import { type Relay, readConfig, startRelay } from '../../../relay/relay.ts';
import { type Db, openPool } from '../../../relay/store/db.ts';
import type { EventKind } from '../../../wire/kinds.ts';
import type { Filters } from '../../../wire/subscriptions.ts';
import { AMPLE } from '../../support/ample.ts';
import { QUICK } from './quick.ts';
import { ADMIN_TOKEN, embeddedUrl, metricsOf } from './relay.ts';
import { type Sink, startSink } from './sink.ts';

/** HighLevel, a relay and a place for its hooks, on this machine. */
export interface Setup {
  sandbox: Sandbox;
  sink: Sink;
  relay: Relay;
  databaseUrl: string;
  /** The relay's database, with sessions of its own. */
  db: Db;
  env: Record<string, string> & { RELAY_DATA_DIR: string };
  /** The ids of the five stages of the pipeline Sales. */
  stages: string[];
  /** Subscribes a hook of the sink, and returns the subscription's id. */
  subscribe(event: EventKind, hook: string, filters?: Filters, zap?: string): Promise<string>;
  unsubscribe(id: string): Promise<void>;
  /** An opportunity of its own, already known to the relay. */
  newOpportunity(over?: Partial<Parameters<Sandbox['addOpportunity']>[0]>): Promise<string>;
  /** Changes an opportunity, a second after whatever came before, and waits until the relay has all that was sent of it. */
  change(id: string, patch: Parameters<Sandbox['changeOpportunity']>[1]): Promise<void>;
  /** Resolves when all webhooks have arrived and all that came of them has been sent, or waits for its time. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export async function startSetup(outbound: Partial<OutboundOptions> = QUICK): Promise<Setup> {
  // The relay makes it, so that the database's own user can pass through it.
  const dataDir = join(tmpdir(), `relay-${randomUUID()}`);
  const [sandbox, sink] = await Promise.all([
    startSandbox({
      opportunities: 1,
      ...AMPLE,
      webhooks: { retry: { ...retryRules('any-failure'), waitMs: () => 50 } },
    }),
    startSink(),
  ]);
  const env = {
    RELAY_PORT: '0',
    RELAY_DATA_DIR: dataDir,
    HIGHLEVEL_API_URL: sandbox.url,
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
    RELAY_TARGET_HOSTS: sink.url,
    RELAY_ADMIN_TOKEN: ADMIN_TOKEN,
    LOG_LEVEL: process.env.RELAY_TEST_LOG ?? 'silent',
  };
  const config = readConfig(env);
  const relay = await startRelay(config, { log: createLog(config.logLevel), outbound });
  sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
  sandbox.setLocation(sandbox.locationId, { allowDuplicateOpportunity: true });
  const sales = sandbox.seeded.pipelines.Sales;
  if (!sales) throw new Error('The sandbox has no pipeline Sales.');
  const authorization = `Bearer ${sandbox.accessToken}`;
  const databaseUrl = embeddedUrl(dataDir);
  const pool = openPool(databaseUrl, () => undefined, 2);

  async function settled(): Promise<void> {
    await sandbox.context.webhooks.idle();
    // Twice: what left the inbox between the two looks of one call would be seen in neither.
    for (let quiet = 0; quiet < 2; await pause(25)) {
      const levels = await metricsOf(relay.url);
      const level = (name: string) =>
        Number(levels.match(new RegExp(`^relay_${name}_backlog (.*)$`, 'm'))?.[1]);
      quiet = level('inbox') === 0 && level('deliveries') === 0 ? quiet + 1 : 0;
    }
  }

  return {
    sandbox,
    sink,
    relay,
    databaseUrl,
    db: pool.db,
    env,
    stages: Object.values(sales.stages),
    settled,
    async subscribe(event, hook, filters = {}, zap = hook) {
      const body = { locationId: sandbox.locationId, event, targetUrl: sink.hook(hook), filters, zap };
      const answer = await fetch(`${relay.url}/subscriptions`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const made = (await answer.json()) as { id: string };
      if (answer.status !== 201) throw new Error(`${answer.status}: ${JSON.stringify(made)}`);
      return made.id;
    },
    async unsubscribe(id) {
      const headers = { authorization };
      const { status } = await fetch(`${relay.url}/subscriptions/${id}`, { method: 'DELETE', headers });
      if (status !== 204) throw new Error(`The subscription did not end: ${status}`);
    },
    async newOpportunity(over = {}) {
      const { locationId } = sandbox;
      sandbox.moveClock({ by: 1_000 });
      const { id } = sandbox.addOpportunity({
        locationId,
        name: 'An opportunity',
        pipelineId: sales.id,
        contactId: sandbox.seeded.contactIds[0] ?? '',
        ...over,
      });
      await sandbox.context.webhooks.idle();
      return id;
    },
    async change(id, patch) {
      sandbox.moveClock({ by: 1_000 });
      sandbox.changeOpportunity(id, patch);
      await sandbox.context.webhooks.idle();
    },
    async close() {
      await pool.close();
      await relay.close();
      await sandbox.close();
      await sink.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
