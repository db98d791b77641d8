import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, databaseAccount } from './account.ts';
import { type Binaries, findBinaries } from './binaries.ts';

/** A data folder and what it takes to run a server on it. */
export interface Cluster {
  pgData: string;
  account: Account;
  binaries: Binaries;
  user: string;
  password: string;
}

const USER = 'relay';

/**
 * The cluster in a folder, made at the first start. Its password lies beside it, readable by the relay's user alone.
 *
 * @throws Error where it cannot be made, with PostgreSQL's own words
 */
export async function openCluster(folder: string): Promise<Cluster> {
  const binaries = findBinaries();
  const account = databaseAccount();
  const cluster = {
    pgData: join(folder, 'postgres'),
    account,
    binaries,
    user: USER,
    password: readPassword(join(folder, 'password')),
  };
  if (!existsSync(join(cluster.pgData, 'PG_VERSION'))) await makeCluster(folder, cluster);
  return cluster;
}

function readPassword(file: string): string {
  if (!existsSync(file))
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
  return readFileSync(file, 'utf8').trim();
}

/** Made aside and moved into place, so that a start that is cut short leaves nothing half made behind. */
async function makeCluster(folder: string, cluster: Cluster): Promise<void> {
  const { account, binaries, user, password, pgData } = cluster;
  const aside = mkdtempSync(join(folder, 'making-'));
  const passwordFile = join(aside, 'password');
  const made = join(aside, 'postgres');
  try {
    mkdirSync(made, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    for (const path of [aside, passwordFile, made]) give(path, account);
    await promisify(execFile)(
      binaries.initdb,
      [
        `--pgdata=${made}`,
        `--username=${user}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-locale',
      ],
      { ...account, env: serverEnvironment() },
    );
    renameSync(made, pgData);
    syncFolder(folder);
  } catch (error) {
    throw startError(cluster, String((error as { stderr?: string }).stderr || error));
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Without it a power cut soon after the first start could take the folder's name away, and all that is in it. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function give(path: string, { uid, gid }: Account): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/**
 * Starts the server as a child in a session of its own: the terminal's Ctrl-C is for the relay, which writes what it
 * holds before it stops the database.
 *
 * @param onLine is told what the server writes
 */
export function spawnServer(cluster: Cluster, port: number, onLine: (line: string) => void): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    // A socket file in /tmp would be one more door.
    unix_socket_directories: '',
    max_connections: '60',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '',
    // Statements and rows name what people wrote; the log is for what ails the server.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
  };
  const server = spawn(
    cluster.binaries.postgres,
    [
      '-D',
      cluster.pgData,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...cluster.account, env: serverEnvironment(), detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line.trim()) onLine(line.trim());
  });
  return server;
}

/** The relay's own secrets are none of the database's business. */
function serverEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
}

/** The error of a server or a cluster that does not come up, with what is most often in the way. */
export function startError({ pgData, account, binaries }: Cluster, said: string): Error {
  const denied = /EACCES|permission denied/i.test(said) && account.uid !== undefined;
  const advice = denied
    ? ` As root the database runs as the user "postgres", who must be able to enter every folder above ${pgData} and ` +
      `${binaries.postgres}: move the project or set RELAY_DATA_DIR, run the relay as an ordinary user, or set DATABASE_URL.`
    : '';
  return new Error(`The embedded PostgreSQL does not start: ${said.trim()}${advice}`);
}
