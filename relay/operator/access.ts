import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken, sameSecret } from '../http/secrets.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const LOCAL_NAME = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Guards the operator's routes: with a token set, who sends it comes in; without, who calls from this very machine.
 * A call that a reverse proxy passed on is not from this machine, nor is a page in a browser that had a name of its
 * own point here.
 */
export function operatorOnly(adminToken: string | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const welcome = adminToken === null ? isLocal(request) : sameSecret(bearerToken(request), adminToken);
    if (welcome) return;
    await reply.code(401).send({
      error: 'not_the_operator',
      message:
        adminToken === null
          ? 'Without RELAY_ADMIN_TOKEN this answers to the machine that the relay runs on alone.'
          : 'Send RELAY_ADMIN_TOKEN as a bearer token.',
    });
  };
}

function isLocal({ socket, headers }: FastifyRequest): boolean {
  const passedOn = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'origin'].some(
    (name) => headers[name],
  );
  return LOOPBACK.has(socket.remoteAddress ?? '') && LOCAL_NAME.test(headers.host ?? '') && !passedOn;
}
