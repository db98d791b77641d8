import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify';
import fastify, { type FastifyInstance } from 'fastify';
import { RETURN_PATH } from './api/connection.ts';
import { appRouter } from './api/router.ts';
import type { Bench } from './bench.ts';
import { guard } from './guard.ts';

/** Nothing is loaded from outside, and nobody may frame it; the relay's page for its operator is framed here. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'frame-src http://127.0.0.1:*',
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * The workbench's server: its pages, the calls that they make, and the address that a sign-in comes back to.
 *
 * @param pages the folder of the built pages
 * @param built resolves once they are there
 */
export async function createServer(
  bench: Bench,
  pages: string,
  built: Promise<unknown>,
): Promise<FastifyInstance> {
  const app = fastify({ forceCloseConnections: true, routerOptions: { maxParamLength: 5000 } });
  app.addHook('onRequest', guard);
  app.addHook('onSend', async (_request, reply) => {
    reply.headers({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });
  await app.register(fastifyTRPCPlugin, {
    prefix: '/api',
    trpcOptions: { router: appRouter, createContext: () => bench },
  });
  await app.register(fastifyStatic, {
    root: join(pages, 'assets'),
    prefix: '/assets/',
  });

  app.addHook('preHandler', async (request) => {
    if (!request.url.startsWith('/api')) await built;
  });

  app.get(RETURN_PATH, async (request, reply) => {
    const { signIn } = bench;
    if (!signIn) return reply.redirect('/connect?failed=There is no sign-in under way.');
    bench.signIn = null;
    signIn.comeBack(`${bench.url}${request.url}`);
    const failure = await signIn.done.then(
      () => null,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    return reply.redirect(failure === null ? '/connect' : `/connect?failed=${encodeURIComponent(failure)}`);
  });

  // Each state of the pages has an address of its own; all are one document.
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method !== 'GET' || request.url.startsWith('/api') || request.url.startsWith('/assets')) {
      return reply.code(404).send({ message: `There is nothing at ${request.url}.` });
    }
    return reply.type('text/html').header('cache-control', 'no-store').sendFile('index.html', pages);
  });
  return app;
}
