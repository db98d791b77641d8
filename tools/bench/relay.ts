/**
 * The relay from HighLevel's webhook to a Zap's hook, durably, on an empty and on a filled database, beside two
 * baselines in the same run: one INSERT a webhook with nothing delivered, and graphile-worker with a queue for each
 * opportunity. Load, hooks, relays and baselines are processes of their own, and share this machine.
 *
 * Times are in ms. Machines differ and are shared: what counts are the ratios.
 */

import { type ChildProcess, execFile } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { numberAbove0, readFlags, refuse, wholeNumber } from '../../local/command.ts';
import { createLog } from '../../relay/log.ts';
import { runningUrl, startEmbedded } from '../../relay/postgres/embedded.ts';
import { openPool } from '../../relay/store/db.ts';
import { startServer } from '../relay/child.ts';
import { postgresIn } from '../relay/database.ts';
import { FULL, fillStore, type Size } from '../relay/fill.ts';
import type { Load } from '../relay/load.ts';

const SUBJECTS = ['empty', 'filled', 'three', 'embedded', 'insert', 'graphile'];

const { values } = readFlags(
  `npm run bench -- relay [flags]
  Webhooks a second, p50 and p99 (ms) from HighLevel's webhook to a Zap's hook, processor time and memory (MB).
  --webhooks N      webhooks of a round at full speed (default 6000)
  --rounds N        rounds, of which the median counts (default 5)
  --scale N         how full the filled database is, such as 0.1; 1 is a large relay's, and takes long (default 0.1)
  --commit-delay N  ms that PostgreSQL waits before each sync, as real disks take (default 0)
  --only NAMES      what is measured, with commas between (default empty,filled,insert,graphile):
                    empty     a relay on an empty database
                    filled    a relay on a filled one
                    three     three relays on one database
                    embedded  a relay with a database of its own
                    insert    baseline: one INSERT a webhook, nothing delivered
                    graphile  baseline: graphile-worker, a queue for each opportunity`,
  {
    webhooks: { type: 'string', default: '6000' },
    rounds: { type: 'string', default: '5' },
    scale: { type: 'string', default: '0.1' },
    'commit-delay': { type: 'string', default: '0' },
    only: { type: 'string', default: 'empty,filled,insert,graphile' },
  },
);
const strange = values.only.split(',').find((name) => !SUBJECTS.includes(name));
if (strange !== undefined)
  refuse(`--only ${strange}: there is no such name. There are: ${SUBJECTS.join(', ')}.`);

const WEBHOOKS = wholeNumber('--webhooks', values.webhooks, 10_000_000, 1);
const ROUNDS = wholeNumber('--rounds', values.rounds, 1_000, 1);
const SCALE = numberAbove0('--scale', values.scale);
const COMMIT_DELAY = wholeNumber('--commit-delay', values['commit-delay'], 100);
const RATE = 500;
const ZAPS = 64;
const LOCATION = 'bench';

interface Subject {
  urls: string[];
  path: string;
  /** Whether what it takes arrives at a hook. */
  delivers: boolean;
  processes: ChildProcess[];
  /** Where its PostgreSQL lives. */
  database: string;
}

interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  cpuMs: number;
  databaseCpuMs: number;
  /** What PostgreSQL writes of its log for one, in KB. */
  logKb: number;
}

const keys = generateKeyPairSync('ed25519');
const publicKey = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const privateKey = keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const children: ChildProcess[] = [];
const script = (name: string) => join(import.meta.dirname, '..', 'relay', name);

