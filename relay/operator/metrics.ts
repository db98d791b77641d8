import type { FastifyInstance, preHandlerAsyncHookHandler } from 'fastify';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { EVENT_KINDS } from '../../wire/kinds.ts';
import { EVENT_NAMES } from '../../wire/webhooks.ts';
import type { ProcessorMetrics } from '../changes/processor.ts';
import type { DeliveryMetrics } from '../delivery/delivery.ts';
import { GAP_REASONS, type GapReason } from '../intake/gaps.ts';
import { type IntakeMetrics, REFUSAL_REASONS } from '../intake/webhooks-route.ts';
import relayPackage from '../package.json' with { type: 'json' };
import { END_REASONS, type EndReason } from '../subscriptions/subscriptions.ts';

/** How much lies where, looked up when somebody asks. */
export interface Gauges {
  /** Events not yet processed, and deliveries not yet made or given up; ages in ms, 0 where there are none. */
  inbox(): Promise<{ count: number; oldestAgeMs: number }>;
  deliveries(): Promise<{ count: number; oldestAgeMs: number }>;
  dead(): Promise<number>;
  subscriptions(): Promise<number>;
  /** Those whose hook has failed again and again for what waits for it. */
  failing(): Promise<number>;
  /** When relays last took events again after none did, in s since the epoch; 0 for never. */
  lastGap(): Promise<number>;
  /** How many ended within the last hour, and why. */
  ended(): Promise<ReadonlyMap<EndReason, number>>;
}

export interface Metrics extends IntakeMetrics, ProcessorMetrics, DeliveryMetrics {
  registry: Registry;
  /** Events may have been lost. */
  gap(reason: GapReason): void;
  /** From now on the gauges can be looked up. */
  watch(gauges: Gauges): void;
}

/** From a millisecond to a minute. */
const QUICK = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const SLOW = [...QUICK, 30, 60, 300, 1_800, 7_200, 36_000, 86_400];

const OUTCOMES = ['accepted', 'gone', 'busy', 'failed'] as const satisfies Parameters<
  DeliveryMetrics['tried']
>[0][];
const RETRY_REASONS = ['failed', 'busy'] as const satisfies Parameters<DeliveryMetrics['retried']>[0][];

