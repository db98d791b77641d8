import type { FastifyInstance } from 'fastify';
import * as s from 'zod/mini';
import { heldDigests } from '../../wire/digests.ts';
import type { Config } from '../config.ts';
import { limitCallers } from '../http/limits.ts';
import type { Db } from '../store/db.ts';
import type { Access } from '../subscriptions/access.ts';
import { faultsOf, later, prove, refuse, sharedSecretOnly } from '../subscriptions/app-requests.ts';
import { findSubscription } from '../subscriptions/subscriptions.ts';
import { compare } from './digests.ts';

const MAX_BODY_BYTES = 32 * 1024;

/**
 * POST /digests, called by the Zapier app with the person's token for a delivery of `opportunity_changed`: which of
 * the watched fields changed.
 *
 * @param store null while there is none yet
 */
export function digestsRoute(
  app: FastifyInstance,
  config: Pick<Config, 'sharedSecret'>,
  access: Access,
  store: () => Db | null,
): void {
  app.register(async (inner) => {
    limitCallers(inner);
    inner.addHook('onRequest', sharedSecretOnly(config.sharedSecret));
    inner.post('/digests', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const read = s.safeParse(heldDigests, request.body);
      if (!read.success) return refuse(reply, 400, 'bad_request', faultsOf(read.error));
      const { locationId, subscription } = read.data;
      if (!(await prove(request, reply, access, locationId))) return reply;
      const db = store();
      if (!db) return later(reply, 'The relay is starting.');
      const found = await findSubscription(db, subscription);
      if (found?.locationId !== locationId) {
        return refuse(reply, 404, 'unknown_subscription', 'There is no such subscription.');
      }
      const { queueId, filters } = found;
      return { changed: await compare(db, { queueId, ignoreOwn: filters.ignoreOwn ?? false }, read.data) };
    });
  });
}
