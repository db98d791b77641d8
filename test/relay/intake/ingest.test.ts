import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer } from '../../../relay/http/server.ts';
import { createGate, watchBacklog } from '../../../relay/intake/gate.ts';
import { createIngest, Unavailable } from '../../../relay/intake/ingest.ts';
import { warmUp } from '../../../relay/intake/warm-up.ts';
import { webhooksRoute } from '../../../relay/intake/webhooks-route.ts';
import { startEmbedded } from '../../../relay/postgres/embedded.ts';
import { openStore, type Store } from '../../../relay/postgres/open-store.ts';
import { openPool, type Pool } from '../../../relay/store/db.ts';
import type { Arrival } from '../../../relay/store/inbox.ts';
import { migrate } from '../../../relay/store/schema.ts';
import {
  capturedLog,
  opportunityEvent,
  sendWebhook,
  temporaryFolder,
  until,
  watchLocation,
} from '../support/relay.ts';

const LOCATION = '3jJ0coeqWCZMAosyGQ6K';

describe('the store', () => {
  let store: Store;
  const folder = temporaryFolder();
  const { log } = capturedLog();

  beforeAll(async () => {
    store = await openStore({ databaseUrl: null, dataDir: join(folder.path, 'data') }, log);
    await watchLocation(store.db, LOCATION);
  });
  afterAll(async () => {
    await store.close();
    folder.remove();
  });

  const arrival = (webhookId: string): Arrival => ({
    webhookId,
    event: '{}',
    locationId: LOCATION,
  });
  const inbox = async () =>
    (await store.db.query<{ id: string }>('select webhook_id as id from relay.events order by seq')).map(
      ({ id }) => id,
    );
  const empty = () => store.db.query('truncate relay.seen_events, relay.events');

  describe('migrations', () => {
    it('may be run by several relays at once, and again', async () => {
      const other = await startEmbedded(join(folder.path, 'other'), log);
      const pools = [1, 2, 3, 4].map(() => openPool(other.url, () => undefined, 2));
      try {
        await Promise.all(pools.map(({ db }) => migrate(db)));
        await Promise.all(pools.map(({ db }) => migrate(db)));
        const [row] = (await pools[0]?.db.query('select count(*)::int as steps from relay.migrations')) ?? [];
        expect(row?.steps).toBeGreaterThan(0);
      } finally {
        await Promise.all(pools.map((pool) => pool.close()));
        await other.stop();
      }
    });

    it('leave a database alone that a newer relay has changed', async () => {
      await store.db.query('insert into relay.migrations (step) values (1000)');
      await expect(migrate(store.db)).rejects.toThrow('This database was changed by a newer relay');
      await store.db.query('delete from relay.migrations where step = 1000');
    });
  });

  describe('transactions', () => {
    it('are taken back as a whole when something throws', async () => {
      const work = store.db.transaction(async (tx) => {
        await tx.query(`insert into relay.events (partition_id, webhook_id, event) values (0, 'half', '{}')`);
        throw new Error('on purpose');
      });
      await expect(work).rejects.toThrow('on purpose');
      expect(await inbox()).toEqual([]);
    });

    it('report a session that breaks in the middle, and the next gets another', async () => {
      const work = store.db.transaction(async (tx) => {
        const [me] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
        await store.db.query('select pg_terminate_backend($1)', [me?.pid]);
        await new Promise((resolve) => setTimeout(resolve, 50));
        await tx.query('select 1');
      });
      await expect(work).rejects.toThrow();
      expect(await store.db.query('select 1 as one')).toEqual([{ one: 1 }]);
    });
  });

  describe('the ingest', () => {
    it('shares writes among what comes together, and reports what is new', async () => {
      await empty();
      let writes = 0;
      const counted = {
        query: <Row extends object>(text: string, values?: readonly unknown[]) => {
          writes += 1;
          return store.db.query<Row>(text, values);
        },
      };
      let reported = 0;
      const ingest = createIngest(counted, () => {
        reported += 1;
      });
      const ids = Array.from({ length: 1_200 }, (_, n) => `n${n}`);
      const taken = await Promise.all(ids.map((id) => ingest.take(arrival(id))));
      expect(taken).toEqual(Array(1_200).fill(true));
      expect(writes).toBe(3);
      expect(reported).toBe(3);
      expect(await inbox()).toEqual(ids);
      expect(await ingest.take(arrival('n7'))).toBe(false);
    });

    it('forgets what it gave up while the database hangs', async () => {
      let asked = 0;
      let release: () => void = () => undefined;
      const hanging = {
        query: () => {
          asked += 1;
          return new Promise<never[]>((resolve) => {
            release = () => resolve([]);
          });
        },
      };
      const ingest = createIngest(hanging, () => undefined, { patienceMs: 50 });
      const first = ingest.take(arrival('n0'));
      await expect(first).rejects.toMatchObject({ reason: 'database' });
      const others = Array.from({ length: 2_000 }, (_, n) =>
        ingest.take(arrival(`n${n}`)).catch((error) => error),
      );
      for (const error of await Promise.all(others)) expect(error).toMatchObject({ reason: 'database' });
      const drained = ingest.drain();
      release();
      await drained;
      expect(asked).toBe(1);
    });

    it('holds so much and no more while the database is stuck', async () => {
      let release: () => void = () => undefined;
      const stuck = {
        query: () =>
          new Promise<never[]>((resolve) => {
            release = () => resolve([]);
          }),
      };
      const ingest = createIngest(stuck, () => undefined);
      const held = Array.from({ length: 5_000 }, (_, n) => ingest.take(arrival(`n${n}`)).catch(() => null));
      await expect(ingest.take(arrival('one more'))).rejects.toMatchObject({ reason: 'overload' });
      expect(ingest.held()).toBe(5_000);
      const drained = ingest.drain();
      await expect(ingest.take(arrival('late'))).rejects.toBeInstanceOf(Unavailable);
      const releasing = setInterval(() => release(), 5);
      await Promise.all([...held, drained]);
      clearInterval(releasing);
      expect(ingest.held()).toBe(0);
    });
  });

  describe('the gate', () => {
    let pool: Pool;
    beforeAll(() => {
      pool = openPool(store.url, () => undefined, 2);
    });
    afterAll(() => pool.close());

    it('lets HighLevel come back later while too much waits, and counts each case', async () => {
      await empty();
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      const app = createServer(log);
      const gate = createGate();
      const counts: string[] = [];
      const seconds: number[] = [];
      webhooksRoute(app, { webhookKeys: { ed25519: [publicKey], rsa: [] }, appId: null }, gate, {
        received: (kind) => counts.push(`received ${kind}`),
        repeated: () => counts.push('repeated'),
        refused: (reason) => counts.push(`refused ${reason}`),
        acknowledged: (took) => seconds.push(took),
      });
      const relay = { url: await app.listen({ port: 0, host: '127.0.0.1' }), privateKey };
      const send = async (event: object | string) => (await sendWebhook(relay, event)).status;
      try {
        expect(await send(opportunityEvent())).toBe(429);
        const backlog = watchBacklog(store.db, 2, 10);
        gate.open(
          createIngest(store.db, () => undefined),
          backlog,
        );
        const [first, second, third] = [opportunityEvent(), opportunityEvent(), opportunityEvent()];
        expect(await send(first)).toBe(200);
        expect(await send(first)).toBe(200);
        expect(await send(second)).toBe(200);
        await until(backlog.isTooLong);
        expect(await send(third)).toBe(429);
        expect(await send({ type: 'ContactCreate' })).toBe(200);
        expect(await send('{')).toBe(200);
        await store.db.query('delete from relay.events');
        await until(() => !backlog.isTooLong());
        expect(await send(third)).toBe(200);
        await gate.close();
        expect(await send(opportunityEvent())).toBe(429);
      } finally {
        await app.close();
      }
      expect(counts).toEqual([
        'refused starting',
        'received OpportunityStageUpdate',
        'received OpportunityStageUpdate',
        'repeated',
        'received OpportunityStageUpdate',
        'refused backlog',
        'received ContactCreate',
        'refused unreadable',
        'received OpportunityStageUpdate',
        'refused draining',
      ]);
      expect(seconds).toHaveLength(4);
    });
  });

  it('says 429 and not 5xx to HighLevel when something unforeseen happens', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const app = createServer(log);
    const refused: string[] = [];
    webhooksRoute(
      app,
      { webhookKeys: { ed25519: [publicKey], rsa: [] }, appId: null },
      { refusal: () => null, take: () => Promise.reject(new TypeError('a slip')) },
      {
        received: () => undefined,
        repeated: () => undefined,
        refused: (reason) => refused.push(reason),
        acknowledged: () => undefined,
      },
    );
    try {
      const url = await app.listen({ port: 0, host: '127.0.0.1' });
      expect(await sendWebhook({ url, privateKey }, opportunityEvent())).toMatchObject({
        status: 429,
        body: { status: 'error' },
      });
      expect(refused).toEqual(['error']);
    } finally {
      await app.close();
    }
  });

  it('is warmed up without a trace', async () => {
    await empty();
    await warmUp(store.db, log);
    expect(await inbox()).toEqual([]);
  });
});
