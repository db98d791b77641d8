import { createHash } from 'node:crypto';
import { realpathSync, rmSync, statSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Lock {
  /** Whether the lock is still this process's: another that started in the same moment may have it now. */
  held(): boolean;
  release(): Promise<void>;
}

/** A path of a Unix socket has to fit into 104 to 108 bytes, depending on the system. */
const MAX_PATH_BYTES = 100;
/** Of several that start in the same moment, each has put its own lock in place of the last one's by then. */
const SETTLE_MS = 100;

/**
 * Takes a folder for this process alone, as long as it lives: by listening on a socket in it. Whatever way a process
 * ends, nobody answers there any more; a file with a process id would be believed after a restart of the machine,
 * or in another container.
 *
 * @throws Error where a living process has it
 */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = socketPath(folder);
  if (await isAnswered(path)) throw inUse(folder);
  rmSync(path, { force: true });
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? inUse(folder) : error),
    );
    server.listen(path, resolve);
  });
  server.unref();
  const mine = statSync(path).ino;
  const held = () => statSync(path, { throwIfNoEntry: false })?.ino === mine;
  await pause(SETTLE_MS);
  if (!held()) throw inUse(folder);
  return {
    held,
    async release() {
      // Closing removes the file of that name, and it may be another's by now.
      if (held()) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function socketPath(folder: string): string {
  const path = join(folder, 'relay.sock');
  if (Buffer.byteLength(path) <= MAX_PATH_BYTES) return path;
  const name = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24);
  return join(tmpdir(), `relay-${name}.sock`);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(false);
      else reject(error);
    });
  });
}

/** The error of a folder that another relay lives in. */
export function inUse(folder: string): Error {
  return new Error(
    `Another relay is running on ${folder}. Stop it first, or give this one a RELAY_DATA_DIR of its own. ` +
      'Several relays can share the work on one DATABASE_URL.',
  );
}
