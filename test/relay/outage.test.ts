import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startEmbedded } from '../../relay/postgres/embedded.ts';
import { type Relay, readConfig, startRelay } from '../../relay/relay.ts';
import {
  type Answer,
  call,
  capturedLog,
  embeddedUrl,
  opportunityEvent,
  STORES,
  sendWebhook,
  startTestRelay,
  stored,
  type TestRelay,
  temporaryFolder,
  until,
} from './support/relay.ts';

/** Keeps everybody from writing into the inbox, as a database does that is there and stuck. */
async function blockInbox(url: string): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query('lock table relay.seen_events in exclusive mode');
  return () => client.end();
}

describe('a relay whose store is in trouble', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function start(store: (typeof STORES)[number], settings = {}): Promise<TestRelay> {
    const relay = await startTestRelay(store, settings);
    ends.push(relay.stop);
    return relay;
  }

  const readiness = async ({ url }: Relay) => (await call(`${url}/readyz`)).body.status;

  it('answers 429 while its database is dead, and takes events again once it is back', async () => {
    const relay = await start(STORES[0]);
    expect(await readiness(relay)).toBe('ready');
    const note = join(relay.folder, 'postgres', 'postmaster.pid');
    process.kill(Number(readFileSync(note, 'utf8').split('\n')[0]), 'SIGKILL');
    let event: ReturnType<typeof opportunityEvent>;
    let answer: Answer;
    let taken = 0;
    // Its processes outlive it for a moment, and may store one more.
    do {
      event = opportunityEvent();
      answer = await sendWebhook(relay, event);
      if (answer.status === 200) taken += 1;
    } while (answer.status === 200);
    expect(answer).toMatchObject({ status: 429, body: { status: 'database' } });
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(await readiness(relay)).toBe('database down');
    expect((await call(`${relay.url}/healthz`)).status).toBe(200);
    await until(async () => {
      answer = await sendWebhook(relay, event);
      expect([200, 429]).toContain(answer.status);
      return answer.status === 200;
    });
    await until(async () => (await readiness(relay)) === 'ready');
    expect(await stored(relay)).toBe(taken + 1);
  }, 60_000);

  it('does the same on a database that it does not run itself', async () => {
    const folder = temporaryFolder();
    ends.push(folder.remove);
    const { log } = capturedLog();
    const other = await startEmbedded(join(folder.path, 'other'), log);
    const relay = await startTestRelay(STORES[0], { DATABASE_URL: other.url });
    await other.stop();
    const event = opportunityEvent();
    expect(await sendWebhook(relay, event)).toMatchObject({ status: 429, body: { status: 'database' } });
    const again = await startEmbedded(join(folder.path, 'other'), log);
    ends.push(again.stop, relay.stop);
    expect(again.url).toBe(other.url);
    await until(async () => (await sendWebhook(relay, event)).status === 200);
  }, 60_000);

  it('answers 429 within seconds while its database is stuck, and knows the event when it comes again', async () => {
    const relay = await start(STORES[0]);
    const release = await blockInbox(embeddedUrl(relay.folder));
    const event = opportunityEvent();
    const began = Date.now();
    expect(await sendWebhook(relay, event)).toMatchObject({ status: 429, body: { status: 'database' } });
    expect(Date.now() - began).toBeLessThan(8_000);
    await release();
    await until(async () => (await stored(relay)) === 1);
    expect(await sendWebhook(relay, event)).toMatchObject({ status: 200, body: { status: 'seen' } });
  }, 60_000);

  it('answers 429 while it drains, and ends when those it had let in are written', async () => {
    const relay = await startTestRelay(STORES[1]);
    const url = relay.environment.DATABASE_URL ?? '';
    const release = await blockInbox(url);
    const letIn = sendWebhook(relay, opportunityEvent());
    await until(async () => {
      const waiting = await relay.db.query(`select from pg_locks where not granted and relation is not null`);
      return waiting.length > 0;
    });
    const closed = relay.close();
    expect(await sendWebhook(relay, opportunityEvent())).toMatchObject({
      status: 429,
      body: { status: 'draining' },
    });
    expect(await readiness(relay)).toBe('draining');
    await release();
    expect(await letIn).toMatchObject({ status: 200, body: { status: 'stored' } });
    await closed;
    expect(await stored(relay)).toBe(1);
    await expect(sendWebhook(relay, opportunityEvent())).rejects.toThrow();
    await relay.stop();
  }, 60_000);

  it('listens from the first moment, and waits for a database that comes later', async () => {
    const folder = temporaryFolder();
    ends.push(folder.remove);
    const { log, text } = capturedLog();
    const first = await startEmbedded(join(folder.path, 'other'), log);
    await first.stop();
    const starting = startRelay(readConfig({ RELAY_PORT: '0', DATABASE_URL: first.url }), { log });
    await until(() => text().includes('the database cannot be reached; trying again'));
    const port = text().match(/Server listening at http:\/\/127\.0\.0\.1:(\d+)/)?.[1];
    const url = `http://127.0.0.1:${port}`;
    const hook = await fetch(`${url}/webhooks/highlevel`, { method: 'POST', body: '{}' });
    expect(hook.status).toBe(429);
    expect(await call(`${url}/readyz`)).toMatchObject({ status: 503, body: { status: 'starting' } });
    expect(await call(`${url}/subscriptions/x`, { method: 'DELETE' })).toMatchObject({ status: 503 });
    const second = await startEmbedded(join(folder.path, 'other'), log);
    ends.push(second.stop);
    const relay = await starting;
    ends.push(relay.close);
    expect(await call(`${relay.url}/readyz`)).toMatchObject({ status: 200, body: { status: 'ready' } });
    expect(text()).not.toContain(new URL(first.url).password);
  }, 60_000);

  it('gives up the wait when it is reported to, and at once where the database refuses it', async () => {
    const config = readConfig({ RELAY_PORT: '0', DATABASE_URL: 'postgres://a:b@127.0.0.1:9/nothing' });
    const { log, text } = capturedLog();
    const stopping = new AbortController();
    const starting = startRelay(config, { log, signal: stopping.signal });
    const ended = expect(starting).rejects.toThrow(/abort/i);
    await until(() => text().includes('cannot be reached'));
    stopping.abort();
    await ended;

    const folder = temporaryFolder();
    ends.push(folder.remove);
    const server = await startEmbedded(join(folder.path, 'other'), log);
    ends.push(server.stop);
    const wrong = server.url.replace(new URL(server.url).password, 'wrong-password');
    const refused = startRelay(readConfig({ RELAY_PORT: '0', DATABASE_URL: wrong }), { log });
    await expect(refused).rejects.toThrow('password authentication failed');
    expect(text()).not.toContain('wrong-password');
  }, 60_000);

  it('shares the work on one database with a second relay, which knows what the first took', async () => {
    const relay = await start(STORES[1]);
    const { log } = capturedLog();
    const second = await startRelay(readConfig(relay.environment), { log });
    ends.push(second.close);
    const events = Array.from({ length: 60 }, () => opportunityEvent());
    const answers = await Promise.all(
      events.flatMap((event) => [relay, { ...relay, url: second.url }].map((one) => sendWebhook(one, event))),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(120).fill(200));
    expect(answers.filter(({ body }) => body.status === 'stored')).toHaveLength(60);
    expect(await stored(relay)).toBe(60);
  }, 60_000);
});