/**
 * The relay's counts, in a registry of their own: several relays in one process do not mix. Each series is there from
 * the start, at 0: a first failure that begins a series is no increase of it.
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string = never>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter({ name: `relay_${name}`, help, labelNames, registers });
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    labelNames: Label[] = [],
  ) => new Histogram({ name: `relay_${name}`, help, buckets, labelNames, registers });

  const received = counter('events_received_total', 'Events that HighLevel sent and signed, by kind.', [
    'kind',
  ]);
  const repeated = counter('events_repeated_total', 'Events that had been taken in before.');
  const refused = counter('events_refused_total', 'Webhook calls that were not taken in, by reason.', [
    'reason',
  ]);
  const ack = histogram('ack_seconds', 'From the call to the 2xx, for events that were stored.', QUICK);
  const changes = counter('changes_total', 'Changes made of the events, by kind.', ['event']);
  const recovered = counter(
    'changes_recovered_total',
    'Changes that no event told and a reading found, by kind.',
    ['event'],
  );
  const gaps = counter('gaps_total', 'Times in which events may have been lost, by reason.', ['reason']);
  const matched = counter('deliveries_matched_total', 'Deliveries made of the changes.');
  const delivered = counter('deliveries_delivered_total', 'Deliveries that arrived.');
  const latency = histogram('delivery_seconds', 'From the event’s receipt to its arrival at a hook.', SLOW);
  const tries = histogram('try_seconds', 'One try of a delivery, by outcome.', QUICK, ['outcome']);
  const retried = counter('deliveries_retried_total', 'Tries that are to be repeated, by reason.', [
    'reason',
  ]);
  const dead = counter('deliveries_dead_total', 'Deliveries that were given up.');
  const dropped = counter('deliveries_dropped_total', 'Deliveries whose subscription had ended.');

  new Gauge({ name: 'relay_info', help: 'The version that runs.', labelNames: ['version'], registers })
    .labels({ version: relayPackage.version })
    .set(1);

  for (const kind of EVENT_NAMES) received.inc({ kind }, 0);
  for (const reason of REFUSAL_REASONS) refused.inc({ reason }, 0);
  for (const event of EVENT_KINDS) changes.inc({ event }, 0);
  for (const event of EVENT_KINDS) recovered.inc({ event }, 0);
  for (const reason of GAP_REASONS) gaps.inc({ reason }, 0);
  for (const outcome of OUTCOMES) tries.zero({ outcome });
  for (const reason of RETRY_REASONS) retried.inc({ reason }, 0);

  return {
    registry,
    received: (kind) => received.inc({ kind }),
    repeated: () => repeated.inc(),
    refused: (reason) => refused.inc({ reason }),
    acknowledged: (seconds) => ack.observe(seconds),
    changed: (event) => changes.inc({ event }),
    recovered: (event) => recovered.inc({ event }),
    gap: (reason) => gaps.inc({ reason }),
    matched: (count) => matched.inc(count),
    delivered(seconds) {
      delivered.inc();
      if (seconds !== null) latency.observe(seconds);
    },
    tried: (outcome, seconds) => tries.observe({ outcome }, seconds),
    retried: (reason) => retried.inc({ reason }),
    dead: () => dead.inc(),
    dropped: (count) => dropped.inc(count),
    watch: (gauges) => registerGauges(registry, gauges),
  };
}

/** Where the database does not answer they stay what they were: the counts are wanted just then. */
function registerGauges(registry: Registry, gauges: Gauges): void {
  const registers = [registry];
  const both = (name: string, what: string, look: () => Promise<{ count: number; oldestAgeMs: number }>) => {
    const age = new Gauge({
      name: `relay_${name}_oldest_age_seconds`,
      help: `How long the oldest of the ${what} has waited; 0 for none.`,
      registers,
    });
    new Gauge({
      name: `relay_${name}_backlog`,
      help: `The ${what}.`,
      registers,
      async collect() {
        const level = await look().catch(() => null);
        if (!level) return;
        this.set(level.count);
        age.set(level.oldestAgeMs / 1000);
      },
    });
  };
  const one = (name: string, help: string, look: () => Promise<number>) =>
    new Gauge({
      name: `relay_${name}`,
      help,
      registers,
      async collect() {
        const level = await look().catch(() => null);
        if (level !== null) this.set(level);
      },
    });
  both('inbox', 'events that wait to be processed', gauges.inbox);
  both('deliveries', 'deliveries that wait or are under way', gauges.deliveries);
  one('dead_letters', 'Deliveries that were given up and are kept.', gauges.dead);
  one('subscriptions', 'Subscriptions that run.', gauges.subscriptions);
  one('hooks_failing', 'Subscriptions whose hook keeps failing for what waits for it.', gauges.failing);
  one(
    'last_gap_timestamp_seconds',
    'When a time ended in which no relay took events; 0 for none.',
    gauges.lastGap,
  );
  const ended = new Gauge({
    name: 'relay_subscriptions_ended',
    help: 'Subscriptions that ended within the last hour, by reason.',
    labelNames: ['reason'],
    registers,
    async collect() {
      const counts = await gauges.ended().catch(() => null);
      for (const reason of counts ? END_REASONS : []) this.set({ reason }, counts?.get(reason) ?? 0);
    },
  });
  for (const reason of END_REASONS) ended.set({ reason }, 0);
}

/** GET /metrics, in Prometheus's text format. */
export function metricsRoute(
  app: FastifyInstance,
  { registry }: Metrics,
  guard: preHandlerAsyncHookHandler,
): void {
  app.get('/metrics', { preHandler: guard }, async (_request, reply) => {
    const text = await registry.metrics();
    return reply.header('content-type', registry.contentType).send(text);
  });
}
