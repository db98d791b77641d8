import { createServer } from 'node:http';
import { closeServer, listen, readBody } from '../loopback.ts';
import { messageOf } from './failure.ts';

/** Who a call is made for: what Zapier knows of it and the app does not say. */
type RpcContext = { user: string; connection: string };

export type RpcServer = {
  /** The `rpc_base` of a call made for this person and connection. */
  baseFor: (context: RpcContext) => string;
  close: () => Promise<void>;
};

type Entry = { value: string; expires: number | undefined };
type RpcCall = { id: unknown; storeKey?: string | null; method: string; params: unknown[] };

// A cursor lives about an hour [docs z.cursor].
const CURSOR_MS = 60 * 60 * 1000;

/**
 * The JSON-RPC server behind z.cache, z.cursor and z.stashFile, on loopback: one answer `{id, result}` or `{id, error}`
 * for each `{id, storeKey, method, params}` [source core/src/tools/create-rpc-client.js; run].
 *
 * A cached value belongs to the scopes named when it was set: `auth` to the connection, `user` to the person;
 * without a scope it is the app's [assumed: Zapier does not say what no scope means]. A value set with no ttl
 * stays until the server closes [assumed]. `nx` answers null when the key was there [assumed from core's types].
 * Other methods answer an error.
 * @param now milliseconds since the epoch; ttl is measured against it.
 * @param presign gives z.stashFile what it uploads to
 */
export async function startRpcServer(now: () => number, presign: () => object): Promise<RpcServer> {
  const entries = new Map<string, Entry>();

  const read = (key: string): string | null => {
    const entry = entries.get(key);
    if (!entry) return null;
    if (entry.expires !== undefined && entry.expires <= now()) {
      entries.delete(key);
      return null;
    }
    return entry.value;
  };

  const answer = (call: RpcCall, context: RpcContext): unknown => {
    const [key, ...rest] = call.params;
    switch (call.method) {
      case 'zcache_get':
        return read(cacheKey(key, rest[0], context));
      case 'zcache_set': {
        const [value, ttl, scope, nx] = rest;
        const name = cacheKey(key, scope, context);
        if (nx === true && read(name) !== null) return null;
        const expires = typeof ttl === 'number' ? now() + ttl * 1000 : undefined;
        entries.set(name, { value: String(value), expires });
        return true;
      }
      case 'zcache_delete': {
        const name = cacheKey(key, rest[0], context);
        const had = read(name) !== null;
        entries.delete(name);
        return had;
      }
      case 'get_cursor':
        return read(cursorKey(call));
      case 'set_cursor':
        entries.set(cursorKey(call), { value: String(key), expires: now() + CURSOR_MS });
        return null;
      case 'get_presigned_upload_post_data':
        return presign();
      default:
        throw new Error(`The runner does not emulate the RPC method ${call.method}.`);
    }
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://runner');
    const call = JSON.parse(await readBody(request)) as RpcCall;
    const context = {
      user: url.searchParams.get('user') ?? '',
      connection: url.searchParams.get('connection') ?? '',
    };
    let reply: object;
    try {
      reply = { id: call.id, result: answer(call, context) };
    } catch (error) {
      reply = { id: call.id, error: messageOf(error) };
    }
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(reply));
  });
  const origin = await listen(server);

  return {
    baseFor: (context) => `${origin}/rpc?${new URLSearchParams(context)}`,
    close: () => closeServer(server),
  };
}

function cacheKey(key: unknown, scope: unknown, context: RpcContext): string {
  const scopes = Array.isArray(scope) ? scope : [];
  const owner = {
    user: scopes.includes('user') ? context.user : undefined,
    connection: scopes.includes('auth') ? context.connection : undefined,
  };
  return JSON.stringify(['cache', owner, key]);
}

function cursorKey(call: RpcCall): string {
  // Zapier gives a storeKey only where canPaginate allows a cursor [source core/src/tools/should-paginate.js].
  if (!call.storeKey) throw new Error('z.cursor can only be used where canPaginate is true.');
  return JSON.stringify(['cursor', call.storeKey]);
}
