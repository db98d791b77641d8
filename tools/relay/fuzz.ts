/**
 * Sends the relay bodies that no HighLevel sends, most of them signed: every answer has to be one that the relay means
 * to give, and never a 5xx.
 */

import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'undici';
import { readFlags, wholeNumber } from '../../local/command.ts';
import { createLog } from '../../relay/log.ts';
import { readConfig, startRelay } from '../../relay/relay.ts';
import { pick, randomFrom } from './random.ts';

const USAGE = `npm run fuzz -- [flags]
  Sends a relay bodies that no HighLevel sends, most of them signed. Ends with 1 where one was answered with 5xx.
  --bodies N  how many (default 1000000)
  --seed N    chooses the bodies: the same seed sends the same ones (default 1)`;

/** How many answers there were of each status. */
export type Answers = Record<number, number>;

const AT_ONCE = 64;
const PROGRESS = 10_000;

/** @param onProgress is called now and then with how many were sent */
export async function runFuzz(
  { bodies, seed }: { bodies: number; seed: number },
  onProgress: (sent: number) => void = () => undefined,
): Promise<Answers> {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const relay = await startRelay(
    readConfig({
      RELAY_PORT: '0',
      RELAY_DATA_DIR: folder,
      HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      RELAY_MAX_BACKLOG: '10000000',
    }),
    { log: createLog('silent') },
  );
  const pool = new Pool(relay.url, { connections: AT_ONCE });
  const random = randomFrom(seed);
  const answers: Answers = {};
  let sent = 0;
  const sender = async () => {
    while (sent < bodies) {
      sent += 1;
      if (sent % PROGRESS === 0) onProgress(sent);
      const body = Buffer.from(oddBody(random));
      const signature = random() < 0.95 ? sign(null, body, privateKey).toString('base64') : 'N/A';
      const headers = {
        'content-type': pick(CONTENT_TYPES, random),
        'x-ghl-signature': signature,
      };
      const answer = await pool.request({ method: 'POST', path: '/webhooks/highlevel', headers, body });
      await answer.body.dump();
      answers[answer.statusCode] = (answers[answer.statusCode] ?? 0) + 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
  } finally {
    await pool.close();
    await relay.close();
    await rm(folder, { recursive: true, force: true });
  }
  return answers;
}

const CONTENT_TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
];
const TYPES = [
  'OpportunityCreate',
  'OpportunityUpdate',
  'OpportunityDelete',
  'OpportunityStageUpdate',
  'OpportunityStatusUpdate',
  'OpportunityMonetaryValueUpdate',
  'OpportunityAssignedToUpdate',
  'NoteCreate',
  'NoteUpdate',
  'TaskComplete',
  'UNINSTALL',
  'INSTALL',
  '',
  null,
  {},
];
const KEYS = [
  'locationId',
  'companyId',
  'appId',
  'id',
  'contactId',
  'pipelineId',
  'pipelineStageId',
  'status',
  'monetaryValue',
  'assignedTo',
  'timestamp',
  'webhookId',
  '__proto__',
];

function oddBody(random: () => number): string {
  if (random() < 0.05)
    return pick(['', '{', '[]', 'null', '"text"', '\u0000', '{"type":', '[[[[', '1e999'], random);
  const event = Object.fromEntries(
    KEYS.filter(() => random() < 0.8).map((key) => [key, random() < 0.6 ? plain(key, random) : odd(random)]),
  );
  const text = JSON.stringify({ type: pick(TYPES, random), ...event });
  return random() < 0.05 ? text.slice(0, Math.floor(random() * text.length)) : text;
}

function plain(key: string, random: () => number): unknown {
  if (key === 'monetaryValue') return Math.floor(random() * 10_000);
  if (key === 'timestamp') return new Date(1.79e12 + random() * 1e10).toISOString();
  return `${key}${Math.floor(random() * 1_000)}`;
}

function odd(random: () => number): unknown {
  return pick<unknown>(
    [
      null,
      '',
      0,
      -1,
      1e308,
      true,
      [],
      {},
      'a\u0000b',
      '\ud800',
      '%00',
      '../../users',
      'x'.repeat(300),
      'x'.repeat(5_000),
      "'; drop table relay.events; --",
      '9'.repeat(40),
      '+275760-09-14T00:00:00.000Z',
      '-000001-01-01T00:00:00Z',
      { toString: 'x' },
      [[[]]],
    ],
    random,
  );
}

async function main(): Promise<void> {
  const { values } = readFlags(USAGE, {
    bodies: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
  });
  const bodies = wholeNumber('--bodies', values.bodies, 1_000_000_000, 1);
  const seed = wholeNumber('--seed', values.seed, 2 ** 32 - 1);
  const answers = await runFuzz({ bodies, seed }, (sent) => console.log(`${sent} of ${bodies}`));
  console.log('answers by status:', answers);
  const broken = Object.entries(answers).reduce(
    (sum, [status, n]) => sum + (Number(status) >= 500 ? n : 0),
    0,
  );
  console.log(
    broken === 0
      ? `${bodies} bodies, each answered as the relay means to.`
      : `${broken} of ${bodies} bodies broke the relay: it answered with 5xx.`,
  );
  if (broken > 0) process.exitCode = 1;
}

if (import.meta.main) await main();
