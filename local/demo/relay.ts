import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../relay/free-port.ts';
import { type Relay, readConfig, startRelay } from '../../relay/relay.ts';
import type { Sandbox } from '../sandbox/index.ts';

export interface DemoRelay {
  url: string;
  /** Where the Zaps' hooks have to be: the relay delivers nowhere else. */
  hookPort: number;
  /** Resolves once it has nothing left to process or to deliver. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** A relay that takes the sandbox's webhooks and delivers to this machine alone, on a database that ends with it. */
export async function startDemoRelay(sandbox: Sandbox): Promise<DemoRelay> {
  // The relay has to be told of it before anything listens there.
  const hookPort = await freePort();
  // The relay makes the folder, so that its database may use it whoever runs this.
  const dataDir = join(tmpdir(), `highlevel-demo-relay-${process.pid}`);
  const relay: Relay = await startRelay(
    readConfig({
      RELAY_PORT: '0',
      RELAY_DATA_DIR: dataDir,
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: sandbox.publicKeyPem,
      RELAY_TARGET_HOSTS: `http://127.0.0.1:${hookPort}`,
      LOG_LEVEL: 'error',
    }),
  );
  sandbox.setSettings({ webhookUrl: `${relay.url}/webhooks/highlevel` });
  return {
    url: relay.url,
    hookPort,
    idle: relay.idle,
    close: async () => {
      await relay.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
