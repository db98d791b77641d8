import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import * as s from 'zod/mini';
import { type DeadLetter, MOST_AT_ONCE, replayDeadLetters } from '../delivery/dead-letters.ts';
import type { Outbound } from '../outbound.ts';
import relayPackage from '../package.json' with { type: 'json' };
import type { Db } from '../store/db.ts';
import { endSubscription, findSubscription } from '../subscriptions/subscriptions.ts';
import { operatorOnly } from './access.ts';
import {
  type ListedSubscription,
  pageOfDeadLetters,
  pageOfSubscriptions,
  waitingSubscriptions,
} from './lists.ts';
import type { Gauges } from './metrics.ts';
import { testJob } from './test-event.ts';

const text = s.string().check(s.regex(/^[^\0]{1,200}$/, 'must be a text of 1 to 200 characters'));
const deadPlace = s
  .string()
  .check(s.regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z~[0-9a-f-]{36}$/, 'must be a `next` of this list'));
const subscriptionsAsked = s.strictObject({ location: s.optional(text), after: s.optional(text) });
const waitingAsked = s.strictObject({ location: s.optional(text) });
const deadAsked = s.strictObject({
  location: s.optional(text),
  subscription: s.optional(text),
  after: s.optional(deadPlace),
});
const replay = s.strictObject({
  ids: s.optional(s.array(s.uuid())),
  subscriptionId: s.optional(text),
  locationId: s.optional(text),
});
const trial = s.strictObject({ recordId: s.optional(text) });

type ById = { Params: { id: string } };

/** What the relay has to offer an operator once it runs. */
export interface Inside {
  db: Db;
  outbound: Outbound;
  gauges: Gauges;
}

/**
 * The operator's routes: subscriptions, what waits and dead deliveries listed, the dead sent again, a test event sent,
 * a subscription ended. The command line in operator.ts and the operator's page call them.
 *
 * @param inside null while the relay starts
 */
export function operatorRoutes(
  app: FastifyInstance,
  adminToken: string | null,
  inside: () => Inside | null,
): void {
  app.register(
    async (inner) => {
      inner.addHook('onRequest', operatorOnly(adminToken));
      const open = (reply: FastifyReply): Inside | null => {
        const parts = inside();
        if (!parts) reply.code(503).send({ error: 'unavailable', message: 'The relay is starting.' });
        return parts;
      };

      inner.get('/overview', async (_request, reply) => {
        const parts = open(reply);
        if (!parts) return reply;
        const { gauges } = parts;
        const [inbox, deliveries, dead, subscriptions, failing, ended] = await Promise.all([
          gauges.inbox(),
          gauges.deliveries(),
          gauges.dead(),
          gauges.subscriptions(),
          gauges.failing(),
          gauges.ended(),
        ]);
        const endedThisHour = Object.fromEntries(ended);
        return {
          version: relayPackage.version,
          inbox,
          deliveries,
          dead,
          subscriptions,
          failing,
          endedThisHour,
        };
      });

      inner.get('/subscriptions', async (request, reply) => {
        const { location = null, after = null } = read(subscriptionsAsked, request.query);
        const parts = open(reply);
        if (!parts) return reply;
        const { rows, next } = await pageOfSubscriptions(parts.db, { locationId: location, after });
        return { subscriptions: rows.map(shownSubscription), next };
      });

      inner.get('/waiting', async (request, reply) => {
        const { location = null } = read(waitingAsked, request.query);
        const parts = open(reply);
        if (!parts) return reply;
        const { rows, isMore } = await waitingSubscriptions(parts.db, location);
        return { subscriptions: rows.map(shownSubscription), isMore };
      });

      inner.delete<ById>('/subscriptions/:id', async (request, reply) => {
        const parts = open(reply);
        if (!parts) return reply;
        const ended = await endSubscription(parts.db, request.params.id, 'operator');
        return ended ? reply.code(204).send() : unknown(reply);
      });

      inner.post<ById>('/subscriptions/:id/test', async (request, reply) => {
        const { recordId } = read(trial, request.body ?? {});
        const parts = open(reply);
        if (!parts) return reply;
        const found = await findSubscription(parts.db, request.params.id);
        if (!found || found.endedAt) return unknown(reply);
        const job = testJob(found, recordId ?? `test-${randomUUID()}`);
        await parts.outbound.queue.add(parts.db, [job]);
        parts.outbound.queued();
        return reply.code(202).send({ id: job.id });
      });

      inner.get('/dead-letters', async (request, reply) => {
        const { location = null, subscription = null, after = null } = read(deadAsked, request.query);
        const parts = open(reply);
        if (!parts) return reply;
        const filter = { locationId: location, subscriptionId: subscription, after };
        const { rows, next } = await pageOfDeadLetters(parts.db, filter);
        return { deadLetters: rows.map(shownDeadLetter), next };
      });

      inner.post('/dead-letters/replay', async (request, reply) => {
        const filter = read(replay, request.body ?? {});
        const parts = open(reply);
        if (!parts) return reply;
        const done = await replayDeadLetters(parts.db, parts.outbound.queue, filter, MOST_AT_ONCE);
        parts.outbound.queued();
        request.log.info(done, 'dead deliveries are sent again');
        return done;
      });
    },
    { prefix: '/operator' },
  );
}

/** A refusal that fastify answers as such. */
class BadRequest extends Error {
  readonly statusCode = 400;
}

function read<Schema extends s.ZodMiniType>(schema: Schema, given: unknown): s.output<Schema> {
  const result = s.safeParse(schema, given);
  if (result.success) return result.data;
  throw new BadRequest(
    result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  );
}

function unknown(reply: FastifyReply): FastifyReply {
  return reply.code(404).send({ error: 'unknown_subscription', message: 'No such subscription runs.' });
}

/** Who has a hook's whole address can start its Zap; its host and its end are enough to recognise it. */
function shownSubscription({
  id,
  locationId,
  event,
  filters,
  targetUrl,
  createdAt,
  waiting,
}: ListedSubscription) {
  const target = `${new URL(targetUrl).origin}/…${targetUrl.slice(-6)}`;
  return { id, locationId, event, filters, target, createdAt, waiting };
}

function shownDeadLetter({ id, subscriptionId, body, tries, status, why, diedAt }: DeadLetter) {
  return { id, subscriptionId, tries, status, why, diedAt, body };
}
