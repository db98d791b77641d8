import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Fields } from '../app/definition.ts';
import { isFields } from '../app/definition.ts';
import { closeServer, listen, readBody } from '../loopback.ts';

/** What a hook brings into the bundle. */
export type Delivery = { cleanedRequest: unknown; rawRequest: Fields };

export type HookServer = {
  /** Opens an address for one Zap; `gone` is told of each hook that comes after it was shut. */
  open: (receive: (delivery: Delivery) => void, gone: () => void) => { targetUrl: string; shut: () => void };
  close: () => Promise<void>;
};

/**
 * Stands for hooks.zapier.com on loopback: each subscription has its own URL, a hook is answered 200 before
 * anything is run, and the URL answers 410 for good once its Zap is off [docs]. What the 200 says beside an id,
 * and how Zapier throttles hooks (429), is not emulated.
 * @param port 0 lets the system choose.
 */
export async function startHookServer(port = 0): Promise<HookServer> {
  const receivers = new Map<
    string,
    { receive: (delivery: Delivery) => void; gone: () => void; shut: boolean }
  >();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://hooks');
    const receiver = receivers.get(url.pathname);
    const content = await readBody(request);
    response.setHeader('content-type', 'application/json');
    if (!receiver || receiver.shut) {
      response.statusCode = receiver ? 410 : 404;
      response.end(JSON.stringify({ status: receiver ? 'gone' : 'unknown' }));
      receiver?.gone();
      return;
    }
    response.end(JSON.stringify({ status: 'success', id: randomUUID() }));
    receiver.receive(readDelivery(request, url, content));
  });
  const origin = await listen(server, port);

  return {
    open(receive, gone) {
      const path = `/hooks/standard/${randomUUID()}/`;
      const receiver = { receive, gone, shut: false };
      receivers.set(path, receiver);
      const shut = () => {
        receiver.shut = true;
      };
      return { targetUrl: `${origin}${path}`, shut };
    },
    close: () => closeServer(server),
  };
}

function readDelivery(request: IncomingMessage, url: URL, content: string): Delivery {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [headerName(name), value]),
  );
  const query = Object.fromEntries(url.searchParams);
  const body = parseBody(content, request.headers['content-type'] ?? '');
  return {
    // The parsed body, with the query beside it where there is one [docs; assumed: that an empty one is left out].
    cleanedRequest: isFields(body) && Object.keys(query).length > 0 ? { ...body, querystring: query } : body,
    rawRequest: { method: request.method, querystring: url.search.slice(1), headers, content },
  };
}

/** `x-event` reaches the app as `Http-X-Event` [docs]. */
function headerName(name: string): string {
  const words = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `Http-${words.join('-')}`;
}

function parseBody(content: string, contentType: string): unknown {
  if (contentType.includes('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(content));
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}
