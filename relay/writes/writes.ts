/** What the app said that it is about to write: a change that is exactly that is its own. */

import type { AnnouncedWrite } from '../../wire/writes.ts';
import type { Change } from '../changes/changes.ts';
import type { KnownChange } from '../changes/deliveries.ts';
import { loadOpportunities } from '../changes/opportunities.ts';
import type { Queryable } from '../store/db.ts';

/** An event of the write that comes later than that is taken for somebody else's, in ms. */
const EXPIRE_MS = 2 * 60_000;

interface Expected {
  record: string;
  field: string;
  /** JSON. */
  value: string;
}

/** Remembers a write for as long as its event may take. What is so already makes no change, and is not waited for. */
export async function announce(q: Queryable, write: AnnouncedWrite): Promise<void> {
  const { locationId } = write;
  const expected = await expectedOf(q, write);
  if (expected.length === 0) return;
  await q.query(
    `insert into relay.writes (location_id, record, field, value, expires_at)
     select $1, record, field, value, now() + $5 * interval '1 millisecond'
     from unnest($2::text[], $3::text[], $4::text[]) as one (record, field, value)
     on conflict (location_id, record, field, value) do update set expires_at = excluded.expires_at`,
    [
      locationId,
      expected.map(({ record }) => record),
      expected.map(({ field }) => field),
      expected.map(({ value }) => value),
      EXPIRE_MS,
    ],
  );
}

async function expectedOf(
  q: Queryable,
  { locationId, opportunityId, created, deleted, fields, digests = {} }: AnnouncedWrite,
): Promise<Expected[]> {
  if (created) return [creationOf(created.contactId, created.pipelineId)];
  if (opportunityId === null) return [];
  if (deleted) return [{ record: opportunityId, field: 'deleted', value: 'null' }];
  const [known] = (await loadOpportunities(q, [{ locationId, opportunityId }])).values();
  const { stage, status, value, owner } = known?.state ?? {};
  const now: Record<string, unknown> = {
    stage: stage?.at(-1)?.value.stageId,
    status: status?.at(-1)?.value,
    value: value?.at(-1)?.value,
    owner: owner?.at(-1)?.value,
  };
  const plain = Object.entries(fields).flatMap(([field, wanted]) =>
    wanted === now[field] ? [] : [{ record: opportunityId, field, value: JSON.stringify(wanted) }],
  );
  const keyed = Object.entries(digests).flatMap(([id, values]) =>
    values.map((value) => ({ record: opportunityId, field: `digest:${id}`, value })),
  );
  return [...plain, ...keyed];
}

/** The id of one that is created is not known before. */
function creationOf(contactId: string, pipelineId: string | null): Expected {
  return { record: `contact:${contactId}`, field: 'created', value: JSON.stringify(pipelineId) };
}

/** Marks the changes that are exactly what the app said that it would write; each write is good for one. */
export async function markOwn(tx: Queryable, known: readonly KnownChange[]): Promise<void> {
  const wanted = known.flatMap((one) => {
    const expected = expectationOf(one.change, one.origin.recordId);
    return expected ? [{ ...expected, one, locationId: one.origin.locationId }] : [];
  });
  if (wanted.length === 0) return;
  const rows = await tx.query<Expected & { locationId: string; expiresAt: Date }>(
    `select location_id as "locationId", record, field, value, expires_at as "expiresAt" from relay.writes
     where (location_id, record) in (select * from unnest($1::text[], $2::text[]))`,
    [wanted.map(({ locationId }) => locationId), wanted.map(({ record }) => record)],
  );
  if (rows.length === 0) return;
  const open = new Map(rows.map((row) => [keyOf(row), row]));
  const used: typeof rows = [];
  for (const { one, ...expected } of wanted) {
    const found = open.get(keyOf(expected));
    if (!found || one.origin.receivedAt > +found.expiresAt) continue;
    one.isOwn = true;
    open.delete(keyOf(expected));
    used.push(found);
  }
  if (used.length === 0) return;
  await tx.query(
    `delete from relay.writes where (location_id, record, field, value) in (
       select * from unnest($1::text[], $2::text[], $3::text[], $4::text[]))`,
    [
      used.map(({ locationId }) => locationId),
      used.map(({ record }) => record),
      used.map(({ field }) => field),
      used.map(({ value }) => value),
    ],
  );
}

function expectationOf(change: Change, opportunityId: string): Expected | null {
  if (!('snapshot' in change)) return null;
  const { field, to, snapshot } = change;
  // What changed is told by its digests.
  if (field === 'updated') return null;
  if (field !== 'created') return { record: opportunityId, field, value: JSON.stringify(to) };
  return snapshot.contactId ? creationOf(snapshot.contactId, snapshot.pipelineId) : null;
}

function keyOf({ locationId, record, field, value }: Expected & { locationId: string }): string {
  return JSON.stringify([locationId, record, field, value]);
}
