/** What the routes that the Zapier app calls for a Zap have in common: the proof of its token, and how they refuse. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as s from 'zod/mini';
import { SHARED_SECRET_HEADER } from '../../wire/subscriptions.ts';
import { limitCallers } from '../http/limits.ts';
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
function sharedSecretOnly(secret: string | null) {
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

/** Registers routes that the app calls: each caller is limited, and has to know the shared secret where there is one. */
export function routesForApp(
  app: FastifyInstance,
  { sharedSecret }: { sharedSecret: string | null },
  register: (inner: FastifyInstance) => void,
): void {
  app.register(async (inner) => {
    limitCallers(inner);
    inner.addHook('onRequest', sharedSecretOnly(sharedSecret));
    register(inner);
  });
}

/** A POST of the app's about one location. */
interface AppPost<Body extends { locationId: string }, Inside> {
  /** In bytes. */
  bodyLimit: number;
  body: s.ZodMiniType<Body>;
  /** What the answer needs of the relay; null while it has not that. */
  inside(): Inside | null;
  /** What is said then. */
  notYet: string;
  answer(given: Body, inside: Inside, request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
}

/** Answers once the body is understood, the token is found to read its location, and the relay can. */
export function postFromApp<Body extends { locationId: string }, Inside>(
  inner: FastifyInstance,
  access: Access,
  path: string,
  { bodyLimit, body, inside, notYet, answer }: AppPost<Body, Inside>,
): void {
  inner.post(path, { bodyLimit }, async (request, reply) => {
    const read = s.safeParse(body, request.body);
    if (!read.success) return refuse(reply, 400, 'bad_request', faultsOf(read.error));
    if (!(await prove(request, reply, access, read.data.locationId))) return reply;
    const parts = inside();
    if (!parts) return later(reply, notYet);
    return answer(read.data, parts, request, reply);
  });
}

/** What is said while there is no database yet. */
export const STARTING = 'The relay is starting.';

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
