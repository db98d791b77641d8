import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { openPool } from '../../../relay/store/db.ts';

const message = (kind: string, body: Buffer) => {
  const head = Buffer.from(`${kind}0000`);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};
const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const FAREWELL = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
);

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

it('outlives a database that welcomes a session and ends it in the same breath', async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(Buffer.concat([WELCOME, FAREWELL])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const errors: Error[] = [];
  const pool = openPool(`postgres://relay@127.0.0.1:${port}/relay`, (error) => errors.push(error), 1);
  await expect(pool.db.transaction(async (tx) => tx.query('select 1'))).rejects.toThrow();
  await pool.close();
});