async function start(
  file: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<[string, ChildProcess]> {
  const { url, process: child } = await startServer(file, args, env);
  children.push(child);
  return [url, child];
}

const folder = await mkdtemp(join(tmpdir(), 'bench-relay-'));
const postgres = await startEmbedded(folder, createLog('error'));
const admin = new pg.Client({ connectionString: postgres.url });
await admin.connect();
if (COMMIT_DELAY > 0) {
  await admin.query(`alter system set commit_delay = ${COMMIT_DELAY * 1000}`);
  await admin.query('alter system set commit_siblings = 0');
  await admin.query('select pg_reload_conf()');
}
const [hooks] = await start(script('hooks.ts'), []);

async function newDatabase(name: string): Promise<string> {
  await admin.query(`create database ${name}`);
  const url = new URL(postgres.url);
  url.pathname = `/${name}`;
  return url.href;
}

/** @param count relays on one database of this run's PostgreSQL; 0 for one relay with a database of its own */
async function openRelays(name: string, count: number, scale: number): Promise<Subject> {
  const dataDir = join(folder, name);
  const databaseUrl = count > 0 ? await newDatabase(name) : null;
  const env = {
    RELAY_PORT: '0',
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : { RELAY_DATA_DIR: dataDir }),
    HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: publicKey,
    RELAY_TARGET_HOSTS: hooks,
    LOG_LEVEL: 'info',
  };
  const main = join(import.meta.dirname, '../../relay/main.ts');
  const started: [string, ChildProcess][] = [];
  for (let index = 0; index < Math.max(count, 1); index++) started.push(await start(main, [], env));
  const pool = openPool(databaseUrl ?? runningUrl(dataDir) ?? '', () => undefined, 2);
  if (scale > 0) {
    const size = Object.fromEntries(
      Object.entries(FULL).map(([key, rows]) => [key, Math.round(rows * scale)]),
    );
    const began = performance.now();
    await fillStore(pool.db, size as unknown as Size, `${hooks}/filled`);
    console.log(`filled in ${Math.round((performance.now() - began) / 1000)} s: ${JSON.stringify(size)}`);
  }
  for (let zap = 0; zap < ZAPS; zap++) {
    await pool.db.query(
      `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
       values ($1, $2, 'opportunity_created', $3, $4, $1, gen_random_uuid())`,
      [randomUUID(), LOCATION, JSON.stringify({ pipelineId: `pipeline${zap}` }), `${hooks}/hooks/${zap}`],
    );
  }
  await pool.close();
  return {
    urls: started.map(([url]) => url),
    path: '/webhooks/highlevel',
    delivers: true,
    processes: started.map(([, child]) => child),
    database: databaseUrl ? folder : dataDir,
  };
}

async function openBaseline(kind: 'insert' | 'graphile'): Promise<Subject> {
  const databaseUrl = await newDatabase(kind);
  const [url, child] = await start(script('baseline.ts'), [
    JSON.stringify({ kind, databaseUrl, publicKey, hooks }),
  ]);
  return { urls: [url], path: '/', delivers: kind === 'graphile', processes: [child], database: folder };
}

async function measure(
  { urls, path, delivers, processes, database }: Subject,
  count: number,
  rate: number | null,
): Promise<Figures> {
  await fetch(`${hooks}/reset`);
  const load: Load = { urls, path, count, rate, privateKey, locationId: LOCATION, zaps: ZAPS };
  const pids = processes.map(({ pid }) => pid ?? 0);
  const cpuBefore = cpuMs(pids);
  const databaseBefore = cpuMs(postgresIn(database));
  const logBefore = await loggedKb();
  const costs = async () => ({
    cpuMs: (cpuMs(pids) - cpuBefore) / count,
    databaseCpuMs: (cpuMs(postgresIn(database)) - databaseBefore) / count,
    logKb: ((await loggedKb()) - logBefore) / count,
  });
  const began = performance.now();
  const { stdout } = await promisify(execFile)(process.execPath, [script('load.ts'), JSON.stringify(load)]);
  const acknowledged = JSON.parse(stdout) as { perSecond: number; p50: number; p99: number };
  if (!delivers) return { ...acknowledged, ...(await costs()) };
  while (((await (await fetch(`${hooks}/seen`)).json()) as { seen: number }).seen < count) await pause(10);
  // The load's own start is none of the relay's time.
  const sending = (count / acknowledged.perSecond) * 1000;
  const whole = Math.max(performance.now() - began - startMs, sending);
  const latencies = (await (await fetch(`${hooks}/latencies`)).json()) as number[];
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    perSecond: (count / whole) * 1000,
    p50: at(0.5),
    p99: at(0.99),
    ...(await costs()),
  };
}

/** What the shared PostgreSQL has written of its log until now; that of an embedded one is not asked for. */
async function loggedKb(): Promise<number> {
  const { rows } = await admin.query(`select (pg_current_wal_lsn() - '0/0')::float8 / 1024 as kb`);
  return rows[0].kb;
}

/**
 * What processes and their children that ended used of the processor, by the system's own account in ms; its clock
 * ticks 100 times a second.
 */
function cpuMs(pids: number[]): number {
  return pids.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + fields.slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) * 10;
  }, 0);
}

const memoryMb = ({ pid }: ChildProcess) =>
  Math.round(Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+)/)?.[1]) / 1024);
