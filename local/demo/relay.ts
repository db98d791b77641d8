import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../relay/postgres/free-port.ts';
import { readConfig, startRelay } from '../../relay/relay.ts';
import type { Sandbox } from '../sandbox/index.ts';

const START_WITHIN_MS = 60_000;

export interface DemoRelay {
  url: string;
  /** Where the Zaps' hooks have to be: the relay delivers nowhere else. */
  hookPort: number;
  /** Resolves once it has nothing left to process or to deliver. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a relay that takes the sandbox's webhooks and delivers to this machine alone, on a database that ends with it.
 *
 * @param signal gives up a start that waits for its database
 * @throws Error where no database can be started here
 */
export async function startDemoRelay(sandbox: Sandbox, signal?: AbortSignal): Promise<DemoRelay> {
  // The relay has to be told of it before anything listens there.
  const hookPort = await freePort();
  // The relay makes the folder, so that its database may use it whoever runs this.
  const dataDir = join(tmpdir(), `highlevel-demo-relay-${process.pid}-${hookPort}`);
  const removeData = () => rm(dataDir, { recursive: true, force: true });
  const config = readConfig({
    RELAY_PORT: '0',
    RELAY_DATA_DIR: dataDir,
    HIGHLEVEL_API_URL: sandbox.url,
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
    RELAY_TARGET_HOSTS: `http://127.0.0.1:${hookPort}`,
    LOG_LEVEL: 'error',
  });
  const late = AbortSignal.timeout(START_WITHIN_MS);
  const relay = await startRelay(config, { signal: signal ? AbortSignal.any([signal, late]) : late }).catch(
    async (error: unknown) => {
      await removeData();
      throw late.aborted
        ? new Error(`its database did not answer within ${START_WITHIN_MS / 1000} s.`)
        : error;
    },
  );
  sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
  return {
    url: relay.url,
    hookPort,
    idle: relay.idle,
    close: async () => {
      await relay.close();
      await removeData();
    },
  };
}
