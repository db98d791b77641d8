import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
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

/** Where Linux lets a process reach what it has open, whatever lies above it. [docs: proc(5)] */
const HANDLES = '/proc/self/fd';

/** How the folder begins in which a cluster is made, and in it the names of what comes out. */
const ASIDE = 'making-';
const DATA = 'postgres';
const PASSWORD = 'password';

/**
 * The cluster in a folder, made at the first start. Its password lies beside it, readable by the relay's user alone.
 *
 * @throws Error where it cannot be made, with PostgreSQL's own words, and where one that was made is there no more
 */
export async function openCluster(folder: string): Promise<Cluster> {
  const account = databaseAccount();
  const found = { pgData: join(folder, DATA), account, binaries: findBinaries(account), user: USER };
  if (!existsSync(join(found.pgData, 'PG_VERSION'))) {
    if (existsSync(join(folder, PASSWORD))) throw lostDatabase(folder);
    await makeCluster(folder, found);
  }
  return { ...found, password: readPassword(folder) };
}

function lostDatabase(folder: string): Error {
  return new Error(
    `${folder} holds the password of a database, and no database: is the disk with ${join(folder, DATA)} mounted? ` +
      `Put it back. If the relay is really to begin anew, with no subscription, remove ${join(folder, PASSWORD)}.`,
  );
}

/** A start that was cut short may have moved the database into place, and the password not yet. */
function readPassword(folder: string): string {
  const file = join(folder, PASSWORD);
  const [aside] = readdirSync(folder).filter((name) => name.startsWith(ASIDE));
  if (!existsSync(file) && aside !== undefined && existsSync(join(folder, aside, PASSWORD))) {
    renameSync(join(folder, aside, PASSWORD), file);
    syncFolder(folder);
    rmSync(join(folder, aside), { recursive: true });
  }
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error(`The password of the database in ${folder} is missing: put back the file ${file}.`);
}

/** Made aside and moved into place, so that a start that is cut short leaves nothing half made behind. */
async function makeCluster(
  folder: string,
  { account, binaries, user, pgData }: Omit<Cluster, 'password'>,
): Promise<void> {
  try {
    const aside = mkdtempSync(join(folder, ASIDE));
    try {
      const password = randomBytes(24).toString('base64url');
      const passwordFile = join(aside, 'for-initdb');
      const made = join(aside, DATA);
      mkdirSync(made, { mode: 0o700 });
      writeFileSync(join(aside, PASSWORD), password, { mode: 0o600, flush: true });
      writeFileSync(passwordFile, password, { mode: 0o600 });
      for (const path of [passwordFile, made]) give(path, account);
      await runInitdb(binaries.initdb, account, { user, passwordFile, pgData: made });
      renameSync(made, pgData);
      renameSync(join(aside, PASSWORD), join(folder, PASSWORD));
      syncFolder(folder);
    } finally {
      rmSync(aside, { recursive: true, force: true });
    }
  } catch (error) {
    throw startError(error instanceof Error ? error.message : String(error));
  }
}

async function runInitdb(
  initdb: string,
  account: Account,
  { user, passwordFile, pgData }: { user: string; passwordFile: string; pgData: string },
): Promise<void> {
  const stdin = openSync(passwordFile, 'r');
  const child = spawnOn(pgData, account, stdin, initdb, (path) => [
    `--pgdata=${path}`,
    `--username=${user}`,
    '--pwfile=/dev/stdin',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
  ]);
  closeSync(stdin);
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(said || `initdb ended with ${code}`);
}

/**
 * Runs a program of PostgreSQL on a data folder. As another user it gets the folder as an open handle: the folders
 * above may be closed to that user.
 *
 * @param args are made with the path by which the program reaches the folder
 */
function spawnOn(
  pgData: string,
  account: Account,
  stdin: number | 'ignore',
  program: string,
  args: (path: string) => string[],
): ChildProcess {
  const options: SpawnOptions = { ...account, cwd: '/', env: serverEnvironment(), detached: true };
  if (account.uid === undefined || !existsSync(HANDLES)) {
    return spawn(program, args(pgData), { ...options, stdio: [stdin, 'ignore', 'pipe'] });
  }
  const handle = openSync(pgData, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return spawn(program, args(`${HANDLES}/3`), { ...options, stdio: [stdin, 'ignore', 'pipe', handle] });
  } finally {
    closeSync(handle);
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
 * @param onLine is called with each line that the server writes
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
  const server = spawnOn(cluster.pgData, cluster.account, 'ignore', cluster.binaries.postgres, (path) => [
    '-D',
    path,
    '-p',
    String(port),
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.split('\n')) if (line.trim()) onLine(line.trim());
  });
  return server;
}

/** The relay's own secrets are none of the database's business. */
function serverEnvironment(): Record<string, string> {
  return { PATH: process.env.PATH ?? '', LC_ALL: 'C' };
}

/** The error of a server or a cluster that does not come up. */
export function startError(said: string): Error {
  return new Error(`The embedded PostgreSQL does not start: ${said.trim()}`);
}
