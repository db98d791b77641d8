import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Ends every session and writes a checkpoint; PostgreSQL's "fast" shutdown. [docs: PostgreSQL] */
const FAST = 'SIGINT';
/** Ends at once, as a power cut would; the next start recovers. PostgreSQL's "immediate". [docs: PostgreSQL] */
const IMMEDIATE = 'SIGQUIT';

const FAST_MS = 30_000;
const IMMEDIATE_MS = 10_000;

/**
 * Clears the way for a new server on a data folder: a server that outlived its relay (kill -9 leaves it running) is
 * stopped, with the dead relay's sessions and their locks. What was committed is on disk. A note of a server that is
 * no more, whose process id is another program's now, is removed: PostgreSQL would refuse to start over it.
 *
 * @returns the process id of the server that was stopped, or null
 * @throws Error where it cannot be stopped
 */
export async function stopOrphan(pgData: string): Promise<number | null> {
  const note = join(pgData, 'postmaster.pid');
  if (!existsSync(note)) return null;
  const pid = Number(readFileSync(note, 'utf8').split('\n', 1)[0]);
  if (!isServerOf(pid, pgData)) {
    rmSync(note, { force: true });
    return null;
  }
  if (await stopProcess(pid)) return pid;
  throw new Error(`A PostgreSQL (process ${pid}) of an earlier relay runs on ${pgData} and does not stop.`);
}

/** Stops a server, gently first; false where it still runs. */
export async function stopProcess(pid: number): Promise<boolean> {
  return (await signalled(pid, FAST, FAST_MS)) || signalled(pid, IMMEDIATE, IMMEDIATE_MS);
}

async function signalled(pid: number, signal: NodeJS.Signals, patienceMs: number): Promise<boolean> {
  if (!isAlive(pid)) return true;
  process.kill(pid, signal);
  for (const until = Date.now() + patienceMs; Date.now() < until; ) {
    await pause(20);
    if (!isAlive(pid)) return true;
  }
  return false;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In a container without an init nobody reaps an orphan: its process id stays, the process does not. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && /\) Z /.test(readFileSync(file, 'utf8'));
}

/** Whether a process is a PostgreSQL on this data folder: process ids are given anew, after a restart all of them. */
function isServerOf(pid: number, pgData: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return false;
  const line = commandLine(pid);
  if (!/postgres/.test(line)) return false;
  const folder = realpathSync(pgData);
  return line.includes(pgData) || line.includes(folder) || workingFolder(pid) === folder;
}

/** PostgreSQL works in its data folder. Null where the system does not say, or not to this user. */
function workingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

function commandLine(pid: number): string {
  try {
    const file = `/proc/${pid}/cmdline`;
    if (existsSync(file)) return readFileSync(file, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}
