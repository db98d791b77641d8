/** Where hooks go in benchmarks, as a process of its own: it counts what is new and how long each took. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let seen = new Set<string>();
let latencies: number[] = [];

interface Body {
  id?: string;
  webhookId?: string;
  timestamp?: string;
  change?: { at: string };
}

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    text += chunk;
  });
  request.on('end', () => {
    if (request.url === '/reset') {
      seen = new Set();
      latencies = [];
      response.end('{}');
    } else if (request.url === '/seen') {
      response.end(JSON.stringify({ seen: seen.size }));
    } else if (request.url === '/latencies') {
      response.end(JSON.stringify(latencies));
    } else {
      const body = JSON.parse(text) as Body;
      const id = body.webhookId ?? body.id ?? '';
      if (!seen.has(id)) {
        seen.add(id);
        latencies.push(Date.now() - Date.parse(body.change?.at ?? body.timestamp ?? ''));
      }
      response.end('{}');
    }
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
