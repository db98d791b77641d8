import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery } from '../../../wire/deliveries.ts';

interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** How long to be silent first, in ms. */
  afterMs?: number;
}

interface Received {
  at: number;
  headers: IncomingHttpHeaders;
  body: Delivery;
}

/** Where hooks are sent in tests: each name is a target of its own. */
export interface Sink {
  url: string;
  hook(name: string): string;
  /** How to answer the next calls of a hook, one after another, and then 200. */
  next(name: string, ...answers: Answer[]): void;
  /** How to answer every call of a hook from now on. */
  always(name: string, answer: Answer): void;
  received(name: string): Received[];
  /** Resolves with all that came when there are so many. */
  until(name: string, count: number): Promise<Received[]>;
  close(): Promise<void>;
}

const PATIENCE_MS = 15_000;

export async function startSink(): Promise<Sink> {
  const came = new Map<string, Received[]>();
  const planned = new Map<string, Answer[]>();
  const usual = new Map<string, Answer>();
  const server = createServer(async (request, response) => {
    const name = request.url?.split('/').pop() ?? '';
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Delivery;
    received(name).push({ at: Date.now(), headers: request.headers, body });
    const answer = planned.get(name)?.shift() ?? usual.get(name) ?? { status: 200 };
    if (answer.afterMs) await pause(answer.afterMs);
    response.writeHead(answer.status, answer.headers).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  function received(name: string): Received[] {
    const list = came.get(name) ?? [];
    came.set(name, list);
    return list;
  }

  return {
    url,
    hook: (name) => `${url}/hooks/${name}`,
    next: (name, ...answers) => planned.set(name, [...(planned.get(name) ?? []), ...answers]),
    always: (name, answer) => usual.set(name, answer),
    received: (name) => [...received(name)],
    async until(name, count) {
      for (const since = Date.now(); received(name).length < count; await pause(5)) {
        if (Date.now() - since < PATIENCE_MS) continue;
        const got = received(name).map(({ body }) => body.change);
        throw new Error(`${got.length} of ${count} came to ${name}: ${JSON.stringify(got)}`);
      }
      return [...received(name)];
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
