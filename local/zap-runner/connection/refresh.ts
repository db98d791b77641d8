import type { Call, Reply } from '../app/call.ts';
import { type Failure, ZapFailure } from '../app/failure.ts';
import type { Cost, OnEvent } from '../events.ts';
import { type Connection, keepTopLevel } from './connection.ts';

// Statuses that do not speak of the connection itself [docs: since 2025-09-08].
const PASSING = new Set([408, 409, 423, 425, 429]);

/** What a refresh needs of Zapier's side. */
export type RefreshHost = {
  callOnce: (call: Call) => Promise<Reply>;
  markStale: (connection: Connection, reason: string) => void;
  emit: OnEvent;
  serialiseRefresh: boolean;
};

const underWay = new WeakMap<Connection, Promise<unknown>>();

/**
 * Refreshes a connection for a call that was told that its token is stale, and merges what comes back over the
 * old authData. Another 4xx than 408, 409, 423, 425 and 429 marks the connection stale; a 5xx leaves it for the
 * next try [docs].
 *
 * Whether Zapier lets one refresh of a connection at a time through is not established. With
 * `serialiseRefresh` it does here, and a call whose token was replaced meanwhile goes on with the new one;
 * without, each call refreshes with the token that it was given, so that a lost race can be tested.
 * @param used what the failed call was sent with.
 * @throws ZapFailure of kind `refresh_failed`.
 */
export async function refreshConnection(
  host: RefreshHost,
  connection: Connection,
  used: { version: number; authData: Connection['authData'] },
): Promise<Cost> {
  if (!host.serialiseRefresh) return refreshNow(host, connection, used.authData);
  const waitedFor = underWay.get(connection);
  // A refresh that failed for the other call is tried again for this one.
  await waitedFor?.catch(() => undefined);
  if (connection.version !== used.version) return { requests: 0, ms: 0 };
  if (underWay.has(connection)) return refreshConnection(host, connection, used);
  const running = refreshNow(host, connection, connection.authData);
  underWay.set(connection, running);
  return running.finally(() => underWay.delete(connection));
}

async function refreshNow(
  host: RefreshHost,
  connection: Connection,
  authData: Connection['authData'],
): Promise<Cost> {
  try {
    const reply = await host.callOnce({
      method: 'authentication.oauth2Config.refreshAccessToken',
      connection: { ...connection, authData },
    });
    connection.authData = { ...connection.authData, ...keepTopLevel(reply.results) };
    connection.version += 1;
    const cost = { requests: reply.requests, ms: reply.ms };
    host.emit({ type: 'refreshed', connection: connection.id, ok: true, ...cost });
    return cost;
  } catch (error) {
    if (!(error instanceof ZapFailure)) throw error;
    const { failure, requests, ms } = error;
    host.emit({ type: 'refreshed', connection: connection.id, ok: false, failure, requests, ms });
    if (isFinal(failure)) host.markStale(connection, failure.message || 'The refresh was refused.');
    throw new ZapFailure({ ...failure, kind: 'refresh_failed' }, { requests, ms });
  }
}

function isFinal(failure: Failure): boolean {
  // core turns a 401 of the token endpoint itself into a RefreshAuthError too [run].
  if (failure.kind === 'refresh_auth' || failure.kind === 'expired_auth') return true;
  const status = failure.status ?? 0;
  return status >= 400 && status < 500 && !PASSING.has(status);
}
