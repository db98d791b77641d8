/** Names that HighLevel puts in `error` beside a status (spec DTOs; recorded for 400, 401, 403, 422). */
const NAMES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
};

/** A refusal in HighLevel's own body: `{statusCode, message, error, …extra}`; the server adds `traceId`. */
export class HighLevelError extends Error {
  readonly status: number;
  readonly body: Record<string, unknown>;

  constructor(status: number, message: string | string[], extra: Record<string, unknown> = {}) {
    super(Array.isArray(message) ? message.join('; ') : message);
    this.status = status;
    const name = NAMES[status];
    this.body = { statusCode: status, message, ...(name === undefined ? {} : { error: name }), ...extra };
  }
}

/**
 * Ends a request with a HighLevel-shaped error.
 *
 * @param status HTTP status.
 * @param message HighLevel's message; one sentence, or a list where HighLevel sends a list.
 * @param extra further keys of the body, for example `code` and `meta` [measured by others: OPPORTUNITY_NO_DUPLICATE].
 * @throws HighLevelError always.
 */
export function fail(status: number, message: string | string[], extra: Record<string, unknown> = {}): never {
  throw new HighLevelError(status, message, extra);
}

/**
 * Ends a request with 422 and a list of messages, as HighLevel's validation does [issue #262].
 *
 * @param messages one sentence a fault, for example `property source should not exist`.
 * @throws HighLevelError always.
 */
export function unprocessable(messages: string[], extra: Record<string, unknown> = {}): never {
  throw new HighLevelError(422, messages, extra);
}
