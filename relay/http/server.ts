import rateLimit from '@fastify/rate-limit';
import {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  fastify,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { CallerOf, ProxyRule } from './callers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null where a proxy does not say so. */
    callerKey: string | null;
  }
}

/** A body that comes so slowly, or never ends, is given up. */
const REQUEST_TIMEOUT_MS = 15_000;
/** Node looks for late requests every 30 s by itself, so that one was seen to live for 84 s. [run] */
const LATE_CHECK_MS = 1_000;
/** Far more than proxies open; each may hold a body of 1 MB that nobody signed. */
const MAX_CONNECTIONS = 2_000;
/** Longer than the proxies in front keep theirs, so that it is never the relay that hangs up on a request. */
const KEEP_ALIVE_MS = 75_000;

/**
 * An HTTP server with the relay's manners: every refusal is JSON, nothing of a request is logged but its route, and
 * while it closes it still answers itself (a 503 of the framework's would cost an event).
 *
 * @param requestTimeoutMs how long the whole of a request may take to come
 * @param isProxy whose `X-Forwarded-For` is believed
 * @param callerOf who is a caller of its own
 */
export function createServer(
  log: Logger,
  {
    requestTimeoutMs = REQUEST_TIMEOUT_MS,
    isProxy = () => false,
    callerOf = () => null,
  }: { requestTimeoutMs?: number; isProxy?: ProxyRule; callerOf?: CallerOf } = {},
): FastifyInstance {
  const app = fastify({
    loggerInstance: log satisfies FastifyBaseLogger as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    return503OnClosing: false,
    trustProxy: isProxy,
    requestTimeout: requestTimeoutMs,
    http: {
      connectionsCheckingInterval: Math.min(LATE_CHECK_MS, requestTimeoutMs),
      headersTimeout: requestTimeoutMs,
    },
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.register(rateLimit, { global: false });
  app.decorateRequest('callerKey', null);
  app.addHook('onRequest', async (request) => {
    request.callerKey = callerOf(request);
  });
  app.addHook('onRequest', async (request, reply) => {
    // No text of PostgreSQL's has one.
    if (!/%00/.test(request.url)) return;
    await reply.code(400).send({ error: 'bad_request', message: 'The address must not contain %00.' });
  });
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode: status } = reply;
    const facts = { route: request.routeOptions.url, status, ms: Math.round(reply.elapsedTime) };
    if (status < 300) request.log.debug(facts, 'answered');
    else request.log.info(facts, 'refused');
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'not_found', message: 'There is nothing here.' }),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 503;
    if (status < 500) return reply.code(status).send({ error: 'bad_request', message: error.message });
    request.log.error({ err: error }, 'a request failed');
    return reply
      .code(503)
      .header('retry-after', 30)
      .send({ error: 'unavailable', message: 'The relay cannot do this for now. Try again in a minute.' });
  });
  return app;
}