const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function startOfLoad(): Promise<number> {
  const began = performance.now();
  const load: Load = { urls: [], path: '/', count: 0, rate: null, privateKey, locationId: '', zaps: 1 };
  await promisify(execFile)(process.execPath, [script('load.ts'), JSON.stringify(load)]);
  return performance.now() - began;
}

const openers: Record<string, () => Promise<Subject>> = {
  empty: () => openRelays('empty', 1, 0),
  filled: () => openRelays('filled', 1, SCALE),
  three: () => openRelays('three', 3, 0),
  embedded: () => openRelays('embedded', 0, 0),
  insert: () => openBaseline('insert'),
  graphile: () => openBaseline('graphile'),
};
const subjects = new Map<string, Subject>();
const rounds = new Map<string, { most: Figures; paced: Figures }[]>();
/** How long the load's process takes to come up, in ms. */
let startMs = 0;

try {
  startMs = await startOfLoad();
  await measureAll();
  report();
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(
    children.map((child) =>
      child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null,
    ),
  );
  await admin.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(): Promise<void> {
  for (const name of values.only.split(',')) {
    const open = openers[name];
    if (open) subjects.set(name, await open());
  }

  // Each process has to have its code compiled.
  for (const subject of subjects.values()) await measure(subject, WEBHOOKS * subject.urls.length, null);
  for (let round = 1; round <= ROUNDS; round++) {
    for (const [name, subject] of subjects) {
      const most = await measure(subject, WEBHOOKS, null);
      const paced = await measure(subject, RATE * 4, RATE);
      rounds.set(name, [...(rounds.get(name) ?? []), { most, paced }]);
      const { perSecond } = most;
      console.log(
        `round ${round} of ${ROUNDS}, ${name}: ${Math.round(perSecond)}/s with ${most.cpuMs.toFixed(2)} ms of CPU each; ` +
          `at ${RATE}/s p50 ${Math.round(paced.p50)}, p99 ${Math.round(paced.p99)}, ${paced.cpuMs.toFixed(2)} ms`,
      );
    }
  }
}

function report(): void {
  const of = (name: string, value: (round: { most: Figures; paced: Figures }) => number) =>
    median((rounds.get(name) ?? []).map(value));
  console.table(
    Object.fromEntries(
      [...subjects].map(([name, { processes }]) => [
        name,
        {
          'webhooks/s': Math.round(of(name, ({ most }) => most.perSecond)),
          [`p50 at ${RATE}/s`]: Math.round(of(name, ({ paced }) => paced.p50)),
          [`p99 at ${RATE}/s`]: Math.round(of(name, ({ paced }) => paced.p99)),
          [`CPU ms at ${RATE}/s`]: of(name, ({ paced }) => paced.cpuMs).toFixed(2),
          'CPU ms at most': of(name, ({ most }) => most.cpuMs).toFixed(2),
          [`PostgreSQL's at ${RATE}/s`]: of(name, ({ paced }) => paced.databaseCpuMs).toFixed(2),
          "PostgreSQL's at most": of(name, ({ most }) => most.databaseCpuMs).toFixed(2),
          'log KB': of(name, ({ most }) => most.logKb).toFixed(1),
          'memory MB': Math.max(...processes.map(memoryMb)),
        },
      ]),
    ),
  );
  const ratio = (
    a: string,
    b: string,
    value: (round: { most: Figures; paced: Figures }) => number,
    what: string,
  ) => {
    if (subjects.has(a) && subjects.has(b))
      console.log(`${what}: ${(of(a, value) / of(b, value)).toFixed(2)}`);
  };
  ratio('empty', 'insert', ({ most }) => most.perSecond, 'delivered webhooks/s, by one INSERT a webhook');
  ratio('empty', 'graphile', ({ most }) => most.perSecond, 'delivered webhooks/s, by graphile-worker');
  ratio('filled', 'empty', ({ paced }) => paced.p50, 'p50 filled by empty');
  ratio('filled', 'empty', ({ paced }) => paced.p99, 'p99 filled by empty');
  ratio('embedded', 'insert', ({ most }) => most.perSecond, 'embedded: delivered/s, by one INSERT a webhook');
  ratio('three', 'empty', ({ paced }) => paced.cpuMs, `CPU a webhook at ${RATE}/s, three relays by one`);
  ratio('three', 'empty', ({ most }) => most.cpuMs, 'CPU a webhook at most, three relays by one');
  console.log(`Measured ${[...subjects.keys()].join(', ')} in ${ROUNDS} rounds each.`);
}
