import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let started: Promise<string> | null = null;

/** The address of a server that says of all digests that they differ, as a relay does of what changed. */
export function differingRelay(): Promise<string> {
  started ??= start();
  return started;
}

async function start(): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { digests } = JSON.parse(Buffer.concat(chunks).toString()) as { digests: object };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ changed: Object.keys(digests) }));
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
