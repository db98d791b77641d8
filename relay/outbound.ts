import type { Logger } from 'pino';
import { startProcessor } from './changes/processor.ts';
import { type DeliveryPlan, startDelivery } from './delivery/delivery.ts';
import { createQueue, type Queue } from './delivery/queue.ts';
import { DAY_SCHEDULE } from './delivery/schedule.ts';
import type { Metrics } from './operator/metrics.ts';
import { startAsking } from './readings/ask.ts';
import type { Db } from './store/db.ts';
import { startProofKeeper } from './subscriptions/proofs.ts';
import type { TargetRule } from './subscriptions/targets.ts';

/** How deliveries are made; each has its default. */
export type OutboundOptions = Omit<DeliveryPlan, 'targets'>;

/** The way from the inbox to the hooks. */
export interface Outbound {
  queue: Queue;
  /**
   * Something new is in the inbox, in these partitions.
   *
   * @returns those of them that are other relays' to process
   */
  arrived(partitions: readonly number[]): number[];
  /** There is something new in the queue. */
  queued(): void;
  /** Resolves when what is under way is done. What waits is kept. */
  stop(): Promise<void>;
}

/** As in production. */
export const DEFAULTS: OutboundOptions = {
  schedule: DAY_SCHEDULE,
  atOnce: 512,
  perSubscription: 10,
  timeoutMs: 10_000,
  pollMs: 500,
  expireMs: 3_000,
};

export function startOutbound(
  db: Db,
  targets: readonly TargetRule[],
  { log, metrics }: { log: Logger; metrics: Metrics },
  options: Partial<OutboundOptions> = {},
): Outbound {
  const plan = { ...DEFAULTS, ...options };
  const queue = createQueue(db, plan.expireMs);
  const delivery = startDelivery({ db, queue, log, metrics }, { ...plan, targets });
  const processor = startProcessor({ db, queue, log, metrics }, delivery.wake);
  const proofs = startProofKeeper({ db, queue, log }, delivery.wake);
  const asker = startAsking({ db, queue, log }, delivery.wake);
  return {
    queue,
    arrived: processor.wake,
    queued: delivery.wake,
    async stop() {
      await asker.stop();
      await proofs.stop();
      await processor.stop();
      await delivery.stop();
    },
  };
}
