import type { FastifyInstance } from 'fastify';
import type { Queryable } from '../store/db.ts';

/** What the relay is about. Only when `ready` does it want requests. */
export type Phase = 'starting' | 'warming' | 'ready' | 'draining';

const PATIENCE_MS = 2_000;

/**
 * GET /healthz: the process lives. GET /readyz: it is warm, its database answers, and it is not about to end; else 503
 * with the reason.
 *
 * @param store null while there is none yet
 */
export function healthRoute(app: FastifyInstance, phase: () => Phase, store: () => Queryable | null): void {
  app.get('/healthz', async () => ({ status: 'alive' }));
  app.get('/readyz', async (_request, reply) => {
    const status = phase();
    if (status !== 'ready') return reply.code(503).send({ status });
    const db = store();
    if (db && (await answers(db))) return { status };
    return reply.code(503).send({ status: 'database down' });
  });
}

async function answers(db: Queryable): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const asked = db.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([asked, impatience]).finally(() => clearTimeout(timer));
}
