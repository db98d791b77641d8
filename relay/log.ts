import { isNativeError } from 'node:util/types';
import { type DestinationStream, type Logger, pino } from 'pino';

/** Nothing that opens a gate: tokens, keys, ids of subscriptions (who has one may end it), targets, database URLs. */
const SECRET = [
  'authorization',
  'token',
  'key',
  'password',
  'url',
  'targetUrl',
  'subscriptionId',
  'headers',
  'body',
] as const;

/**
 * The relay's log: one JSON object a line. Lines are written with named facts, never with whole requests or records;
 * what is secret is blotted out by name all the same.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service: 'highlevel-relay' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET.flatMap((name) => [name, `*.${name}`]), censor: '[secret]' },
    serializers: { err: plainError },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Errors of the database and of HTTP carry rows, statements and requests beside their message: those stay out. */
function plainError(error: unknown): object {
  if (!isNativeError(error)) return { message: String(error) };
  const { name, message, stack } = error;
  const { code } = error as { code?: unknown };
  const cause = error.cause ? plainError(error.cause) : undefined;
  return { name, message, ...(code ? { code } : {}), stack, ...(cause ? { cause } : {}) };
}
