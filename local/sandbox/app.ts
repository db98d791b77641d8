import formbody from '@fastify/formbody';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { guard } from './auth.ts';
import type { SandboxContext } from './context.ts';
import { HighLevelError } from './errors.ts';
import type { Fault } from './faults.ts';
import { rateLimiter } from './rate-limit.ts';
import { bodyTrace, type LoggedRequest, tokenTrace } from './request-log.ts';
import { ROUTES } from './routes.ts';
import { needOf } from './scopes.ts';
import { newTraceId, withTrace } from './traces.ts';

/** Bodies above this are refused, in bytes; HighLevel states no figure [assumed]. */
const BODY_LIMIT = 2 * 1024 * 1024;

const CONTROL = '/_sandbox/';

function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? request.url;
}

function isControl(request: FastifyRequest): boolean {
  return pathOf(request).startsWith(CONTROL);
}

/** Waits without keeping the process alive: a call that hangs must not outlive its server. */
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

/** Plays a fault; true if the call has been dealt with. */
async function play(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (fault.hangMs !== undefined) await sleep(fault.hangMs);
  if (fault.cut === true) {
    reply.hijack();
    request.raw.socket.destroy();
    return true;
  }
  if (fault.status === undefined) return false;
  reply.code(fault.status).headers(fault.headers ?? {});
  await reply.send(fault.body ?? { statusCode: fault.status, message: 'Sandbox fault' });
  return true;
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

/**
 * The server without its socket: parsing, faults, the guard, traces, the log, errors, and every route of `ROUTES`.
 *
 * @param onWrite called after each call that may have changed something.
 * @param onExchange called after each call with what was asked and the bytes answered.
 */
export function buildApp(
  ctx: SandboxContext,
  onWrite: () => void = () => {},
  onExchange?: (asked: LoggedRequest, answer: string) => void,
): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT, forceCloseConnections: true, exposeHeadRoutes: false });
  const limiter = rateLimiter(ctx.now, ctx.settings);
  const lateFaults = new WeakMap<FastifyRequest, Fault>();

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

  app.addHook('onRoute', (route) => {
    const open = route.config?.open === true;
    for (const method of [route.method].flat()) {
      if (!open && needOf(method, route.url) === null) {
        throw new Error(`${method} ${route.url} has no line in scopes.ts`);
      }
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    request.traceId = newTraceId();
    if (!isControl(request)) reply.headers(limiter.idle().headers);
  });
  app.addHook('preValidation', async (request, reply) => {
    if (isControl(request)) return;
    const fault = ctx.faults.take(request.method, pathOf(request));
    if (fault === null) return;
    if (fault.when === 'after') lateFaults.set(request, fault);
    else if (await play(fault, request, reply)) return reply;
  });
  app.addHook('preValidation', guard(ctx, limiter));
  app.addHook('preSerialization', async (request, _reply, payload) =>
    isControl(request) ? payload : withTrace(payload, request.traceId),
  );
  app.addHook('onSend', async (request, reply, payload) => {
    const fault = lateFaults.get(request);
    if (fault === undefined) return payload;
    lateFaults.delete(request);
    if (fault.hangMs !== undefined) await sleep(fault.hangMs);
    if (fault.cut === true) {
      request.raw.socket.destroy();
      return payload;
    }
    if (fault.status === undefined) return payload;
    reply.code(fault.status).headers(fault.headers ?? {});
    return JSON.stringify(fault.body ?? { statusCode: fault.status, message: 'Sandbox fault' });
  });
  const answers = new WeakMap<FastifyRequest, string>();
  if (onExchange) {
    app.addHook('onSend', async (request, _reply, payload) => {
      answers.set(request, String(payload ?? ''));
      return payload;
    });
  }
  const recorded = new WeakSet<FastifyRequest>();
  const record = (request: FastifyRequest, status: number): void => {
    // A caller that hung up is recorded then; the late end of its call is not a second one.
    if (isControl(request) || recorded.has(request)) return;
    recorded.add(request);
    const { authorization, ...headers } = request.headers;
    const asked: LoggedRequest = {
      at: ctx.now(),
      method: request.method,
      path: pathOf(request),
      query: { ...(request.query as Record<string, unknown>) },
      body: bodyTrace(pathOf(request), request.body),
      headers,
      token: tokenTrace(authorization),
      status,
    };
    ctx.log.add(asked);
    onExchange?.(asked, answers.get(request) ?? '');
  };
  app.addHook('onResponse', async (request, reply) => {
    record(request, reply.statusCode);
    if (request.method !== 'GET') onWrite();
  });
  app.addHook('onRequestAbort', async (request) => record(request, 0));

  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    const message = `Cannot ${request.method} ${pathOf(request)}`;
    return reply.code(404).send({ statusCode: 404, message, error: 'Not Found' });
  });
  app.register(async (inner) => {
    for (const routes of ROUTES) routes(inner, ctx);
  });
  return app;
}
