import type { FastifyInstance } from 'fastify';
import type { Queryable } from '../store/db.ts';
import { oldestEventAgeMs } from '../store/inbox.ts';
import { limitCallers } from './limits.ts';

/** What the relay is about. Only when `ready` does it want requests. */
export type Phase = 'starting' | 'warming' | 'ready' | 'draining';

const PATIENCE_MS = 2_000;
/** Another relay takes over within 5 s; events that wait for longer are not being processed. */
const LATE_MS = 15_000;

/**
 * GET /healthz: the process lives. GET /readyz: it is warm, its database answers and has room, what was acknowledged is
 * processed, and it is not about to end; else 503 with the reason.
 *
 * @param store null while there is none yet
 * @param isDiskFull whether there is no room for an event
 */
export function healthRoute(
  app: FastifyInstance,
  phase: () => Phase,
  store: () => Queryable | null,
  isDiskFull: () => Promise<boolean>,
): void {
  app.register(async (inner) => {
    limitCallers(inner);
    inner.get('/healthz', async () => ({ status: 'alive' }));
  });
  app.get('/readyz', async (_request, reply) => {
    const status = phase();
    if (status !== 'ready') return reply.code(503).send({ status });
    const db = store();
    const waiting = db ? await withinPatience(oldestEventAgeMs(db)) : null;
    const full = await withinPatience(isDiskFull());
    if (waiting === null || full === null) return reply.code(503).send({ status: 'database down' });
    if (full) return reply.code(503).send({ status: 'disk full' });
    if (waiting > LATE_MS) return reply.code(503).send({ status: 'events are not processed' });
    return { status };
  });
}

/** Null where no answer comes in time, or an error. */
async function withinPatience<T>(asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const impatience = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), PATIENCE_MS);
  });
  return Promise.race([asked.catch(() => null), impatience]).finally(() => clearTimeout(timer));
}
