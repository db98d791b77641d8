import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';

/** Who the database runs as; nothing to say where it is the relay's own user. */
export interface Account {
  uid?: number;
  gid?: number;
}

const NAME = 'postgres';

/**
 * PostgreSQL refuses to run as root. Where the relay does, its database runs as the user `postgres`, made if the
 * machine has none.
 *
 * @throws Error where there is none and it cannot be made
 */
export function databaseAccount(): Account {
  if (userInfo().uid !== 0) return {};
  const found = lookUp();
  if (found) return found;
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', NAME], { stdio: 'ignore' });
  } catch {
    throw new Error(
      `PostgreSQL does not run as root, and a user "${NAME}" could not be made for it. Run the relay as an ordinary ` +
        'user, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  return lookUp() ?? {};
}

function lookUp(): Account | null {
  try {
    const ask = (flag: string) =>
      Number(execFileSync('id', [flag, NAME], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: ask('-u'), gid: ask('-g') };
  } catch {
    return null;
  }
}
