import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import type { Logger } from 'pino';
import { createLog } from '../../../relay/log.ts';
import { type EmbeddedPostgres, runningUrl, startEmbedded } from '../../../relay/postgres/embedded.ts';
import { type Relay, readConfig, startRelay } from '../../../relay/relay.ts';
import { openPool, type Pool, type Queryable } from '../../../relay/store/db.ts';

/** A folder that the database's own user may pass through, where the tests run as root. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'relay-test-'));
  chmodSync(path, 0o711);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** A log on the finest level, and all that was written to it. */
export function capturedLog(): { log: Logger; text(): string } {
  let text = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { log: createLog('trace', sink), text: () => text };
}

/** The database of a relay that runs on a data folder. */
export const embeddedUrl = (folder: string): string => runningUrl(folder) ?? '';

/** Of every relay in tests. */
export const ADMIN_TOKEN = 'the-operator-of-the-tests';

/** What a relay counts, in Prometheus's text format. */
export async function metricsOf(url: string): Promise<string> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return (await fetch(`${url}/metrics`, { headers })).text();
}

export const STORES = ['the embedded PostgreSQL', 'a PostgreSQL named by DATABASE_URL'] as const;

export interface TestRelay extends Relay {
  folder: string;
  environment: Record<string, string>;
  privateKey: KeyObject;
  /** Everything logged so far. */
  logged(): string;
  db: Pool['db'];
  databaseUrl: string;
  /** Ends the relay and, where the test keeps no other on it, its folder. */
  stop(): Promise<void>;
}

/** A relay on a free port with a webhook key of its own, on one of the two kinds of store. */
export async function startTestRelay(
  store: (typeof STORES)[number],
  settings: Record<string, string> = {},
): Promise<TestRelay> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const folder = temporaryFolder();
  const { log, text } = capturedLog();
  let other: EmbeddedPostgres | undefined;
  if (store === STORES[1]) other = await startEmbedded(join(folder.path, 'other'), log);
  const dataDir = join(folder.path, 'data');
  const environment: Record<string, string> = {
    RELAY_PORT: '0',
    RELAY_DATA_DIR: dataDir,
    RELAY_ADMIN_TOKEN: ADMIN_TOKEN,
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    ...(other ? { DATABASE_URL: other.url } : {}),
    ...settings,
  };
  const relay = await startRelay(readConfig(environment), { log });
  const databaseUrl = environment.DATABASE_URL ?? embeddedUrl(dataDir);
  const pool = openPool(databaseUrl, () => undefined, 2);
  return {
    ...relay,
    folder: dataDir,
    environment,
    privateKey,
    logged: text,
    db: pool.db,
    databaseUrl,
    async stop() {
      await pool.close();
      await relay.close();
      await other?.stop();
      folder.remove();
    },
  };
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

/** Posts a webhook with HighLevel's signature, or with another where `headers` says so. */
export async function sendWebhook(
  { url, privateKey }: Pick<TestRelay, 'url' | 'privateKey'>,
  event: object | string | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const body = Buffer.isBuffer(event)
    ? event
    : Buffer.from(typeof event === 'string' ? event : JSON.stringify(event));
  return read(
    await fetch(`${url}/webhooks/highlevel`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-ghl-signature': signatureOf(body, privateKey),
        ...headers,
      },
      body,
    }),
  );
}

export function signatureOf(body: Buffer, privateKey: KeyObject): string {
  return sign(null, body, privateKey).toString('base64');
}

export async function call(
  url: string,
  { method = 'GET', token, body, headers = {} }: CallOptions = {},
): Promise<Answer> {
  return read(
    await fetch(url, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    }),
  );
}

interface CallOptions {
  method?: string;
  token?: string;
  body?: object | string;
  headers?: Record<string, string>;
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : {}, headers: response.headers };
}

/** An event as HighLevel sends it. [docs: the vendor's live example] */
export function opportunityEvent(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: 'OpportunityStageUpdate',
    locationId: '3jJ0coeqWCZMAosyGQ6K',
    versionId: '6878cec452e7c8d29d4dd3d9',
    appId: '6878cec452e7c8d29d4dd3d9',
    id: 'UHXrFfZGSH5rj7z5rdDP',
    name: 'Kim Doyle, garden',
    assignedTo: null,
    contactId: 'VQxH1EeoFPg9uhhnCeJx',
    pipelineId: 'WQ7tyljQSXAg7GuTgYdd',
    pipelineStageId: '403af14e-9afb-40b1-b394-0aa6bbe0cc5e',
    status: 'open',
    dateAdded: '2026-11-07T12:40:44.510Z',
    timestamp: '2026-11-07T12:46:45.953Z',
    webhookId: randomUUID(),
    ...fields,
  };
}

/** How many events the store knows of. */
export async function stored({ db }: Pick<TestRelay, 'db'>): Promise<number> {
  const [row] = await db.query<{ count: number }>('select count(*)::int as count from relay.seen_events');
  return row?.count ?? 0;
}

/** A Zap that waits for a kind of event that is never sent, so that the location's events are kept. */
export async function watchLocation(db: Queryable, locationId: string): Promise<void> {
  await db.query(
    `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
     values ($1, $2, 'note_created', '{}', 'https://hooks.zapier.com/hooks/x', $1, gen_random_uuid())`,
    [randomUUID(), locationId],
  );
}

/** Copies each event that is stored into the table `kept`, as a processed one is deleted. */
export async function keepEvents(db: Queryable): Promise<void> {
  await db.query('create table kept as table relay.events with no data');
  await db.query(
    'create function keep() returns trigger language plpgsql as $$ begin insert into kept values (new.*); return new; end $$',
  );
  await db.query('create trigger keep before insert on relay.events for each row execute function keep()');
}

/** Waits until something is so. */
export async function until(what: () => Promise<boolean> | boolean, withinMs = 15_000): Promise<void> {
  for (const end = Date.now() + withinMs; Date.now() < end; ) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`It was not so within ${withinMs} ms: ${what}`);
}
