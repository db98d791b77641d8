import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { digestsRoute } from './digests/routes.ts';
import { callersBy } from './http/callers.ts';
import { healthRoute, type Phase } from './http/health-route.ts';
import { createServer } from './http/server.ts';
import { watchGaps } from './intake/gaps.ts';
import { createGate, watchBacklog } from './intake/gate.ts';
import { createIngest } from './intake/ingest.ts';
import { warmUp } from './intake/warm-up.ts';
import { webhooksRoute } from './intake/webhooks-route.ts';
import { createLog } from './log.ts';
import { operatorOnly } from './operator/access.ts';
import { gaugesOf } from './operator/gauges.ts';
import { createMetrics, type Gauges, metricsRoute } from './operator/metrics.ts';
import { startNotices } from './operator/notices.ts';
import { operatorPage } from './operator/page.ts';
import { operatorRoutes } from './operator/routes.ts';
import { type Outbound, type OutboundOptions, startOutbound } from './outbound.ts';
import { openStore, type Store } from './postgres/open-store.ts';
import { reportsRoute } from './readings/routes.ts';
import { startNotifications } from './store/notifications.ts';
import { startRetention } from './store/retention.ts';
import { createAccess } from './subscriptions/access.ts';
import { subscriptionsRoute } from './subscriptions/routes.ts';
import { writesRoute } from './writes/routes.ts';

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
  /** Standard output unless given. */
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
  const app = createServer(log, { isProxy: config.isProxy, callerOf: callersBy(config) });
  const gate = createGate();
  const metrics = createMetrics();
  const closers: (() => Promise<void>)[] = [() => app.close()];
  let phase: Phase = 'starting';
  let store: Store | null = null;
  let outbound: Outbound | null = null;
  let gauges: Gauges | null = null;
  let stored: (partitions: readonly number[]) => void = () => undefined;
  const db = () => store?.db ?? null;

  /** In the opposite order of the start; what one of them throws does not keep the others from ending. */
  async function close(): Promise<void> {
    if (phase === 'draining') return;
    phase = 'draining';
    log.info('draining');
    await gate.close();
    for (const end of closers.reverse()) {
      await end().catch((error: unknown) =>
        log.error({ err: error }, 'a part of the relay did not end well'),
      );
    }
    log.info('stopped');
  }

  if (config.appId === null) {
    log.warn(
      'RELAY_APP_ID is not set: events of every marketplace app are taken, and an UNINSTALL of any app ends subscriptions',
    );
  }
  if (config.adminToken === null) {
    log.warn('RELAY_ADMIN_TOKEN is not set: /metrics and the operator’s routes answer nobody');
  }
  const isDiskFull = async () => ((await store?.isAlmostFull()) ?? false) || gate.isDiskFull();
  healthRoute(app, () => phase, db, isDiskFull);
  webhooksRoute(app, config, gate, metrics);
  operatorPage(app);
  operatorRoutes(
    app,
    config.adminToken,
    () => store && outbound && gauges && { db: store.db, outbound, gauges },
  );
  metricsRoute(app, metrics, operatorOnly(config.adminToken));
  const access = createAccess(config.highlevelUrl);
  subscriptionsRoute(app, config, access, db);
  writesRoute(app, config, access, db);
  digestsRoute(app, config, access, db);
  reportsRoute(app, config, access, () =>
    store && gate.refusal() === null ? { db: store.db, arrived: stored } : null,
  );
  try {
    await listen(app, config);
    store = await openStore(config, log, signal);
    closers.unshift(store.close);
    phase = 'warming';
    await warmUp(store.db, log);
    const retention = startRetention(store.db, log);
    closers.push(retention.stop);
    if (config.noticesUrl !== null) {
      const notices = startNotices(store.db, config.noticesUrl, log);
      closers.push(notices.stop);
    }
    outbound = startOutbound(store.db, config.targets, { log, metrics }, outboundOptions);
    closers.push(outbound.stop);
    stored = outbound.arrived;
    // On a database of its own it is the only one.
    if (config.databaseUrl !== null) {
      const { arrived } = outbound;
      const others = startNotifications({ db: store.db, url: store.url, log }, arrived);
      closers.push(others.stop);
      stored = (partitions) => others.send(arrived(partitions));
    }
    gauges = gaugesOf(store.db, outbound.queue);
    metrics.watch(gauges);
    const gaps = watchGaps({ db: store.db, log }, () => gate.refusal() === null, metrics.gap);
    closers.push(gaps.stop);
    await gaps.takesAgain();
    const heard = (partitions: readonly number[]) => {
      gaps.heard();
      stored(partitions);
    };
    const ingest = createIngest(store.db, heard, { before: gaps.takesAgain });
    gate.open(ingest, watchBacklog(store.db, config.maxBacklog));
    phase = 'ready';
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  log.info({ at: url }, 'ready');
  return { url, idle: () => untilIdle(gauges), close };
}

async function listen(app: FastifyInstance, { host, port }: Pick<Config, 'host' | 'port'>): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${port} of ${host} is in use by another program. Set RELAY_PORT to another port, or to 0 for any free one.`,
      { cause: error },
    );
  }
}

/** The inbox first: an event becomes deliveries in the moment that it leaves the inbox. */
async function untilIdle({ inbox, deliveries }: Gauges): Promise<void> {
  while ((await inbox()).count > 0 || (await deliveries()).count > 0) await setTimeout(IDLE_CHECK_MS);
}

const IDLE_CHECK_MS = 20;
