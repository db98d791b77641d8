import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { readConfig, startRelay } from '../../../relay/relay.ts';
import { capturedLog } from '../support/relay.ts';

test('a port in use says which setting changes it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const config = readConfig({ RELAY_PORT: String(port) });
  await expect(startRelay(config, { log: capturedLog().log })).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is in use by another program. Set RELAY_PORT to another port`,
  );
  other.close();
});
