import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../relay/postgres/free-port.ts';
import { type Relay, readConfig, startRelay } from '../relay/relay.ts';
import type { Sandbox } from './sandbox/index.ts';

const START_WITHIN_MS = 60_000;

/** A relay for a sandbox on this machine, which can go away and come back with what it knew. */
export interface LocalRelay {
  url: string;
  /** The relay's page for its operator, with the token that opens it. */
  operatorUrl: string;
  /** Where the Zaps' hooks have to be: the relay delivers nowhere else. */
  hookPort: number;
  /** Resolves once it has nothing left to process or to deliver. */
  idle(): Promise<void>;
  isUp(): boolean;
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
  /** Stops it for good and deletes its database. */
  close(): Promise<void>;
}

/**
 * Starts a relay that takes the sandbox's webhooks and delivers to this machine alone, on a database that ends with it.
 *
 * @param signal gives up a start that waits for its database
 * @throws Error where no database can be started here
 */
export async function startLocalRelay(sandbox: Sandbox, signal?: AbortSignal): Promise<LocalRelay> {
  // The relay has to be told of it before anything listens there.
  const hookPort = await freePort();
  // The relay makes the folder, so that its database may use it whoever runs this.
  const dataDir = join(tmpdir(), `highlevel-local-relay-${process.pid}-${hookPort}`);
  const removeData = () => rm(dataDir, { recursive: true, force: true });
  const adminToken = randomBytes(24).toString('hex');
  const settings = {
    RELAY_PORT: '0',
    RELAY_DATA_DIR: dataDir,
    HIGHLEVEL_API_URL: sandbox.url,
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
    RELAY_APP_ID: sandbox.context.client.appId,
    RELAY_TARGET_HOSTS: `http://127.0.0.1:${hookPort}`,
    RELAY_ADMIN_TOKEN: adminToken,
    LOG_LEVEL: 'error',
  };
  const late = AbortSignal.timeout(START_WITHIN_MS);
  let relay: Relay | null = await startRelay(readConfig(settings), {
    signal: signal ? AbortSignal.any([signal, late]) : late,
  }).catch(async (error: unknown) => {
    await removeData();
    throw late.aborted ? new Error(`its database did not answer within ${START_WITHIN_MS / 1000} s.`) : error;
  });
  const { url } = relay;
  sandbox.setSettings({ webhookUrl: `${url}/webhooks/highlevel` });
  const stop = async () => {
    const running = relay;
    relay = null;
    await running?.close();
  };
  return {
    url,
    operatorUrl: `${url}/operator/#token=${adminToken}`,
    hookPort,
    idle: async () => relay?.idle(),
    isUp: () => relay !== null,
    stop,
    async start() {
      relay ??= await startRelay(readConfig({ ...settings, RELAY_PORT: new URL(url).port }));
    },
    close: async () => {
      await stop();
      await removeData();
    },
  };
}
