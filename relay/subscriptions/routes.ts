import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as s from 'zod/mini';
import { newSubscription, proof as proofShape } from '../../wire/subscriptions.ts';
import type { Config } from '../config.ts';
import { bearerToken } from '../http/secrets.ts';
import { beginReading } from '../readings/readings.ts';
import type { Db } from '../store/db.ts';
import type { Access } from './access.ts';
import {
  faultsOf,
  later,
  noToken,
  postFromApp,
  prove,
  refuse,
  routesForApp,
  STARTING,
} from './app-requests.ts';
import { noteProof } from './proofs.ts';
import { addSubscription, endSubscription, findSubscription, MAX_PER_LOCATION } from './subscriptions.ts';
import { allowedTarget } from './targets.ts';

/** More than any subscription takes. */
const MAX_BODY_BYTES = 16 * 1024;

type ById = { Params: { id: string } };

/**
 * POST /subscriptions and /subscriptions/proofs, GET and DELETE /subscriptions/{id}, called by the Zapier app with the person's own HighLevel
 * token. To end one its id is enough: Zapier may call after the person took the connection away, and who has the id
 * was given it.
 *
 * @param store null while there is none yet
 */
export function subscriptionsRoute(
  app: FastifyInstance,
  config: Pick<Config, 'targets' | 'sharedSecret'>,
  access: Access,
  store: () => Db | null,
): void {
  routesForApp(app, config, (inner) => {
    inner.post('/subscriptions', { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const read = s.safeParse(newSubscription, request.body);
      if (!read.success) return refuse(reply, 400, 'bad_request', faultsOf(read.error));
      const { locationId, event, zap, read: criteria, watch = [] } = read.data;
      const targetUrl = allowedTarget(read.data.targetUrl, config.targets);
      if (targetUrl === null) {
        return refuse(reply, 400, 'target_not_allowed', 'This relay sends no hooks to the targetUrl given.');
      }
      const proof = await prove(request, reply, access, locationId);
      if (!proof) return reply;
      const db = store();
      if (!db) return later(reply, STARTING);
      const made = await addSubscription(db, {
        locationId,
        companyId: proof.companyId,
        event,
        filters: read.data.filters,
        targetUrl,
        // Zapier gives each Zap a hook of its own, so the target stands for the Zap where nothing else does. [docs]
        zap: zap ? `zap:${zap}` : `target:${createHash('sha256').update(targetUrl).digest('hex')}`,
      });
      if (!made) {
        return refuse(
          reply,
          409,
          'too_many',
          `This location has ${MAX_PER_LOCATION} subscriptions, which is as many as it may have. Those that were replaced count for an hour.`,
        );
      }
      request.log.info({ locationId, event }, 'subscribed');
      const { queueId } = made;
      const reading = criteria ? await beginReading(db, { locationId, queueId, criteria, watch }) : null;
      return reply.code(201).send({ id: made.id, event, locationId, reading });
    });

    postFromApp(inner, access, '/subscriptions/proofs', {
      bodyLimit: MAX_BODY_BYTES,
      body: proofShape,
      inside: store,
      notYet: STARTING,
      answer: async (proof, db, _request, reply) =>
        (await noteProof(db, proof)) ? reply.code(204).send() : unknown(reply),
    });

    inner.get<ById>('/subscriptions/:id', async (request, reply) => {
      const db = store();
      if (!db) return later(reply, STARTING);
      if (bearerToken(request) === null) return noToken(reply);
      const found = await findSubscription(db, request.params.id);
      if (!found) return unknown(reply);
      const proof = await prove(request, reply, access, found.locationId);
      if (!proof) return reply;
      const { id, event, locationId, filters, createdAt, endedAt, endedReason } = found;
      return { id, event, locationId, filters, createdAt, active: endedAt === null, endedAt, endedReason };
    });

    inner.delete<ById>('/subscriptions/:id', async (request, reply) => {
      const db = store();
      if (!db) return later(reply, STARTING);
      const ended = await endSubscription(db, request.params.id, 'unsubscribed');
      if (!ended && !(await findSubscription(db, request.params.id))) return unknown(reply);
      if (ended) request.log.info('unsubscribed');
      return reply.code(204).send();
    });
  });
}

function unknown(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, 'unknown_subscription', 'There is no such subscription.');
}
