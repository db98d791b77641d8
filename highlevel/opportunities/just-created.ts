import { simplify } from '../account/resolve.ts';
import type { Client } from '../http/client.ts';
import { problemOf } from '../http/problem.ts';
import { type Criteria, meets } from './criteria.ts';
import type { OpportunityRecord } from './record.ts';
import { getOpportunity } from './requests.ts';

/**
 * HighLevel's searches run up to a few seconds behind its records, while a read by id does not. [docs; measured by
 * others] So what this connection created a moment ago is remembered, and a search that finds nothing looks there too:
 * without this, a Zap that runs twice in a row would make the same opportunity twice.
 *
 * It is a help and no lock. Two runs at the very same moment still miss each other, and so does an opportunity that somebody
 * else made within those seconds.
 */

interface Trace {
  id: string;
  contactId: string | null;
  pipelineId: string | null;
  name: string;
  /** ms since the epoch */
  at: number;
}

const KEY = 'just_created';
/** Others measured a lag of a minute [measured by others: two notes]; this is ten times that, and half as much again. */
const KEPT_MS = 15 * 60_000;
const MOST = 50;
/** A read costs a request each; more opportunities than this that look alike were not made within a minute by mistake. */
const MOST_READ = 3;

export async function rememberCreated(client: Client, record: OpportunityRecord): Promise<void> {
  const trace: Trace = {
    id: record.id,
    contactId: record.contactId ?? null,
    pipelineId: record.pipelineId ?? null,
    name: simplify(record.name ?? ''),
    at: Date.now(),
  };
  const traces = [trace, ...(await kept(client))].slice(0, MOST);
  await client.remember(KEY, traces, KEPT_MS / 1000);
}

/**
 * The opportunity that this connection created last, within the last quarter of an hour, of those that meet the criteria; or null.
 *
 * @param likely what it would have been created with; only opportunities like that are read
 */
export async function findJustCreated(
  client: Client,
  criteria: Criteria,
  likely: Pick<Criteria, 'contactId' | 'pipelineId' | 'name'> = criteria,
): Promise<OpportunityRecord | null> {
  const alike = (await kept(client)).filter(
    ({ contactId, pipelineId, name }) =>
      (!likely.contactId || likely.contactId === contactId) &&
      (!likely.pipelineId || likely.pipelineId === pipelineId) &&
      (!likely.name || name.includes(simplify(likely.name))),
  );
  for (const { id } of alike.slice(0, MOST_READ)) {
    const record = await readIfThere(client, id);
    if (record && meets(record, criteria)) return record;
  }
  return null;
}

/** The opportunity as it stands now, or null where it is gone. */
export async function readIfThere(client: Client, id: string): Promise<OpportunityRecord | null> {
  try {
    return await getOpportunity(client, id);
  } catch (error) {
    if (problemOf(error)?.kind === 'not_found') return null;
    throw error;
  }
}

async function kept(client: Client): Promise<Trace[]> {
  const traces = (await client.recall<Trace[]>(KEY)) ?? [];
  return traces.filter(({ at }) => Date.now() - at < KEPT_MS);
}
