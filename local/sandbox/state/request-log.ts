import { createHash } from 'node:crypto';

/** One call that the sandbox was asked. */
export interface LoggedRequest {
  /** When it came, in ms of the sandbox's clock. */
  at: number;
  method: string;
  path: string;
  query: Record<string, unknown>;
  /** As parsed; secrets of the token endpoint are replaced by a hash. */
  body: unknown;
  /** Without `authorization`: see `token`. */
  headers: Record<string, unknown>;
  /** What stood for a token: never the token itself. */
  token: { present: boolean; sha256: string | null };
  /** The answer's status; 0 where the connection was cut. */
  status: number;
}

const KEPT = 10_000;

/** What callers asked, newest last; the oldest are forgotten beyond 10,000. */
export interface RequestLog {
  entries: LoggedRequest[];
  add(entry: LoggedRequest): void;
  clear(): void;
}

export function requestLog(): RequestLog {
  const entries: LoggedRequest[] = [];
  return {
    entries,
    add(entry) {
      entries.push(entry);
      if (entries.length > KEPT) entries.splice(0, entries.length - KEPT);
    },
    clear() {
      entries.length = 0;
    },
  };
}

/**
 * What the log keeps of an Authorization header: whether one came, and the first 12 hex digits of its SHA-256,
 * enough to see that two calls bore the same token.
 */
export function tokenTrace(authorization: string | undefined): LoggedRequest['token'] {
  if (authorization === undefined) return { present: false, sha256: null };
  const sha256 = createHash('sha256').update(authorization).digest('hex').slice(0, 12);
  return { present: true, sha256 };
}

const SECRETS = /^(client_?secret|refresh_?token|code)$/i;

/** A body for the log: of an upload its size in bytes; what the token endpoint keeps secret becomes `sha256:` and 12 hex digits. */
export function bodyTrace(path: string, body: unknown): unknown {
  if (Buffer.isBuffer(body)) return { bytes: body.length };
  if (!path.startsWith('/oauth/') || typeof body !== 'object' || body === null) return body ?? null;
  const shown = Object.entries(body).map(([key, value]) => {
    const hash = createHash('sha256').update(String(value)).digest('hex').slice(0, 12);
    return [key, SECRETS.test(key) ? `sha256:${hash}` : value];
  });
  return Object.fromEntries(shown);
}
