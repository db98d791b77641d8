import type { Logger } from 'pino';
import { createPace } from '../pace.ts';
import type { Db } from '../store/db.ts';
import { endSubscription } from '../subscriptions/subscriptions.ts';
import { allowedTarget, type TargetRule } from '../subscriptions/targets.ts';
import { batched } from './batch.ts';
import { createConcurrency } from './concurrency.ts';
import { currentTargets, type Target } from './current-targets.ts';
import { addDeadLetter } from './dead-letters.ts';
import { isRequest } from './job.ts';
import { createPauses } from './pauses.ts';
import { createPoster, type Outcome } from './post.ts';
import type { Queue, Taken } from './queue.ts';
import { askedPause, nextWait, type Schedule } from './schedule.ts';
import { createSignal } from './signal.ts';

/** What is counted of what goes out. */
export interface DeliveryMetrics {
  /** How long after HighLevel's event was taken in, in s; null where that is not known. */
  delivered(seconds: number | null): void;
  /** How long one try took, in s. */
  tried(outcome: Outcome['kind'], seconds: number): void;
  /** To be tried again: it `failed`, or the target was `busy`. */
  retried(why: 'failed' | 'busy'): void;
  dead(): void;
  /** So many are not sent, because the subscription has ended. */
  dropped(count: number): void;
}

export interface DeliveryPlan {
  targets: readonly TargetRule[];
  schedule: Schedule;
  /** How many tries at once, in this process: in all, and of one subscription. */
  atOnce: number;
  perSubscription: number;
  /** For one try in all, in ms. */
  timeoutMs: number;
  /** How often to look for what is due again, and for what other relays added, in ms. */
  pollMs: number;
  /** After so long what a killed relay had under way is taken by another, in ms. */
  expireMs: number;
}

export interface Delivery {
  /** There is something new to send. */
  wake(): void;
  /** Takes nothing more, and resolves when what is under way is settled. */
  stop(): Promise<void>;
}

/** One look at the queue takes so many. */
const MOST_TAKEN = 250;
/** How soon to ask again after the database could not be asked, in ms. */
const TROUBLE_MS = 1_000;

/**
 * Sends what is in the queue, each delivery at least once: 2xx is an arrival, 410 ends the subscription, 429 (and 503
 * with Retry-After) leaves this target alone for a while, and anything else is tried again by the schedule until it is
 * dead. No target waits for another: each has so many at once and no more, and one that only fails is called ever less.
 */
