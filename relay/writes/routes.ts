import type { FastifyInstance } from 'fastify';
import * as s from 'zod/mini';
import { announcedWrite } from '../../wire/writes.ts';
import type { Config } from '../config.ts';
import { limitCallers } from '../http/limits.ts';
import type { Db } from '../store/db.ts';
import type { Access } from '../subscriptions/access.ts';
import { faultsOf, later, prove, refuse, sharedSecretOnly } from '../subscriptions/app-requests.ts';
import { announce } from './writes.ts';

const MAX_BODY_BYTES = 16 * 1024;

/**
 * POST /writes, called by the Zapier app with the person's token before it writes an opportunity.
 *
 * @param store null while there is none yet
 */
export function writesRoute(
  app: FastifyInstance,
  config: Pick<Config, 'sharedSecret'>,
  access: Access,
  store: () => Db | null,
): void {
  app.register(async (inner) => {
    limitCallers(inner);
    inner.addHook('onRequest', sharedSecretOnly(config.sharedSecret));
    inner.post('/writes', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const read = s.safeParse(announcedWrite, request.body);
      if (!read.success) return refuse(reply, 400, 'bad_request', faultsOf(read.error));
      if (!(await prove(request, reply, access, read.data.locationId))) return reply;
      const db = store();
      if (!db) return later(reply, 'The relay is starting.');
      await announce(db, read.data);
      return reply.code(204).send();
    });
  });
}
