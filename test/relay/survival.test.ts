import { generateKeyPairSync } from 'node:crypto';
import { chownSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openPool } from '../../relay/store/db.ts';
import { seenKey } from '../../relay/store/inbox.ts';
import { type RelayProcess, runRelay } from './support/child.ts';
import { embeddedUrl, opportunityEvent, sendWebhook, temporaryFolder } from './support/relay.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const asRoot = userInfo().uid === 0;

describe('a relay as a process of its own', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  function environment(): Record<string, string> {
    const { path, remove } = temporaryFolder();
    ends.push(remove);
    return {
      RELAY_DATA_DIR: join(path, 'data'),
      HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    };
  }

  async function run(settings: Record<string, string>): Promise<RelayProcess> {
    const relay = await runRelay(settings);
    ends.push(async () => {
      if (relay.process.exitCode === null && relay.process.signalCode === null) await relay.end('SIGTERM');
    });
    return relay;
  }

  async function storedIds(folder: string): Promise<Set<unknown>> {
    const pool = openPool(embeddedUrl(folder), () => undefined, 1);
    try {
      const rows = await pool.db.query(`select replace(id::text, '-', '') as id from relay.seen_events`);
      return new Set(rows.map(({ id }) => id));
    } finally {
      await pool.close();
    }
  }

  it('loses nothing that it acknowledged when it is killed at any moment, again and again', async () => {
    const settings = environment();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const relay = await run(settings);
      if (round > 0) expect(relay.output()).toContain('stopped the database of a relay that was killed');
      let alive = true;
      const sender = async () => {
        while (alive) {
          const webhookId = crypto.randomUUID();
          const answer = await sendWebhook(
            { url: relay.url, privateKey },
            opportunityEvent({ webhookId }),
          ).catch(() => null);
          if (answer?.status === 200) acknowledged.add(webhookId);
        }
      };
      const senders = Array.from({ length: 8 }, sender);
      const before = acknowledged.size;
      while (acknowledged.size < before + 100) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await relay.end('SIGKILL')).toBe(null);
      alive = false;
      await Promise.all(senders);
    }
    const relay = await run(settings);
    const there = await storedIds(settings.RELAY_DATA_DIR ?? '');
    expect([...acknowledged].filter((id) => !there.has(seenKey(id)))).toEqual([]);
    const [one = ''] = acknowledged;
    const again = await sendWebhook({ url: relay.url, privateKey }, opportunityEvent({ webhookId: one }));
    expect(again.body).toEqual({ status: 'seen' });
  }, 120_000);

  it('ends on SIGTERM and on Ctrl-C with code 0, and leaves no database behind', async () => {
    const settings = environment();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const relay = await run(settings);
      expect(await relay.end(signal)).toBe(0);
      expect(relay.output()).toContain('"msg":"stopped"');
      await expect(storedIds(settings.RELAY_DATA_DIR ?? '')).rejects.toThrow(/ECONNREFUSED/);
    }
  }, 60_000);

  it('refuses, with the reason alone, to run beside another on one folder', async () => {
    const settings = environment();
    await run(settings);
    await expect(runRelay(settings)).rejects.toThrow(
      /The relay ended: .*Another relay is running on .*\. Stop it first/s,
    );
  }, 60_000);

  it('says what to set where a setting is wrong, and nothing more', async () => {
    await expect(runRelay({ RELAY_PORT: 'eighty', DATABASE_URL: 'localhost:5432' })).rejects.toThrow(
      /^The relay ended: The relay cannot start with these settings:\n {2}RELAY_PORT must be .*\n {2}DATABASE_URL must be .*\n$/,
    );
  });

  (asRoot ? it : it.skip)(
    'runs as an ordinary user too',
    async () => {
      const settings = environment();
      const folder = join(settings.RELAY_DATA_DIR ?? '', '..');
      chownSync(folder, 65534, 65534);
      const relay = await runRelay(settings, { uid: 65534, gid: 65534 });
      const answer = await sendWebhook({ url: relay.url, privateKey }, opportunityEvent());
      expect(answer).toMatchObject({ status: 200, body: { status: 'stored' } });
      expect(await relay.end('SIGTERM')).toBe(0);
    },
    60_000,
  );
});