export function startDelivery(
  { db, queue, log, metrics }: { db: Db; queue: Queue; log: Logger; metrics: DeliveryMetrics },
  plan: DeliveryPlan,
): Delivery {
  const poster = createPoster(plan.timeoutMs, plan.atOnce);
  const pauses = createPauses(db, plan.schedule);
  const signal = createSignal();
  const underWay = new Map<Promise<void>, { job: Taken; since: number }>();
  const concurrency = createConcurrency(plan.perSubscription);
  const mayLook = createPace();
  const mayFinish = createPace();
  const finish = batched((jobs: Taken[]) => queue.remove(db, jobs), mayFinish);
  /** By their ids those that arrived, until that is written: where the database fails right then, they are taken again. */
  const arrived = new Set<string>();
  let stopping = false;
  const running = run();
  const extending = setInterval(() => {
    const long = [...underWay.values()].filter(({ since }) => performance.now() - since > plan.expireMs / 3);
    // Where the database does not answer, the tries are taken for lost, and repeated.
    queue
      .extend(long.map(({ job }) => job))
      .catch((error) => log.debug({ err: error }, 'tries were not extended'));
  }, plan.expireMs / 3);
  extending.unref();

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        await mayLook();
        if (!(await takeSome()) && !stopping) await signal.wait(plan.pollMs);
      } catch (error) {
        log.warn({ err: error }, 'the queue could not be read');
        await signal.wait(TROUBLE_MS);
      }
    }
  }

  /** @returns whether there may be more: those of one target may have stood before those of others */
  async function takeSome(): Promise<boolean> {
    const free = Math.min(plan.atOnce - underWay.size, MOST_TAKEN);
    if (free <= 0) return false;
    await pauses.forgetReplaced();
    const since = performance.now();
    const freeOfEach = concurrency.free(pauses.current());
    const jobs = await queue.take(free, plan.perSubscription, freeOfEach);
    if (jobs.length === 0) return false;
    const queueIds = jobs.map(({ queueId }) => queueId);
    const leftSome = concurrency.took(queueIds, freeOfEach);
    const targets = await currentTargets(db, queueIds);
    for (const job of jobs) {
      const end = concurrency.begin(job.queueId);
      const work = deliver(job, since, targets.get(job.queueId))
        // Its time as a taken job runs out, and then it is taken again.
        .catch((error) => {
          log.warn({ err: error, delivery: job.id }, 'a delivery could not be settled');
          return false;
        })
        .then((isFollowed) => {
          // A look for nothing costs as much as one that finds something.
          const isAwaited = concurrency.leftSome(job.queueId) || isFollowed || underWay.size >= plan.atOnce;
          underWay.delete(work);
          end();
          if (isAwaited) signal.wake();
        });
      underWay.set(work, { job, since });
    }
    return jobs.length === free || leftSome;
  }

  /** @returns whether something follows that is due now */
  async function deliver(job: Taken, since: number, target: Target | undefined): Promise<boolean> {
    if (arrived.has(job.id)) return noteArrival(job);
    if (!target) {
      metrics.dropped(await queue.clear(db, job.queueId));
      return false;
    }
    if (target.pausedUntil > 0) {
      const whose = { queueId: job.queueId, subscriptionId: target.subscriptionId };
      pauses.heed(whose, target.pausedUntil);
      await queue.postpone(job, target.pausedUntil);
      await queue.postponeAll(whose, target.pausedUntil);
      return false;
    }
    // A process that was frozen meanwhile must not send what another has sent by now, and what came after it.
    if (performance.now() - since > plan.expireMs / 2 && (await queue.extend([job])) === 0) return false;
    const began = performance.now();
    const outcome = await attempt(job, target.targetUrl);
    metrics.tried(outcome.kind, (performance.now() - began) / 1000);
    return settle(job, target.subscriptionId, outcome);
  }

  /** @returns whether something follows */
  async function noteArrival(job: Taken): Promise<boolean> {
    arrived.add(job.id);
    const followed = await finish(job).catch(() => finish(job));
    arrived.delete(job.id);
    return followed > 0;
  }

  async function attempt({ body }: Taken, targetUrl: string): Promise<Outcome> {
    // What was allowed when the Zap subscribed may not be any more.
    if (allowedTarget(targetUrl, plan.targets) === targetUrl) return poster.post(targetUrl, body);
    return { kind: 'failed', status: null, why: 'hooks may no longer be sent there' };
  }

  async function settle(job: Taken, subscriptionId: string, outcome: Outcome): Promise<boolean> {
    const { id: delivery, queueId } = job;
    switch (outcome.kind) {
      case 'accepted': {
        pauses.arrived(queueId);
        metrics.delivered(job.receivedAt === null ? null : (Date.now() - job.receivedAt) / 1000);
        log.debug({ delivery, event: job.body.event }, 'delivered');
        return noteArrival(job);
      }
      case 'gone':
        // One that was replaced meanwhile has another hook, which may well be there.
        if (!(await endSubscription(db, subscriptionId, 'gone'))) {
          await queue.postpone(job, Date.now());
          return true;
        }
        metrics.dropped(await queue.clear(db, queueId));
        log.info(
          { delivery, locationId: job.body.location_id },
          'the target is gone; its subscription ended',
        );
        return false;
      case 'busy': {
        const asked = askedPause(plan.schedule, outcome.retryAfter, Date.now());
        if (asked === null) break;
        const until = Date.now() + asked;
        // As with one that is gone: the hook that the Zap has now asked for nothing.
        if (!(await pauses.pause({ queueId, subscriptionId }, until))) {
          await queue.postpone(job, Date.now());
          return true;
        }
        if (Date.now() - job.createdAt >= plan.schedule.giveUpMs) break;
        await queue.postpone(job, until, `status ${outcome.status}: asked to wait`);
        await queue.postponeAll({ queueId, subscriptionId }, until);
        metrics.retried('busy');
        log.info({ delivery, status: outcome.status, ms: asked }, 'the target asked to wait');
        return false;
      }
    }
    return failed(job, subscriptionId, outcome);
  }

  async function failed(
    job: Taken,
    subscriptionId: string,
    outcome: Exclude<Outcome, { kind: 'accepted' | 'gone' }>,
  ): Promise<boolean> {
    const whose = { queueId: job.queueId, subscriptionId };
    const restUntil = pauses.failed(whose);
    if (restUntil > 0) await queue.postponeAll(whose, restUntil);
    const again = { ...job, tries: job.tries + 1 };
    const why = outcome.kind === 'failed' ? outcome.why : `status ${outcome.status}`;
    if (isRequest(job.body)) {
      // Another Zap is asked instead, or this one tomorrow.
      const followed = await queue.remove(db, [job]);
      log.info({ delivery: job.id, why }, 'a Zap could not be asked');
      return followed > 0;
    }
    const facts = { delivery: job.id, tries: again.tries, why };
    const wait = nextWait(plan.schedule, again.tries, Date.now() - job.createdAt);
    if (wait !== null) {
      await queue.postpone(again, Date.now() + wait, why);
      metrics.retried(outcome.kind);
      log.info({ ...facts, ms: Math.round(wait) }, 'not delivered; trying again');
      return false;
    }
    const followed = await db.transaction(async (tx) => {
      await addDeadLetter(tx, again, { status: outcome.status, why });
      return queue.remove(tx, [job]);
    });
    metrics.dead();
    log.error({ ...facts, locationId: job.body.location_id }, 'not delivered, and given up');
    return followed > 0;
  }

  return {
    wake: () => signal.wake(),
    async stop() {
      stopping = true;
      signal.wake();
      await running;
      await Promise.all(underWay.keys());
      clearInterval(extending);
      await poster.close();
    },
  };
}
