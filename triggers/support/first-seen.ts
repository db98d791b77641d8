/**
 * What new opportunities held when a Zap first saw them.
 *
 * Zapier knows of each opportunity what was there when the Zap was turned on. One that is created later would start the
 * Zap by the first edit of any kind; so what it held at first is remembered here, and its creation starts nothing.
 */

import type { HighLevel } from '../../highlevel/connect.ts';
import { momentMs } from '../../highlevel/http/time.ts';
import { happenedAfterCreation } from '../../highlevel/opportunities/moments.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** A digest of the watched values by the opportunity's id. */
type Digests = Record<string, string>;

const REMEMBER_SECONDS = 30 * 24 * 60 * 60;
/** Some 20 KB: how much Zapier keeps under one key, and for how long, is not documented. [assumed] */
const MOST = 500;
/** Created so lately, an opportunity may not have been there at the last poll; polls are minutes apart. */
const NEW_MS = 60 * 60 * 1000;

/** An opportunity as a poll sees it. */
export interface Seen {
  record: OpportunityRecord;
  /** Of its watched values. */
  digest: string;
}

/** Remembers, when a Zap is turned on, what new opportunities hold, over whatever was remembered of them. */
export async function rememberNew(highlevel: HighLevel, key: string, rows: Seen[]): Promise<void> {
  const known = await recall(highlevel, key);
  const current = rows.filter(({ record }) => record.id in known || isNew(record));
  await remember(highlevel, key, { ...known, ...digestsOf(current) });
}

/**
 * The rows that do not stand as they were first seen. Of a new one that is seen for the first time nothing is returned:
 * how it stands is remembered. Where nothing can be remembered, all are returned that were ever edited.
 */
export async function changedSinceFirstSeen(
  highlevel: HighLevel,
  key: string,
  rows: Seen[],
): Promise<Seen[]> {
  const known = await recall(highlevel, key);
  const isFirst = ({ record }: Seen) => !(record.id in known) && (isNew(record) || !isEdited(record));
  const first = rows.filter(isFirst);
  if (first.length > 0 && !(await remember(highlevel, key, { ...known, ...digestsOf(first) }))) {
    return rows.filter(({ record }) => isEdited(record));
  }
  return rows.filter((row) => !isFirst(row) && known[row.record.id] !== row.digest);
}

async function recall(highlevel: HighLevel, key: string): Promise<Digests> {
  return (await highlevel.recall<Digests>(key)) ?? {};
}

/** The latest are kept where there are too many. */
function remember(highlevel: HighLevel, key: string, digests: Digests): Promise<boolean> {
  const kept = Object.fromEntries(Object.entries(digests).slice(-MOST));
  return highlevel.remember(key, kept, REMEMBER_SECONDS);
}

function digestsOf(rows: Seen[]): Digests {
  return Object.fromEntries(rows.map(({ record, digest }) => [record.id, digest]));
}

function isNew({ createdAt }: OpportunityRecord): boolean {
  return Date.now() - momentMs(createdAt) < NEW_MS;
}

function isEdited(record: OpportunityRecord): boolean {
  return happenedAfterCreation(record, 'updatedAt');
}
