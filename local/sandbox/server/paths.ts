import type { FastifyRequest } from 'fastify';

/** A request's path without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? request.url;
}

/** Whether a request is for the sandbox's own control routes, which are no part of HighLevel. */
export function isControl(request: FastifyRequest): boolean {
  return pathOf(request).startsWith('/_sandbox/');
}
