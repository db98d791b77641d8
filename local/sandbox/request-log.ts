import { createHash } from 'node:crypto';

/** One call that the sandbox was asked. */
export interface LoggedRequest {
  /** When it came, in ms of the sandbox's clock. */
  at: number;
  method: string;
  path: string;
  query: Record<string, unknown>;
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
