import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxContext } from '../state/context.ts';
import { contraryAnswer } from './answers.ts';
import { isCreation } from './calls.ts';
import { refuse } from './refusals.ts';

/** Spoils the answer of a call that has saved its record; true if nothing is to be sent any more. */
function loseAnswer(ctx: SandboxContext, request: FastifyRequest, reply: FastifyReply): 'cut' | '502' | null {
  const { contrary } = ctx;
  if (reply.statusCode >= 300) return null;
  const key = `write ${request.method} ${request.url.split('?')[0]}`;
  const creation = isCreation(request);
  const cut =
    (creation && contrary.has('post-answer-lost')) ||
    (request.method === 'PUT' && contrary.has('put-answer-lost'));
  if (cut && contrary.isFirst(key)) return 'cut';
  return creation && contrary.has('post-answer-502') && contrary.isFirst(key) ? '502' : null;
}

/**
 * Puts the contrary answers on all routes that are added to this instance after it. What an answer cannot show from
 * outside (an order, a rule on duplicates, a page of the sign-in) is decided in its own route.
 */
export function addContraries(app: FastifyInstance, ctx: SandboxContext): void {
  app.addHook('preHandler', async (request, reply) => {
    if (await refuse(ctx, request, reply)) return reply;
  });
  app.addHook('preSerialization', async (request, reply, payload) => {
    const lost = loseAnswer(ctx, request, reply);
    if (lost === 'cut') request.raw.socket.destroy();
    if (lost === '502') {
      reply.code(502);
      return { statusCode: 502, message: 'Bad Gateway' };
    }
    return contraryAnswer(ctx, request, reply, payload);
  });
  app.addHook('onSend', async (_request, reply, payload) => {
    if (ctx.contrary.has('no-rate-headers')) {
      for (const name of Object.keys(reply.getHeaders())) {
        if (name.startsWith('x-ratelimit-')) reply.removeHeader(name);
      }
    }
    return payload;
  });
}
