import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { SandboxContext } from '../state/context.ts';
import type { LoggedRequest } from '../state/request-log.ts';
import { HighLevelError } from './errors.ts';
import { guard } from './guard.ts';
import { isControl, pathOf } from './paths.ts';
import { addFaults } from './play-faults.ts';
import { rateLimiter } from './rate-limit.ts';
import { recordRequests } from './record-requests.ts';
import { requiredScope } from './scopes.ts';
import { newTraceId, withTrace } from './traces.ts';

/** Bodies above this are refused, in bytes; HighLevel states no figure [assumed]. */
const BODY_LIMIT = 2 * 1024 * 1024;

/** One part of HighLevel's API, put on the server. */
export type RoutePlugin = (app: FastifyInstance, ctx: SandboxContext) => void;

export interface AppHooks {
  /** Called after each call that may have changed something. */
  onWrite: () => void;
  /** Called after each call with what was asked and the bytes answered. */
  onExchange?: ((asked: LoggedRequest, answer: string) => void) | undefined;
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof HighLevelError) return reply.code(error.status).send(error.body);
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status >= 400 && status < 500) {
    // An unreadable body: too long, not JSON, of an unknown type; all 400 [assumed].
    const message = error instanceof Error ? error.message : 'Bad Request';
    return reply.code(400).send({ statusCode: 400, message, error: 'Bad Request' });
  }
  console.error(`sandbox: ${request.method} ${pathOf(request)}:`, error);
  return reply.code(500).send({ statusCode: 500, message: 'Internal server error' });
}

/** A path that cannot be decoded has no route, and so none of the hooks below. */
function answerUnreadablePath(error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const body = { statusCode: 400, message: error.message, error: 'Bad Request', traceId: newTraceId() };
  reply.code(400).send(body);
}

function readBodies(app: FastifyInstance): void {
  app.register(formbody);
  // A client may announce JSON and send nothing, on DELETE for example; that is no body, not a broken one.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    if (text.length === 0) return done(null, undefined);
    try {
      done(null, JSON.parse(text.toString()));
    } catch (error) {
      done(error instanceof Error ? Object.assign(error, { statusCode: 400 }) : new Error('Bad Request'));
    }
  });
}

/**
 * The server without its socket: parsing, faults, the guard, traces, the log, errors, and the given routes.
 *
 * @throws Error at start for a route that has no line in scopes.ts.
 */
export function buildApp(ctx: SandboxContext, routes: RoutePlugin[], hooks: AppHooks): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    frameworkErrors: answerUnreadablePath,
  });
  const limiter = rateLimiter(ctx.now, ctx.settings);
  readBodies(app);

  app.addHook('onRoute', (route) => {
    const open = route.config?.open === true;
    for (const method of [route.method].flat()) {
      if (!open && requiredScope(method, route.url) === null) {
        throw new Error(`${method} ${route.url} has no line in scopes.ts`);
      }
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    request.traceId = newTraceId();
    if (!isControl(request)) reply.headers(limiter.idle().headers);
  });
  addFaults(app, ctx);
  app.addHook('preValidation', guard(ctx, limiter));
  app.addHook('preSerialization', async (request, _reply, payload) =>
    isControl(request) ? payload : withTrace(payload, request.traceId),
  );
  recordRequests(app, ctx, hooks.onExchange);
  app.addHook('onResponse', async (request) => {
    if (request.method !== 'GET') hooks.onWrite();
  });

  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const message = `Cannot ${request.method} ${pathOf(request)}`;
    return reply.code(404).send({ statusCode: 404, message, error: 'Not Found' });
  });
  app.register(async (inner) => {
    for (const addRoutes of routes) addRoutes(inner, ctx);
  });
  return app;
}
