import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createAccess } from './access.ts';
import type { Config } from './config.ts';
import { healthRoute, type Phase } from './health-route.ts';
import { createIngest } from './ingest.ts';
import { levelsOf } from './levels.ts';
import { createLog } from './log.ts';
import { createMetrics, type Levels, metricsRoute } from './metrics.ts';
import { operatorRoutes } from './operator/routes.ts';
import { operatorOnly } from './operator-access.ts';
import { type Outbound, type OutboundOptions, startOutbound } from './outbound.ts';
import { createDoor, watchBacklog } from './reception.ts';
import { createServer } from './server.ts';
import { keepTidy } from './store/housekeeping.ts';
import { openStore, type Store } from './store/store.ts';
import { subscriptionsRoute } from './subscriptions-route.ts';
import { warmUp } from './warm-up.ts';
import { webhooksRoute } from './webhooks-route.ts';

export { ConfigError, readConfig } from './config.ts';

export interface Relay {
  /** Where it listens. */
  url: string;
  /**
   * Resolves once every event that was acknowledged is processed and every delivery made, given up or dropped.
   *
   * @throws Error where the database does not answer
   */
  idle(): Promise<void>;
  /** Takes nothing more, writes and hands over what it holds, and stops, its own database last. */
  close(): Promise<void>;
}

export interface RelayOptions {
  /** Standard output unless told. */
  log?: Logger;
  /** Gives up a start that waits for a database. */
  signal?: AbortSignal;
  /** How deliveries are made, where not as usual. */
  outbound?: Partial<OutboundOptions>;
}

/**
 * Starts a relay. It listens at once, and answers HighLevel with 429 until its store is there: an event that meets a
 * shut port may be lost.
 *
 * @returns the relay, once it is warm and ready
 * @throws Error where it cannot listen, or its store cannot be had
 */
export async function startRelay(
  config: Config,
  { log: given, signal, outbound: outboundOptions }: RelayOptions = {},
): Promise<Relay> {
  const log = given ?? createLog(config.logLevel);
  const app = createServer(log);
  const door = createDoor();
  const metrics = createMetrics();
  const closers: (() => Promise<void>)[] = [() => app.close()];
  let phase: Phase = 'starting';
  let store: Store | null = null;
  let outbound: Outbound | null = null;
  let levels: Levels;
  const db = () => store?.db ?? null;

  /** In the opposite order of the start; what one of them throws does not keep the others from ending. */
  async function close(): Promise<void> {
    if (phase === 'draining') return;
    phase = 'draining';
    log.info('draining');
    await door.close();
    for (const end of closers.reverse()) {
      await end().catch((error: unknown) =>
        log.error({ err: error }, 'a part of the relay did not end well'),
      );
    }
    log.info('stopped');
  }

  healthRoute(app, () => phase, db);
  webhooksRoute(app, config.webhookKeys, door, metrics);
  operatorRoutes(app, config.adminToken, () => store && outbound && { db: store.db, outbound });
  metricsRoute(app, metrics, operatorOnly(config.adminToken));
  subscriptionsRoute(app, config, createAccess(config.highlevelUrl), db);
  try {
    await app.listen({ port: config.port, host: config.host });
    store = await openStore(config, log, signal);
    closers.unshift(store.close);
    phase = 'warming';
    await warmUp(store.db, log);
    const tidier = keepTidy(store.db, log);
    closers.push(tidier.stop);
    outbound = startOutbound(store.db, config.targets, { log, metrics }, outboundOptions);
    closers.push(outbound.stop);
    levels = levelsOf(store.db, outbound.queue);
    metrics.watch(levels);
    door.open(createIngest(store.db, outbound.arrived), watchBacklog(store.db, config.maxBacklog));
    phase = 'ready';
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  log.info({ at: url }, 'ready');
  return { url, idle: () => untilIdle(levels), close };
}

/** The inbox first: an event becomes deliveries in the moment that it leaves the inbox. */
async function untilIdle({ inbox, deliveries }: Levels): Promise<void> {
  while ((await inbox()).count > 0 || (await deliveries()).count > 0) await setTimeout(IDLE_CHECK_MS);
}

const IDLE_CHECK_MS = 20;
