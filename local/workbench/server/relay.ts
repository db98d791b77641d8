import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../relay/postgres/free-port.ts';
import { type Relay, readConfig, startRelay } from '../../../relay/relay.ts';
import type { Sandbox } from '../../sandbox/index.ts';

/** A relay for the sandbox that can go away and come back with what it knew. */
export interface BenchRelay {
  url: string;
  /** Where the Zaps' hooks have to be: the relay delivers nowhere else. */
  hookPort: number;
  isUp(): boolean;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it for good and deletes its database. */
  close(): Promise<void>;
}

/** Starts a relay that takes the sandbox's webhooks and delivers to this machine alone. */
export async function startBenchRelay(sandbox: Sandbox): Promise<BenchRelay> {
  const [port, hookPort] = [await freePort(), await freePort()];
  const dataDir = join(tmpdir(), `highlevel-workbench-relay-${process.pid}-${port}`);
  const config = readConfig({
    RELAY_PORT: String(port),
    RELAY_DATA_DIR: dataDir,
    HIGHLEVEL_API_URL: sandbox.url,
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
    RELAY_TARGET_HOSTS: `http://127.0.0.1:${hookPort}`,
    LOG_LEVEL: 'error',
  });
  let relay: Relay | null = await startRelay(config);
  const { url } = relay;
  sandbox.setSettings({ webhookUrl: `${url}/webhooks/highlevel` });
  const stop = async () => {
    const running = relay;
    relay = null;
    await running?.close();
  };
  return {
    url,
    hookPort,
    isUp: () => relay !== null,
    stop,
    async start() {
      relay ??= await startRelay(config);
    },
    async close() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
