import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Item = { id: string; name: string; changed_at: string; value?: number };

/** The server behind fixture-app.ts, with its insides open to the tests. */
export type Crm = {
  origin: string;
  items: Item[];
  /** Subscribed URLs by id. */
  hooks: Map<string, string>;
  requests: string[];
  /** The access token that is good; any other gets a 401. */
  accessToken: string;
  /** Whether no access token is good, however new. */
  locked: boolean;
  /** Refresh tokens that may be used, each once unless there is grace. */
  refreshTokens: Set<string>;
  grace: boolean;
  /** Status of the next refreshes, where it is to be another than 200. */
  refuseRefresh?: number;
  /** How many more times /throttled answers 429, and with which Retry-After. */
  throttle: { times: number; seconds?: number };
  /** What /authorize and /token were last asked. */
  asked: { authorize?: URLSearchParams; token?: Record<string, unknown> };
  expireToken: () => void;
  close: () => Promise<void>;
};

/** Starts the CRM on loopback. */
export async function startCrm(): Promise<Crm> {
  let issued = 0;
  const issue = () => {
    issued += 1;
    crm.accessToken = `access-${issued}`;
    crm.refreshTokens.add(`refresh-${issued}`);
    return {
      access_token: crm.accessToken,
      refresh_token: `refresh-${issued}`,
      expires_in: 3600,
      account_id: 'acc-1',
      nested: { dropped: true },
    };
  };

  const routes: Record<string, (url: URL, body: Record<string, unknown>) => [number, unknown]> = {
    'POST /token': (_url, body) => {
      crm.asked.token = body;
      const refresh = body.refresh_token as string | undefined;
      if (refresh === undefined) return [200, issue()];
      if (crm.refuseRefresh) return [crm.refuseRefresh, { error: 'refused' }];
      if (!crm.refreshTokens.has(refresh)) return [400, { error: 'invalid_grant' }];
      if (!crm.grace) crm.refreshTokens.delete(refresh);
      return [200, issue()];
    },
    'GET /me': () => [200, { name: 'Ann' }],
    'GET /items': (url) => {
      const name = url.searchParams.get('name');
      return [200, name === null ? crm.items : crm.items.filter((item) => item.name.includes(name))];
    },
    'POST /items': (_url, body) => {
      const item = { id: `d${crm.items.length + 1}`, changed_at: 'now', ...body } as Item;
      crm.items.unshift(item);
      return [201, { id: item.id }];
    },
    'GET /throttled': () => {
      if (crm.throttle.times === 0) return [200, { id: 'through' }];
      crm.throttle.times -= 1;
      return [429, {}];
    },
    'GET /status/404': () => [404, { message: 'no such item' }],
    'POST /hooks': (_url, body) => {
      const id = `hook-${crm.hooks.size + 1}`;
      crm.hooks.set(id, String(body.url));
      return [200, { id }];
    },
  };

  const answer = (method: string, url: URL, body: Record<string, unknown>): [number, unknown] => {
    const [, room, id = ''] = url.pathname.split('/');
    const route = routes[`${method} ${url.pathname}`];
    if (route) return route(url, body);
    if (room === 'details') return [200, { id, phone: `+1 ${id}`, owner: { name: 'Bo' } }];
    if (room === 'hooks' && method === 'DELETE') return [200, { deleted: crm.hooks.delete(id) }];
    const item = crm.items.find((candidate) => candidate.id === id);
    if (!item) return [404, {}];
    if (method === 'PUT') Object.assign(item, body);
    return [200, item];
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://crm');
    const body = await readJson(request);
    crm.requests.push(`${request.method} ${url.pathname}`);
    if (url.pathname === '/authorize') return sendBack(url, response);
    const open = url.pathname === '/token';
    const good = request.headers.authorization === `Bearer ${crm.accessToken}` && !crm.locked;
    if (!open && !good) return send(response, 401, {});
    const [status, reply] = answer(request.method ?? 'GET', url, body);
    if (status === 429 && crm.throttle.seconds) response.setHeader('retry-after', crm.throttle.seconds);
    return send(response, status, reply);
  });
  const sendBack = (url: URL, response: ServerResponse) => {
    crm.asked.authorize = url.searchParams;
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({
      code: 'c0de',
      state: url.searchParams.get('state') ?? '',
      account: 'acc-1',
    }).toString();
    response.statusCode = 302;
    response.setHeader('location', back.href);
    response.end();
  };
  const crm: Crm = {
    origin: '',
    items: [],
    hooks: new Map(),
    requests: [],
    accessToken: '',
    locked: false,
    refreshTokens: new Set(),
    grace: false,
    throttle: { times: 0 },
    asked: {},
    expireToken: () => {
      crm.accessToken = 'another';
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  crm.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return crm;
}

/** Consents at once: follows the redirect of /authorize by hand. */
export async function browse(url: string): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  return response.headers.get('location') ?? '';
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text === '' ? {} : JSON.parse(text);
}
