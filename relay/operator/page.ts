import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';

const FOLDER = join(import.meta.dirname, 'page');

const FILES = [
  { path: '/operator/', file: 'index.html', type: 'text/html; charset=utf-8' },
  { path: '/operator/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
  { path: '/operator/dom.js', file: 'dom.js', type: 'text/javascript; charset=utf-8' },
  { path: '/operator/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
];

/** Nothing from outside; framed by pages of this machine alone, as the workbench's. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*",
].join('; ');

/**
 * GET /operator/: a page for the operator, without anything to be kept secret: it asks for the token and calls the
 * operator's routes with it.
 */
export function operatorPage(app: FastifyInstance): void {
  for (const { path, file, type } of FILES) {
    const content = readFileSync(join(FOLDER, file));
    app.get(path, (_request, reply) =>
      reply
        .headers({
          'content-security-policy': POLICY,
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
          'cache-control': 'no-cache',
        })
        .type(type)
        .send(content),
    );
  }
  app.get('/operator', (_request, reply) => reply.redirect('/operator/'));
}
