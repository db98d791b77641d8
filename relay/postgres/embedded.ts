import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { type Cluster, openCluster, spawnServer, startError } from './cluster.ts';
import { makeFolder } from './folder.ts';
import { freePort, isFree } from './free-port.ts';
import { inUse, type Lock, lockFolder } from './lock.ts';
import { stopOrphan, stopProcess } from './orphan.ts';

export interface EmbeddedPostgres {
  /** Stays the same while the relay lives, over restarts of the server too. */
  url: string;
  stop(): Promise<void>;
}

/** Recovery after a power cut replays what was written since the last checkpoint: minutes at the worst. */
const START_MS = 120_000;
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** What it says to those that ask too early, and to those that stay too long. */
const EXPECTED = /the database system is (starting up|shutting down)|terminating connection/;

/**
 * A real PostgreSQL in a folder: made at the first start, started, watched (and started again if it dies), stopped
 * with the relay. A server that outlived a killed relay is taken over by stopping it and starting anew.
 *
 * @throws Error where another relay lives in this folder, or the server does not come up
 */
export async function startEmbedded(folder: string, log: Logger): Promise<EmbeddedPostgres> {
  makeFolder(folder, 0o700);
  const lock = await lockFolder(folder);
  try {
    const cluster = await openCluster(folder);
    const orphan = await stopOrphan(cluster.pgData);
    if (orphan !== null) log.warn({ process: orphan }, 'stopped the database of a relay that was killed');
    const port = await choosePort(join(folder, 'port'));
    if (!lock.held()) throw inUse(folder);
    return await watch(cluster, port, lock, log);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** How the database of a relay in this folder is reached, while that runs. Null where there never was one. */
export function runningUrl(folder: string): string | null {
  const [password, port] = ['password', 'port'].map((name) => join(folder, name));
  if (!password || !port || !existsSync(password) || !existsSync(port)) return null;
  const read = (file: string) => readFileSync(file, 'utf8').trim();
  return `postgres://relay:${read(password)}@127.0.0.1:${read(port)}/postgres`;
}

/** The port of last time where it is free, so that what an operator noted stays true; else any. */
async function choosePort(file: string): Promise<number> {
  const before = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  const port = before > 0 && (await isFree(before)) ? before : await freePort();
  writeFileSync(file, `${port}\n`);
  return port;
}

async function watch(cluster: Cluster, port: number, lock: Lock, log: Logger): Promise<EmbeddedPostgres> {
  const url = `postgres://${cluster.user}:${cluster.password}@127.0.0.1:${port}/postgres`;
  let server = await startServer(cluster, port, url, log);
  const stopping = new AbortController();
  const watched = keepRunning();

  async function keepRunning(): Promise<void> {
    for (let wait = FIRST_RETRY_MS; !stopping.signal.aborted; ) {
      if (server.exitCode === null && server.signalCode === null) {
        await once(server, 'exit', { signal: stopping.signal }).catch(() => undefined);
        if (stopping.signal.aborted) return;
        log.error(
          { code: server.exitCode, signal: server.signalCode },
          'the database ended; starting it again',
        );
      }
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      try {
        server = await startServer(cluster, port, url, log);
        log.info('the database runs again');
        wait = FIRST_RETRY_MS;
      } catch (error) {
        wait = Math.min(wait * 2, LAST_RETRY_MS);
        log.error({ err: error }, 'the database does not start; trying again');
      }
    }
  }

  return {
    url,
    async stop() {
      stopping.abort();
      await watched;
      if (server.pid !== undefined && server.exitCode === null && server.signalCode === null) {
        const gone = once(server, 'exit');
        await stopProcess(server.pid);
        await gone;
      }
      await lock.release();
    },
  };
}

async function startServer(cluster: Cluster, port: number, url: string, log: Logger): Promise<ChildProcess> {
  const said: string[] = [];
  const server = spawnServer(cluster, port, (line) => {
    said.push(line);
    if (said.length > 20) said.shift();
    if (/^(FATAL|PANIC)/.test(line) && !EXPECTED.test(line)) log.warn({ said: line }, 'database');
    else log.debug({ said: line }, 'database');
  });
  server.once('error', (error) => said.push(String(error)));
  for (const until = Date.now() + START_MS; Date.now() < until; await pause(20)) {
    if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) {
      throw startError(said.join('; '));
    }
    if (await answers(url)) return server;
  }
  if (server.pid !== undefined) await stopProcess(server.pid);
  throw startError(`it did not answer within ${START_MS / 1000} seconds; ${said.join('; ')}`);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
