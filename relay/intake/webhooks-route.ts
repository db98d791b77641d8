import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { signatureFault, type WebhookKeys } from '../../wire/signature.ts';
import { appIdOf, readEvent } from '../../wire/webhooks.ts';
import { createLimit, UNSIGNED_A_MINUTE } from '../http/limits.ts';
import type { Intake } from './gate.ts';
import { arrivalOf, Unavailable } from './ingest.ts';

export const WEBHOOKS_PATH = '/webhooks/highlevel';

/** Far above any event of HighLevel's: a contact with hundreds of custom fields stays under 100 kB. [assumed] */
const MAX_BODY_BYTES = 1024 * 1024;

/** When HighLevel should come back; whether it heeds the header is not known. */
const RETRY_AFTER_SECONDS = 30;

/** Why a webhook is not taken in, as it is counted. */
export const REFUSAL_REASONS = [
  'unsigned',
  'bad_signature',
  'too_many_unsigned',
  'unreadable',
  'other_app',
  'too_large',
  'starting',
  'draining',
  'database',
  'disk_full',
  'overload',
  'backlog',
  'error',
] as const;

type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** What is counted of what comes in. */
export interface IntakeMetrics {
  /** An event that HighLevel sent, by its name. */
  received(kind: string): void;
  /** One that was there already. */
  repeated(): void;
  refused(reason: RefusalReason): void;
  /** How long a taken event waited for its 2xx, in seconds. */
  acknowledged(seconds: number): void;
}

/**
 * POST /webhooks/highlevel.
 *
 * HighLevel signs the events of every marketplace app with one key, so an event of another app is told by the id in it.
 * An UNINSTALL ends subscriptions, so it has to name the app; of other events the specification's samples lack the
 * id. [conflict]
 *
 * @param from the keys that events are signed with, and the app they are for; null takes those of every app
 *
 * 200 once the event is durable, and for everything that HighLevel signed and nothing can be made of: it would only be
 * sent again, and a URL with under 90 % success is paused. [docs] 401 for what HighLevel did not sign. 429 while an
 * event cannot be stored: of all refusals the one that is repeated under both of HighLevel's published policies. [conflict] A caller that sent much that HighLevel did not sign is told so before its bodies are
 * read, and in the same way: should it be HighLevel, with a key that is new, its events come again.
 */
export function webhooksRoute(
  app: FastifyInstance,
  from: { webhookKeys: WebhookKeys; appId: string | null },
  intake: Intake,
  metrics: IntakeMetrics,
): void {
  app.register(async (inner) => {
    const unsigned = createLimit(inner, UNSIGNED_A_MINUTE);
    inner.addHook('onRequest', async (request, reply) => {
      if ((await unsigned.look(request)) > 0) await comeBack(reply, 'too_many_unsigned');
    });
    // The signature is over the bytes, whatever their Content-Type claims.
    inner.addHook('onRequest', async ({ headers }) => {
      headers['content-type'] = 'application/octet-stream';
    });
    inner.removeAllContentTypeParsers();
    inner.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    inner.setErrorHandler((error: FastifyError, request, reply) => {
      if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
        metrics.refused('too_large');
        return reply.code(413).send({ status: 'too_large' });
      }
      if (error.statusCode && error.statusCode < 500) throw error;
      request.log.error({ err: error }, 'an event met an error');
      return comeBack(reply, 'error');
    });

    inner.post(WEBHOOKS_PATH, { bodyLimit: MAX_BODY_BYTES }, async (request, reply) => {
      const began = performance.now();
      const refused = intake.refusal();
      if (refused && refused !== 'backlog') return comeBack(reply, refused);

      const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const doubt = await signatureFault(raw, request.headers, from.webhookKeys);
      if (doubt) {
        metrics.refused(doubt);
        await unsigned.count(request);
        return reply.code(401).send({ status: doubt });
      }
      const body = parseJson(raw);
      const event = readEvent(body);
      const arrival = event && arrivalOf(event, raw);
      if (!event || !arrival) {
        metrics.refused('unreadable');
        request.log.warn({ bytes: raw.length }, 'HighLevel signed an event that cannot be read');
        return { status: 'unreadable' };
      }
      if (from.appId !== null && isOfAnother(appIdOf(body), from.appId, event.kind === 'uninstall')) {
        metrics.refused('other_app');
        return { status: 'other_app' };
      }
      if (event.kind === 'other') {
        metrics.received(plainName(event.type));
        return { status: 'ignored' };
      }
      if (refused) return comeBack(reply, refused);
      try {
        const isNew = await intake.take(arrival);
        metrics.received(event.type);
        if (!isNew) metrics.repeated();
        metrics.acknowledged((performance.now() - began) / 1000);
        return { status: isNew ? 'stored' : 'seen' };
      } catch (error) {
        if (!(error instanceof Unavailable)) throw error;
        request.log.warn({ err: error }, 'an event could not be stored');
        return comeBack(reply, error.reason);
      }
    });
  });

  function comeBack(reply: FastifyReply, reason: RefusalReason): FastifyReply {
    metrics.refused(reason);
    return reply.code(429).header('retry-after', RETRY_AFTER_SECONDS).send({ status: reason });
  }
}

function isOfAnother(given: string | null, own: string, mustSay: boolean): boolean {
  return given === null ? mustSay : given !== own;
}

function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString());
  } catch {
    return null;
  }
}

/** A count has a name for each kind; names are HighLevel's, and should stay so. */
function plainName(type: string): string {
  return /^[A-Za-z]{1,60}$/.test(type) ? type : 'other';
}
