import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SHARED_SECRET_HEADER } from '../../wire/subscriptions.ts';

/** The token of an `Authorization: Bearer …` header, or null. */
export function bearerToken({ headers }: Pick<FastifyRequest, 'headers'>): string | null {
  return headers.authorization?.match(/^Bearer +(\S{1,4096})$/i)?.[1] ?? null;
}

/** Whether a caller knows a secret; how long the answer takes says nothing about it. */
export function sameSecret(given: string | null, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(secret));
}

/** Whether a request carries the secret that the relay shares with the Zapier app. */
export function knowsSecret({ headers }: Pick<FastifyRequest, 'headers'>, secret: string): boolean {
  const given = headers[SHARED_SECRET_HEADER];
  return sameSecret(typeof given === 'string' ? given : null, secret);
}
