/** What the routes that the Zapier app calls for a Zap have in common: the proof of its token, and how they refuse. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as s from 'zod/mini';
import { SHARED_SECRET_HEADER } from '../../wire/subscriptions.ts';
import { bearerToken, knowsSecret } from '../http/secrets.ts';
import type { Access } from './access.ts';

const RETRY_AFTER_SECONDS = 30;
/** Those behind a proxy that does not say for whom it calls share their turns. */
const UNKNOWN_CALLER = '';

/**
 * A hook before each request: refuses the one that does not know the relay's shared secret.
 *
 * @param secret null where none is asked for
 */
export function sharedSecretOnly(secret: string | null) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (secret === null) return;
    if (knowsSecret(request, secret)) return;
    await refuse(
      reply,
      403,
      'wrong_relay_secret',
      `The header ${SHARED_SECRET_HEADER} does not hold this relay’s shared secret.`,
    );
  };
}

/** Whether the caller's token may read the location; where not, the refusal has been sent. */
export async function prove(
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access,
  locationId: string,
): Promise<{ companyId: string | null } | null> {
  const token = bearerToken(request);
  if (token === null) {
    await noToken(reply);
    return null;
  }
  const verdict = await access.check(token, locationId, request.callerKey ?? UNKNOWN_CALLER);
  if (verdict.kind === 'allowed') return verdict;
  if (verdict.kind === 'expired') {
    await refuse(
      reply,
      401,
      'token_refused',
      'HighLevel does not take this token: it is expired or was taken away.',
    );
  } else if (verdict.kind === 'forbidden') {
    await refuse(reply, 403, 'not_your_location', 'HighLevel does not let this token read that location.');
  } else {
    request.log.warn({ why: verdict.why }, 'HighLevel could not be asked about a token');
    await later(reply, 'HighLevel could not be asked whether this token may read that location.');
  }
  return null;
}

/** What is wrong with a body, as one text. */
export function faultsOf(error: s.core.$ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.') || 'The body'}: ${message}`).join('; ');
}

/** Answers with a refusal: the relay's own code for it, and a sentence. */
export function refuse(reply: FastifyReply, status: number, error: string, message: string): FastifyReply {
  return reply.code(status).send({ error, message });
}

/** 401: there is no token. */
export function noToken(reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Bearer');
  return refuse(reply, 401, 'no_token', 'Send the HighLevel access token as a bearer token.');
}

/** 503, with when to ask again. */
export function later(reply: FastifyReply, message: string): FastifyReply {
  reply.header('retry-after', RETRY_AFTER_SECONDS);
  return refuse(reply, 503, 'unavailable', message);
}
