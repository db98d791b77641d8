import { generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { PgBoss } from 'pg-boss';
import { Pool, request } from 'undici';
import { startSandbox } from '../../local/sandbox/index.ts';
import { createLog } from '../../relay/log.ts';
import { startEmbedded } from '../../relay/postgres/embedded.ts';
import { readConfig, startRelay } from '../../relay/relay.ts';

/**
 * How many webhooks a second the relay takes from HighLevel to a Zap's hook, durably: each signed, stored, matched,
 * delivered. Beside it, in the same run and on the same kind of database, the plain way of building such a thing: one
 * queue job a webhook, sent before the answer, taken by workers in batches. Load, hooks and databases share this machine.
 *
 *   npm exec -c 'node tools/bench/relay.ts'
 */

const WEBHOOKS = Number(process.argv[2] ?? 6000);
const AT_ONCE = 64;
/** Zaps that wait for deals, each for those of a pipeline of its own: one hook alone would be limited on purpose. */
const ZAPS = 64;
const ROUNDS = 3;

const keys = generateKeyPairSync('ed25519');
const sandbox = await startSandbox({ opportunities: 1 });
const locationId = sandbox.locationId;

/** The Zaps' hooks: they answer at once, and count what is new. */
const seen = new Set<string>();
let reached = () => {};
let wanted = Number.POSITIVE_INFINITY;
const sink = createServer((incoming, answer) => {
  let text = '';
  incoming.on('data', (chunk) => {
    text += chunk;
  });
  incoming.on('end', () => {
    answer.end('{}');
    seen.add((JSON.parse(text) as { id: string }).id);
    if (seen.size >= wanted) reached();
  });
});
await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve));
const { port } = sink.address() as { port: number };
const hooks = `http://127.0.0.1:${port}`;

function webhook(_: unknown, index: number): { body: string; signature: string } {
  const id = randomUUID().replaceAll('-', '').slice(0, 20);
  const body = JSON.stringify({
    type: 'OpportunityCreate',
    locationId,
    id,
    name: 'A deal of ordinary length',
    contactId: 'mTkSCb1UBjb5tk4OvB69',
    pipelineId: `pipeline${index % ZAPS}`,
    pipelineStageId: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
    status: 'open',
    monetaryValue: 1200,
    assignedTo: null,
    dateAdded: new Date().toISOString(),
    timestamp: new Date().toISOString(),
    webhookId: randomUUID(),
  });
  return { body, signature: sign(null, Buffer.from(body), keys.privateKey).toString('base64') };
}

/** Sends webhooks, so many at once, until all of them have reached a hook; gives webhooks a second and the acknowledgements' p50 and p99 in ms. */
async function measure(url: string, count: number) {
  const webhooks = Array.from({ length: count }, webhook);
  const pool = new Pool(new URL(url).origin, { connections: AT_ONCE });
  const waits: number[] = [];
  seen.clear();
  wanted = count;
  const arrived = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const began = performance.now();
  const send = async () => {
    for (let next = webhooks.pop(); next; next = webhooks.pop()) {
      const asked = performance.now();
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: new URL(url).pathname,
        headers: { 'content-type': 'application/json', 'x-ghl-signature': next.signature },
        body: next.body,
      });
      await body.dump();
      if (statusCode === 200) waits.push(performance.now() - asked);
      else webhooks.push(next);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
  await arrived;
  const seconds = (performance.now() - began) / 1000;
  await pool.close();
  waits.sort((a, b) => a - b);
  const at = (share: number) => waits[Math.floor(waits.length * share)] ?? 0;
  return { perSecond: count / seconds, p50: at(0.5), p99: at(0.99) };
}

async function openRelay() {
  const dataDir = join(tmpdir(), `bench-relay-${process.pid}`);
  const relay = await startRelay(
    readConfig({
      RELAY_PORT: '0',
      RELAY_DATA_DIR: dataDir,
      HIGHLEVEL_API_URL: sandbox.url,
      HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      RELAY_TARGET_HOSTS: hooks,
      LOG_LEVEL: 'error',
    }),
  );
  for (let zap = 0; zap < ZAPS; zap++) {
    const { statusCode, body } = await request(`${relay.url}/subscriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        locationId,
        event: 'opportunity_created',
        filters: { pipelineId: `pipeline${zap}` },
        targetUrl: `${hooks}/hooks/standard/${zap}/bench/`,
      }),
    });
    const answer = await body.text();
    if (statusCode !== 201) throw new Error(answer);
  }
  return {
    url: `${relay.url}/webhooks/highlevel`,
    close: async () => {
      await relay.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The baseline: verify, send one job, answer; workers take batches and post them. */
async function openPlain() {
  const dataDir = join(tmpdir(), `bench-plain-${process.pid}`);
  const database = await startEmbedded(dataDir, createLog('error'));
  const boss = new PgBoss({ connectionString: database.url });
  await boss.start();
  await boss.createQueue('hooks');
  const target = new Pool(hooks, { connections: 256 });
  await boss.work<{ id: string }>('hooks', { batchSize: 200, pollingIntervalSeconds: 0.5 }, async (jobs) => {
    await Promise.all(
      jobs.map(async ({ data }) => {
        const { body } = await target.request({ method: 'POST', path: '/', body: JSON.stringify(data) });
        await body.dump();
      }),
    );
  });
  const app = fastify();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.post('/', async (incoming, answer) => {
    const body = incoming.body as Buffer;
    const signature = Buffer.from(String(incoming.headers['x-ghl-signature']), 'base64');
    if (!verify(null, body, keys.publicKey, signature)) return answer.code(401).send({});
    await boss.send('hooks', JSON.parse(body.toString()));
    return {};
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    url: `${url}/`,
    close: async () => {
      await app.close();
      await boss.stop({ graceful: false });
      await target.close();
      await database.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const relay = await openRelay();
const plain = await openPlain();
await measure(relay.url, 1000);
await measure(plain.url, 1000);
const results: Record<string, Awaited<ReturnType<typeof measure>>[]> = { relay: [], plain: [] };
for (let round = 0; round < ROUNDS; round++) {
  results.relay?.push(await measure(relay.url, WEBHOOKS));
  results.plain?.push(await measure(plain.url, WEBHOOKS));
}
console.table(
  Object.fromEntries(
    Object.entries(results).map(([name, runs]) => [
      name === 'plain' ? 'one queue job a webhook (baseline)' : 'this relay',
      {
        'webhooks/s, median': Math.round(median(runs.map(({ perSecond }) => perSecond))),
        'ack p50 ms': Math.round(median(runs.map(({ p50 }) => p50))),
        'ack p99 ms': Math.round(median(runs.map(({ p99 }) => p99))),
      },
    ]),
  ),
);
const ratio = median(
  (results.relay ?? []).map(({ perSecond }, index) => perSecond / (results.plain?.[index]?.perSecond ?? 1)),
);
console.log(`${ratio.toFixed(1)} times the baseline (median of ${ROUNDS} pairs, ${WEBHOOKS} webhooks each).`);
await relay.close();
await plain.close();
await sandbox.close();
sink.close();
process.exit(0);
