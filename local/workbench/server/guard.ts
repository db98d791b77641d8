import type { FastifyReply, FastifyRequest } from 'fastify';

const LOCAL_HOSTS = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
const LOCAL_ADDRESSES = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Lets in this machine alone, and no page of another origin: not one whose name was made to point here, and not one
 * that posts across. A link from elsewhere that opens a page is let in, as it can read and change nothing; the
 * consent page leads back by such a link.
 *
 * Answers 403 and ends the request otherwise.
 */
export async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { host = '', origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const here = LOCAL_ADDRESSES.has(request.ip) && LOCAL_HOSTS.test(host);
  const opensPage = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
  const sameOrigin = origin === undefined || origin === `http://${host}`;
  const sameSite = site === undefined || site === 'same-origin' || site === 'none' || opensPage;
  if (here && sameOrigin && sameSite) return;
  await reply.code(403).send({ message: 'The workbench answers this machine and its own pages only.' });
}
