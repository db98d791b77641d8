/** What each Zap last knew of the fields that it watches, as digests. */

import type { Digests, HeldDigests } from '../../wire/digests.ts';
import type { Db, Queryable } from '../store/db.ts';

/** A Zap may be held, and its deliveries run again, for so long. [docs] */
const KEEP_ANSWERS = '14 days';
/** Zapier may run a delivery minutes after it took it. [docs] */
const OWN_FOR = '10 minutes';

interface Known {
  digests: Digests;
  at: Date;
  /** By the field: which of the app's own writes was seen already, by when it expires, in ms. */
  own: Record<string, number>;
}

/**
 * The fields of an opportunity that differ from what the Zap last knew, and from now on it knows these. The answer is
 * kept: asked again for the same delivery, it is the same. What was read before something newer is no change.
 *
 * @param zap its queue, and whether it ignores what the app itself wrote
 */
export function compare(
  db: Db,
  zap: { queueId: string; ignoreOwn: boolean },
  { locationId, opportunityId, delivery, at, digests }: HeldDigests,
): Promise<string[]> {
  const { queueId } = zap;
  return db.transaction(async (tx) => {
    await tx.query(
      `insert into relay.digests (queue_id, opportunity_id, digests, at) values ($1, $2, '{}', to_timestamp(0))
       on conflict (queue_id, opportunity_id) do nothing`,
      [queueId, opportunityId],
    );
    const [known] = await tx.query<Known>(
      'select digests, at, own from relay.digests where queue_id = $1 and opportunity_id = $2 for update',
      [queueId, opportunityId],
    );
    const [answer] = await tx.query<{ changed: string[] }>(
      'select changed from relay.answers where queue_id = $1 and delivery_id = $2',
      [queueId, delivery],
    );
    if (answer) return answer.changed;
    const isOlder = known !== undefined && Date.parse(at) < +known.at;
    const differing = isOlder
      ? []
      : Object.keys(digests).filter((id) => differs(known?.digests[id], digests[id]));
    const own = zap.ignoreOwn
      ? await ownWrites(tx, { locationId, opportunityId, digests, differing, seen: known?.own ?? {} })
      : {};
    const changed = differing.filter((id) => own[id] === undefined);
    if (!isOlder) {
      await tx.query(
        `update relay.digests set digests = digests || $3, at = $4, own = own || $5, updated_at = now()
         where queue_id = $1 and opportunity_id = $2`,
        [queueId, opportunityId, JSON.stringify(digests), new Date(at), JSON.stringify(own)],
      );
    }
    await tx.query(
      `insert into relay.answers (queue_id, delivery_id, changed, expires_at) values ($1, $2, $3, now() + $4::interval)`,
      [queueId, delivery, JSON.stringify(changed), KEEP_ANSWERS],
    );
    return changed;
  });
}

/** A digest by another key says nothing of the value. */
function differs(before: string | undefined, now: string | undefined): boolean {
  if (before === undefined || now === undefined) return false;
  return before !== now && before.slice(0, 8) === now.slice(0, 8);
}

/** Those of the differing fields that hold just what the app said it would write, each write once. */
async function ownWrites(
  tx: Queryable,
  given: {
    locationId: string;
    opportunityId: string;
    digests: Digests;
    differing: string[];
    seen: Record<string, number>;
  },
): Promise<Record<string, number>> {
  const { differing, digests, seen } = given;
  const rows = await tx.query<{ id: string; expiresAt: Date }>(
    `select one.id, expires_at as "expiresAt" from unnest($3::text[], $4::text[]) as one (id, digest)
     join relay.writes on location_id = $1 and record = $2 and field = 'digest:' || one.id and value = one.digest
     where expires_at > now() - $5::interval`,
    [given.locationId, given.opportunityId, differing, differing.map((id) => digests[id]), OWN_FOR],
  );
  return Object.fromEntries(
    rows.filter(({ id, expiresAt }) => seen[id] !== +expiresAt).map(({ id, expiresAt }) => [id, +expiresAt]),
  );
}

/** Remembers what was read for a Zap; what it knows of a later moment stands. */
export async function rememberDigests(
  tx: Queryable,
  queueId: string,
  read: readonly { opportunityId: string; at: number; digests: Digests }[],
): Promise<void> {
  if (read.length === 0) return;
  await tx.query(
    `insert into relay.digests (queue_id, opportunity_id, digests, at)
     select $1, opportunity_id, digests, to_timestamp(at / 1000)
     from unnest($2::text[], $3::jsonb[], $4::float8[]) as one (opportunity_id, digests, at)
     on conflict (queue_id, opportunity_id) do update
       set digests = digests.digests || excluded.digests, at = excluded.at, updated_at = now()
       where digests.at <= excluded.at`,
    [
      queueId,
      read.map(({ opportunityId }) => opportunityId),
      read.map((one) => JSON.stringify(one.digests)),
      read.map(({ at }) => at),
    ],
  );
}
