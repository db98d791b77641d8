import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import type { Logger } from 'pino';
import { Pool } from 'undici';
import { SIGNATURE_HEADER } from '../../wire/signature.ts';
import { createServer } from '../http/server.ts';
import type { Db, Queryable } from '../store/db.ts';
import { createGate } from './gate.ts';
import { createIngest } from './ingest.ts';
import { WEBHOOKS_PATH, webhooksRoute } from './webhooks-route.ts';

const REQUESTS = 400;
const AT_ONCE = 8;

/**
 * Runs the way of an event through this process before anyone waits for it: the first second of a cold one was seen
 * to take 150 to 900 ms a request. [run] It goes through a second server with a key of its own, so that the real
 * one never takes anything HighLevel did not sign, and what it writes is rolled back.
 */
export async function warmUp(db: Db, log: Logger): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const app = createServer(log.child({}, { level: 'silent' }));
  const gate = createGate();
  const nothing = () => undefined;
  gate.open(createIngest(rolledBack(db), nothing), { isTooLong: () => false, stop: nothing });
  webhooksRoute(app, { webhookKeys: { ed25519: [publicKey], rsa: [] }, appId: null }, gate, {
    received: nothing,
    repeated: nothing,
    refused: nothing,
    acknowledged: nothing,
  });
  const client = new Pool(await app.listen({ port: 0, host: '127.0.0.1' }), { connections: AT_ONCE });
  try {
    let left = REQUESTS;
    const ask = async (): Promise<void> => {
      while (left-- > 0) {
        const body = Buffer.from(exampleEvent());
        const headers = {
          'content-type': 'application/json',
          [SIGNATURE_HEADER]: sign(null, body, privateKey).toString('base64'),
        };
        const answer = await client.request({ path: WEBHOOKS_PATH, method: 'POST', headers, body });
        await answer.body.dump();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
  } finally {
    await client.close();
    await gate.close();
    await app.close();
  }
}

class Undo extends Error {}

/** Runs each statement and takes it back. */
function rolledBack(db: Db): Queryable {
  return {
    async query<Row extends object>(text: string, values?: readonly unknown[]) {
      let rows: Row[] = [];
      await db
        .transaction(async (tx) => {
          rows = await tx.query<Row>(text, values);
          throw new Undo();
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undo)) throw error;
        });
      return rows;
    },
  };
}

/** As the vendor's own example has it. [docs] */
function exampleEvent(): string {
  return JSON.stringify({
    type: 'OpportunityUpdate',
    locationId: 'warm-up',
    id: randomUUID(),
    name: 'Warm-up',
    assignedTo: null,
    contactId: randomUUID(),
    pipelineId: randomUUID(),
    pipelineStageId: randomUUID(),
    status: 'open',
    dateAdded: new Date().toISOString(),
    timestamp: new Date().toISOString(),
    webhookId: randomUUID(),
  });
}
