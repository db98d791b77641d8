import type { FastifyInstance } from 'fastify';
import { heldDigests } from '../../wire/digests.ts';
import type { Config } from '../config.ts';
import type { Db } from '../store/db.ts';
import type { Access } from '../subscriptions/access.ts';
import { postFromApp, refuse, routesForApp, STARTING } from '../subscriptions/app-requests.ts';
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
  routesForApp(app, config, (inner) => {
    postFromApp(inner, access, '/digests', {
      bodyLimit: MAX_BODY_BYTES,
      body: heldDigests,
      inside: store,
      notYet: STARTING,
      async answer(held, db, _request, reply) {
        const found = await findSubscription(db, held.subscription);
        if (found?.locationId !== held.locationId) {
          return refuse(reply, 404, 'unknown_subscription', 'There is no such subscription.');
        }
        const { queueId, filters } = found;
        return { changed: await compare(db, { queueId, ignoreOwn: filters.ignoreOwn ?? false }, held) };
      },
    });
  });
}
