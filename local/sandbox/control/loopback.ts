import type { FastifyRequest } from 'fastify';
import { fail } from '../server/errors.ts';

const LOCAL_HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const LOCAL_ADDRESSES = ['127.0.0.1', '::1', '::ffff:127.0.0.1'];

/**
 * Lets through only this machine, and no web page that got here by a name of its own.
 *
 * @throws HighLevelError 403
 */
export function demandLoopback(request: FastifyRequest): void {
  const local = LOCAL_ADDRESSES.includes(request.ip) && LOCAL_HOSTS.test(request.headers.host ?? '');
  if (!local) fail(403, 'The control plane answers on loopback only.');
}
