import { type Job, PgBoss } from 'pg-boss';
import type { Logger } from 'pino';
import type { Db, Queryable } from '../store/db.ts';
import { type DeliveryJob, orderKey } from './job.ts';

/** A job that this process has taken, and has to settle. */
export interface Taken extends DeliveryJob {
  /** Names this attempt: one that lasted too long and was given to another settles nothing any more. */
  attempt: number;
  createdAt: number;
}

export interface Queue {
  /** Adds jobs in the caller's transaction; those whose id is there already are left as they are. */
  add(tx: Queryable, jobs: readonly DeliveryJob[]): Promise<void>;
  /**
   * Takes what is due, oldest first, of each deal and subscription one at a time and in order.
   *
   * @param most in all; none of a subscription that has as many under way as it may have
   * @param except subscriptions to pass over
   */
  take(most: number, except: readonly string[]): Promise<Taken[]>;
  /** They arrived. */
  finish(jobs: readonly Taken[]): Promise<void>;
  /** Not yet: again at `at`, in ms since the epoch, ahead of what follows it. */
  postpone(job: Taken, at: number): Promise<void>;
  /** Never again; what follows it is free. */
  remove(tx: Queryable, job: Taken): Promise<void>;
  /** How many wait or are under way, and for how long the oldest does, in ms. */
  backlog(): Promise<{ count: number; oldestAgeMs: number }>;
  close(): Promise<void>;
}

export interface QueueOptions {
  /** Where the queue's own sessions go. */
  url: string;
  /** How many of one subscription may be under way at once, in all relays. */
  perSubscription: number;
  /** After so long a job that was taken and not settled is given to another, in s: its relay was killed. */
  expireSeconds: number;
  /** How often to look for such jobs, in s. */
  superviseSeconds: number;
}

const SCHEMA = 'relay_queue';
const NAME = 'deliveries';
const SESSIONS = 4;
const DAY_SECONDS = 24 * 60 * 60;

/** How a job lies in the queue's table. */
type Stored = Omit<DeliveryJob, 'id'>;

/**
 * The queue of deliveries: pg-boss, in a schema of its own in the relay's database. Everything that knows pg-boss is
 * in this file.
 *
 * @throws Error where the database cannot be reached or brought to pg-boss's version
 */
export async function openQueue(db: Db, options: QueueOptions, log: Logger): Promise<Queue> {
  const boss = new PgBoss({
    connectionString: options.url,
    schema: SCHEMA,
    application_name: 'highlevel-relay-queue',
    max: SESSIONS,
    schedule: false,
    superviseIntervalSeconds: options.superviseSeconds,
    monitorIntervalSeconds: options.superviseSeconds,
  });
  boss.on('error', (err) => log.warn({ err }, 'the queue has trouble'));
  boss.on('warning', ({ message }) => log.warn({ said: message }, 'the queue warns'));
  await boss.start();
  const queue = {
    expireInSeconds: options.expireSeconds,
    // Deliveries are counted and buried here; pg-boss must never give one up, or what follows it waits for ever.
    retryLimit: 1_000_000,
    retryDelay: 0,
    retentionSeconds: 30 * DAY_SECONDS,
    deleteAfterSeconds: DAY_SECONDS,
  };
  await boss.createQueue(NAME, { ...queue, policy: 'key_strict_fifo' });
  await boss.updateQueue(NAME, queue);

  return {
    async add(tx, jobs) {
      if (jobs.length === 0) return;
      const inserts = jobs.map((job) => ({
        id: job.id,
        data: stored(job),
        singletonKey: orderKey(job),
        group: { id: job.subscriptionId },
      }));
      await boss.insert(NAME, inserts, { db: within(tx), returnId: false });
    },
    async take(most, except) {
      const jobs = await boss.fetch<Stored>(NAME, {
        batchSize: most,
        includeMetadata: true,
        groupConcurrency: options.perSubscription,
        ignoreGroups: [...except],
      });
      return jobs.map((job) => ({
        ...job.data,
        id: job.id,
        attempt: job.retryCount,
        createdAt: job.createdOn.getTime(),
      }));
    },
    async finish(jobs) {
      await boss.complete(NAME, jobs.map(attemptOf));
    },
    async postpone(job, at) {
      // Both or none: a job between the two would be due at once.
      await db.transaction(async (tx) => {
        await boss.fail(NAME, [attemptOf(job)], null, { db: within(tx) });
        const startAfter = new Date(at);
        await boss.update(NAME, stored(job), { id: job.id, startAfter, db: within(tx) });
      });
    },
    async remove(tx, job) {
      await boss.deleteJob(NAME, [attemptOf(job)], { db: within(tx) });
    },
    async backlog() {
      const [row] = await db.query<{ count: number; age: number }>(
        `select count(*)::int as count,
           coalesce(extract(epoch from now() - min(created_on)) * 1000, 0)::float8 as age
         from ${SCHEMA}.job where name = $1 and state <= 'active'`,
        [NAME],
      );
      return { count: row?.count ?? 0, oldestAgeMs: Math.max(row?.age ?? 0, 0) };
    },
    close: () => boss.stop({ graceful: false }),
  };
}

function stored({ subscriptionId, body, tries, receivedAt }: DeliveryJob): Stored {
  return { subscriptionId, body, tries, receivedAt };
}

function attemptOf({ id, attempt }: Taken): Pick<Job, 'id' | 'retryCount'> {
  return { id, retryCount: attempt };
}

/** The caller's transaction, as pg-boss wants it. */
function within(tx: Queryable) {
  return { executeSql: async (text: string, values?: unknown[]) => ({ rows: await tx.query(text, values) }) };
}
