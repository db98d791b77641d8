import type { FastifyReply, FastifyRequest } from 'fastify';
import { bearerToken, sameSecret } from '../http/secrets.ts';

/**
 * Guards the operator's routes: who sends the token comes in. Without a token set nobody does: that a call comes from
 * this machine shows nothing, as a proxy on it passes on the calls of the world.
 */
export function operatorOnly(adminToken: string | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (adminToken !== null && sameSecret(bearerToken(request), adminToken)) return;
    await reply.code(401).send({
      error: 'not_the_operator',
      message:
        adminToken === null
          ? 'Set RELAY_ADMIN_TOKEN for the relay; without it nobody is let in here.'
          : 'Send RELAY_ADMIN_TOKEN as a bearer token.',
    });
  };
}
