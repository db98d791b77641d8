/** What went wrong in a call, read back from the way core encodes errors for Zapier. */
export type Failure = {
  kind: FailureKind;
  /** What a person would read in the Zap's history. */
  message: string;
  /** The app's own error code (`z.errors.Error(message, code, status)`). */
  code?: string;
  /** HTTP status, when the error carries one. */
  status?: number;
  /** Seconds that a ThrottledError asks to wait; absent when it does not say. */
  delaySeconds?: number;
};

export type FailureKind =
  | 'refresh_auth'
  | 'expired_auth'
  | 'refresh_failed'
  | 'stale_connection'
  | 'throttled'
  | 'halted'
  | 'app'
  | 'response'
  | 'check'
  | 'timeout'
  | 'missing_field'
  | 'unknown_field'
  | 'other';

/** The one error that the runner throws for a call that failed. */
export class ZapFailure extends Error {
  failure: Failure;
  /** HTTP requests that the app made before it failed. */
  requests: number;
  /** Milliseconds that the call took. */
  ms: number;

  constructor(failure: Failure, spent: { requests?: number; ms?: number } = {}) {
    super(failure.message || failure.kind);
    this.name = 'ZapFailure';
    this.failure = failure;
    this.requests = spent.requests ?? 0;
    this.ms = spent.ms ?? 0;
  }
}

/** The message of whatever was thrown. An error of another realm, such as that of a Code step, is no instance of Error here. */
export function messageOf(thrown: unknown): string {
  const message =
    typeof thrown === 'object' && thrown !== null && 'message' in thrown ? thrown.message : thrown;
  return String(message);
}

/** A failure with what was spent before it added to its cost; anything else that was thrown, as it is. */
export function withCost(thrown: unknown, spent: { requests: number; ms: number }): unknown {
  if (!(thrown instanceof ZapFailure)) return thrown;
  const { failure, requests, ms } = thrown;
  return new ZapFailure(failure, { requests: requests + spent.requests, ms: ms + spent.ms });
}

const KINDS: Record<string, FailureKind> = {
  RefreshAuthError: 'refresh_auth',
  ExpiredAuthError: 'expired_auth',
  ThrottledError: 'throttled',
  HaltedError: 'halted',
  AppError: 'app',
  ResponseError: 'response',
  CheckError: 'check',
};

/**
 * Reads an error thrown by the handler. AppError, ThrottledError and ResponseError carry JSON as their
 * message; the others have a "What happened" and a "Console logs" section appended, which is left out here
 * [source core/src/errors.js, core/src/middleware.js; run].
 */
export function readFailure(error: unknown): Failure {
  if (error instanceof ZapFailure) return error.failure;
  if (!(error instanceof Error)) return { kind: 'other', message: String(error) };
  const kind = KINDS[error.name] ?? 'other';
  const message = withoutContext(error.message);
  const body =
    kind === 'app' || kind === 'throttled' || kind === 'response' ? parseJson(error.message) : undefined;
  if (!body) return { kind, message };
  if (kind === 'response') {
    const url = (body.request as { url?: unknown } | undefined)?.url;
    return {
      kind,
      message: `Got ${body.status} calling ${url}: ${text(body.content)}`,
      status: number(body.status),
    };
  }
  return {
    kind,
    message: text(body.message),
    code: body.code === undefined || body.code === null ? undefined : String(body.code),
    status: number(body.status),
    delaySeconds: number(body.delay),
  };
}

function withoutContext(message: string): string {
  return message.split('\nWhat happened:\n')[0]?.split('\n\nConsole logs:')[0]?.trim() ?? '';
}

function parseJson(message: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(message);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : JSON.stringify(value);
}

function number(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}
