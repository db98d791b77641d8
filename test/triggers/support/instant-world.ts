import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import App from '../../../index.ts';
import { signIn } from '../../../local/demo/scenario.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../local/sandbox/index.ts';
import { type Connection, createRunner, type LiveZap, type Runner } from '../../../local/zap-runner/index.ts';
import { freePort } from '../../../relay/postgres/free-port.ts';
import { type Relay, readConfig, startRelay } from '../../../relay/relay.ts';
import { openPool, type Pool } from '../../../relay/store/db.ts';
import { embeddedUrl } from '../../relay/support/relay.ts';
import { AMPLE } from '../../support/ample.ts';

/** HighLevel, a relay with its database open, and Zaps on this machine: the whole way of an instant trigger. */
export interface InstantWorld {
  sandbox: Sandbox;
  relay: Relay;
  runner: Runner;
  connection: Connection;
  db: Pool['db'];
  /** Turns a Zap of a trigger alone on. */
  turnOn(key: string, input?: Record<string, unknown>): Promise<LiveZap>;
  /** Turns all Zaps off. */
  turnOff(): Promise<void>;
  /** Stops the relay. */
  stopRelay(): Promise<void>;
  /** Starts it again, on the same data and at the same address. */
  restartRelay(): Promise<void>;
  close(): Promise<void>;
}

export async function startInstantWorld(options: Partial<SandboxOptions> = {}): Promise<InstantWorld> {
  const dataDir = join(tmpdir(), `relay-${randomUUID()}`);
  const sandbox = await startSandbox({ ...AMPLE, ...options });
  const hookPort = await freePort();
  const config = {
    RELAY_PORT: String(await freePort()),
    RELAY_DATA_DIR: dataDir,
    HIGHLEVEL_API_URL: sandbox.url,
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
    RELAY_TARGET_HOSTS: `http://127.0.0.1:${hookPort}`,
    LOG_LEVEL: process.env.RELAY_TEST_LOG ?? 'silent',
  };
  let relay = await startRelay(readConfig(config));
  const openDb = () => openPool(embeddedUrl(dataDir), () => undefined, 1);
  let pool = openDb();
  sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
  const runner = await createRunner({
    app: App,
    hookPort,
    environment: {
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_MARKETPLACE_URL: sandbox.url,
      CLIENT_ID: sandbox.clientId,
      CLIENT_SECRET: sandbox.clientSecret,
      RELAY_URL: relay.url,
    },
  });
  const connection = await runner.connect({
    browse: signIn(sandbox),
    fields: { login_host: 'gohighlevel' },
  });
  let zaps: LiveZap[] = [];
  return {
    sandbox,
    runner,
    connection,
    get relay() {
      return relay;
    },
    get db() {
      return pool.db;
    },
    async turnOn(key, input = {}) {
      const zap = await runner.turnOn({ name: key, trigger: { key, input }, steps: [] }, connection);
      zaps.push(zap);
      return zap;
    },
    async turnOff() {
      for (const zap of zaps) await zap.turnOff();
      zaps = [];
    },
    async stopRelay() {
      await pool.close();
      await relay.close();
    },
    async restartRelay() {
      relay = await startRelay(readConfig(config));
      pool = openDb();
    },
    async close() {
      await runner.close();
      await pool.close();
      await relay.close();
      await sandbox.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
