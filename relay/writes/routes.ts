import type { FastifyInstance } from 'fastify';
import { announcedWrite } from '../../wire/writes.ts';
import type { Config } from '../config.ts';
import type { Db } from '../store/db.ts';
import type { Access } from '../subscriptions/access.ts';
import { postFromApp, routesForApp, STARTING } from '../subscriptions/app-requests.ts';
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
  routesForApp(app, config, (inner) => {
    postFromApp(inner, access, '/writes', {
      bodyLimit: MAX_BODY_BYTES,
      body: announcedWrite,
      inside: store,
      notYet: STARTING,
      async answer(write, db, _request, reply) {
        await announce(db, write);
        return reply.code(204).send();
      },
    });
  });
}
