import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { createServer } from '../../../relay/http/server.ts';
import { capturedLog } from '../support/relay.ts';

test.each([
  ['headers', 'POST /in HTTP/1.1\r\nhost: x\r\n'],
  ['a body', 'POST /in HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nhalf'],
])('%s that never end are given up in time', async (_, start) => {
  const app = createServer(capturedLog().log, { requestTimeoutMs: 300 });
  app.post('/in', async () => 'whole');
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  const began = Date.now();
  const socket = connect(Number(port), '127.0.0.1', () => socket.write(start));
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'close');
  expect(Date.now() - began).toBeLessThan(3_000);
  await app.close();
});
