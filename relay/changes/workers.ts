import { randomUUID } from 'node:crypto';
import type { Db, Queryable } from '../store/db.ts';

/** This process among those that process events on one database: each has its share of the partitions. */
export interface Worker {
  /** The partitions that are this process's, in another order each time. */
  partitions(): number[];
  /** Whether a partition is this process's. */
  owns(partition: number): boolean;
  /**
   * Holds this process's share until the transaction ends: another takes it over after that, or when the database has
   * ended the session of a process that froze.
   *
   * @returns false where the share was taken away meanwhile
   */
  hold(tx: Queryable): Promise<boolean>;
  /**
   * Says that the process is there, takes the share of those that are no more, and gives away what is above its own.
   * To be called between transactions, every second or so.
   */
  renew(): Promise<void>;
  /** Gives everything back. */
  leave(): Promise<void>;
}

/** For so long a process is believed to be there after it said so. */
const LEASE_MS = 3_000;

export function createWorker(db: Db): Worker {
  let id = randomUUID();
  let own: number[] = [];

  async function register(): Promise<void> {
    const known = await db.query(
      `update relay.workers set expires_at = now() + $2 * interval '1 millisecond' where id = $1 returning id`,
      [id, LEASE_MS],
    );
    if (known.length > 0) return;
    // Taken for dead, as after a freeze: whatever this process held is another's by now.
    id = randomUUID();
    own = [];
    await db.query(
      `insert into relay.workers (id, expires_at) values ($1, now() + $2 * interval '1 millisecond')`,
      [id, LEASE_MS],
    );
  }

  return {
    partitions() {
      const [first, ...rest] = own;
      own = first === undefined ? [] : [...rest, first];
      return own;
    },
    owns: (partition) => own.includes(partition),
    async hold(tx) {
      // Compatible with the renewal's update, and not with the lock of one who takes over.
      const held = await tx.query('select from relay.workers where id = $1 for key share', [id]);
      return held.length > 0;
    },
    async renew() {
      await register();
      await db.transaction(takeOver);
      const [{ share, held } = { share: 0, held: [] }] = await db.query<{ share: number; held: number[] }>(
        `select ceil((select count(*) from relay.partitions) / count(*)::numeric)::int as share,
           array(select id::int from relay.partitions where worker_id = $1 order by id) as held
         from relay.workers where expires_at > now()`,
        [id],
      );
      // What is this process's is what the database says: the answer to an earlier step may have been lost.
      own = [
        ...own.filter((partition) => held.includes(partition)),
        ...held.filter((partition) => !own.includes(partition)),
      ];
      if (own.length > share) {
        const surplus = own.slice(share);
        own = own.slice(0, share);
        await db.query(
          'update relay.partitions set worker_id = null where id = any($1::smallint[]) and worker_id = $2',
          [surplus, id],
        );
      } else if (own.length < share) {
        const taken = await db.query<{ id: number }>(
          `update relay.partitions set worker_id = $1 where id in (
             select id from relay.partitions where worker_id is null order by id limit $2 for update skip locked
           ) returning id`,
          [id, share - own.length],
        );
        own = [...own, ...taken.map((one) => one.id)];
      }
    },
    async leave() {
      own = [];
      await db.transaction(async (tx) => {
        await tx.query('delete from relay.workers where id = $1', [id]);
        await tx.query('update relay.partitions set worker_id = null where worker_id = $1', [id]);
      });
    },
  };
}

/**
 * One whose transaction still runs is waited for, by being passed over until the next time. One that froze may have
 * taken partitions after it was taken for dead, so all are freed whose process is not there.
 */
async function takeOver(tx: Queryable): Promise<void> {
  await tx.query(
    `delete from relay.workers where id in (
       select id from relay.workers where expires_at <= now() for update skip locked
     )`,
  );
  const gone = await tx.query<{ id: string }>(
    `select distinct worker_id as id from relay.partitions where worker_id is not null
       and not exists (select from relay.workers where workers.id = partitions.worker_id)`,
  );
  if (gone.length === 0) return;
  await tx.query('update relay.partitions set worker_id = null where worker_id = any($1::uuid[])', [
    gone.map(({ id }) => id),
  ]);
}
