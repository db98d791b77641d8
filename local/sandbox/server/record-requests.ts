import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SandboxContext } from '../state/context.ts';
import { bodyTrace, type LoggedRequest, tokenTrace } from '../state/request-log.ts';
import { isControl, pathOf } from './paths.ts';

/**
 * Records each call to the API in the request log, once, with status 0 where the caller hung up.
 *
 * @param onExchange called after each call with what was asked and the bytes answered.
 */
export function recordRequests(
  app: FastifyInstance,
  ctx: SandboxContext,
  onExchange?: (asked: LoggedRequest, answer: string) => void,
): void {
  const answers = new WeakMap<FastifyRequest, string>();
  const recorded = new WeakSet<FastifyRequest>();

  function record(request: FastifyRequest, status: number): void {
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
  }

  if (onExchange) {
    app.addHook('onSend', async (request, _reply, payload) => {
      answers.set(request, String(payload ?? ''));
      return payload;
    });
  }
  app.addHook('onResponse', async (request, reply) => record(request, reply.statusCode));
  app.addHook('onRequestAbort', async (request) => record(request, 0));
}
