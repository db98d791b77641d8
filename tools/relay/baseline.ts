/**
 * What the relay is measured against, as a process of its own: the same signature is checked, and then
 *
 *   insert     one INSERT a webhook, and nothing delivered
 *   graphile   one job of graphile-worker a webhook, in a queue for each opportunity, which a worker posts
 */

import { createPublicKey, verify } from 'node:crypto';
import fastify from 'fastify';
import { Logger, type Runner, run } from 'graphile-worker';
import pg from 'pg';
import { Pool } from 'undici';

interface Baseline {
  kind: 'insert' | 'graphile';
  databaseUrl: string;
  publicKey: string;
  hooks: string;
}

const { kind, databaseUrl, publicKey, hooks } = JSON.parse(process.argv[2] ?? '{}') as Baseline;
const key = createPublicKey(publicKey);
const store = kind === 'insert' ? await openInsert() : await openGraphile();

async function openInsert() {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  await pool.query(
    'create table if not exists events (id text primary key, event jsonb, at timestamptz default now())',
  );
  return async (event: { webhookId: string; id: string }) => {
    await pool.query('insert into events (id, event) values ($1, $2)', [
      event.webhookId,
      JSON.stringify(event),
    ]);
  };
}

async function openGraphile() {
  const target = new Pool(hooks, { connections: 256 });
  const runner: Runner = await run({
    connectionString: databaseUrl,
    concurrency: 64,
    pollInterval: 200,
    noHandleSignals: true,
    // Prints each job otherwise.
    logger: new Logger(() => () => undefined),
    taskList: {
      hook: async (event) => {
        const answer = await target.request({ method: 'POST', path: '/', body: JSON.stringify(event) });
        await answer.body.dump();
      },
    },
  });
  return async (event: { webhookId: string; id: string }) => {
    await runner.addJob('hook', event, { queueName: event.id });
  };
}

const app = fastify();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) =>
  done(null, body),
);
app.post('/', async (request, reply) => {
  const body = request.body as Buffer;
  const signature = Buffer.from(String(request.headers['x-ghl-signature']), 'base64');
  if (!verify(null, body, key, signature)) return reply.code(401).send({});
  await store(JSON.parse(body.toString()));
  return {};
});
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
