import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A minute's calls of one caller to one of the public routes; a person turns on a few Zaps. */
export const CALLS_A_MINUTE = 600;
/** A minute's webhooks of one caller that HighLevel did not sign. */
export const UNSIGNED_A_MINUTE = 60;

const MINUTE_MS = 60_000;
/** In a request that is not limited the key is not looked at. */
const NOBODY = '';

export interface Limit {
  /** Counts a call. @returns in how many seconds the caller may call again; 0 for now */
  count(request: FastifyRequest): Promise<number>;
  /** The same without counting it. */
  look(request: FastifyRequest): Promise<number>;
}

/** A limit on the calls of each caller that is known. It is counted in this process alone. */
export function createLimit(app: FastifyInstance, aMinute: number): Limit {
  const check = app.createRateLimit({
    max: aMinute,
    timeWindow: MINUTE_MS,
    keyGenerator: (request) => request.callerKey ?? NOBODY,
    allowList: (_request, key) => key === NOBODY,
  });
  const ask = async (request: FastifyRequest, increment: boolean) => {
    const limit = await check(request, { increment });
    return limit.isAllowed || !limit.isExceeded ? 0 : Math.max(limit.ttlInSeconds, 1);
  };
  return { count: (request) => ask(request, true), look: (request) => ask(request, false) };
}

/** Refuses with 429 who calls these routes too often. */
export function limitCallers(app: FastifyInstance): void {
  const limit = createLimit(app, CALLS_A_MINUTE);
  app.addHook('onRequest', async (request, reply) => {
    const seconds = await limit.count(request);
    if (seconds === 0) return;
    await reply
      .code(429)
      .header('retry-after', seconds)
      .send({
        error: 'too_many_calls',
        message: `The relay takes ${CALLS_A_MINUTE} calls a minute from one caller. Try again in ${seconds} seconds.`,
      });
  });
}
