import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

const TRIES = 100;

/**
 * A port of this machine that nothing listens on, for a server that starts later. It is not one of those that the
 * system gives to whoever asks for any, or another server would have it by then.
 *
 * @throws Error where none is found
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(20_000, 30_000);
    if (await isFree(port)) return port;
  }
  throw new Error(`No port of 127.0.0.1 was found free in ${TRIES} tries.`);
}

/** Whether a server could listen on this port of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
