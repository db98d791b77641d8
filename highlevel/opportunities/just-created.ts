/**
 * HighLevel's searches run up to a few seconds behind its records, while a read by id does not. [docs; measured by
 * others] So what this connection created a moment ago is remembered, and a search that finds nothing looks there too:
 * without this, a Zap that runs twice in a row would make the same opportunity twice.
 *
 * It is a help and no lock: two runs at the very same moment miss each other here, and are kept apart by the locks of
 * the actions. An opportunity that somebody else made within those seconds is missed.
 */

import type { CustomFieldWrite } from '../account/custom-field-write.ts';
import { simplify } from '../account/resolve.ts';
import type { Client } from '../http/client.ts';
import { digest } from '../http/digest.ts';
import { unlessGone } from '../http/problem.ts';
import { type Criteria, meets } from './criteria.ts';
import type { OpportunityRecord } from './record.ts';
import { getOpportunity } from './requests.ts';

interface Trace {
  id: string;
  contactId: string | null;
  pipelineId: string | null;
  name: string;
  /** The custom fields that it was created with: by id, a digest of what was sent. */
  fields: Record<string, string>;
  /** ms since the epoch */
  at: number;
}

const ALL = 'just_created';
/** Kept for each contact as well, because two creations at one moment may each overwrite the other's entry in one list. */
const ofContact = (contactId: string) => `${ALL}:${contactId}`;
/** Others measured a lag of a minute [measured by others: two notes]; this is ten times that, and half as much again. */
const KEPT_MS = 15 * 60_000;
const MOST = 50;
/** A read costs a request each; more opportunities than this that look alike were not made within a minute by mistake. */
const MOST_READ = 3;

/** @param customFields what was sent of them */
export async function rememberCreated(
  client: Client,
  record: OpportunityRecord,
  customFields?: CustomFieldWrite[],
): Promise<void> {
  const trace: Trace = {
    id: record.id,
    contactId: record.contactId ?? null,
    pipelineId: record.pipelineId ?? null,
    name: simplify(record.name),
    fields: digestsOf(customFields),
    at: Date.now(),
  };
  for (const key of [ALL, ...(record.contactId ? [ofContact(record.contactId)] : [])]) {
    const traces = [trace, ...(await kept(client, key))].slice(0, MOST);
    await client.remember(key, traces, KEPT_MS / 1000);
  }
}

/**
 * The opportunity that this connection created last, within the last quarter of an hour, of those that meet the criteria; or null.
 *
 * @param likely what it would have been created with; only opportunities like that are read
 */
export async function findJustCreated(
  client: Client,
  criteria: Criteria,
  likely: Pick<Criteria, 'contactId' | 'pipelineId' | 'name' | 'customField'> = criteria,
): Promise<OpportunityRecord | null> {
  // One created without the field may have been given it since.
  const { customField: held } = likely;
  const mayHold = ({ fields }: Trace) =>
    !held || [undefined, digestOf(held.value)].includes(fields[held.field.id]);
  const alike = (await kept(client, likely.contactId ? ofContact(likely.contactId) : ALL)).filter(
    (trace) =>
      (!likely.pipelineId || likely.pipelineId === trace.pipelineId) &&
      (!likely.name || trace.name.includes(simplify(likely.name))) &&
      mayHold(trace),
  );
  return readFirstThat(client, alike, criteria);
}

/**
 * The opportunity that this connection created a moment ago with the same contact, pipeline, name and custom fields: made
 * by another run of a find-or-create step, after this one had searched. Two that differ in a custom field, such as the
 * ID of an order, are two.
 */
export async function findTwin(
  client: Client,
  {
    contactId,
    pipelineId,
    name,
    customFields,
  }: { contactId: string; pipelineId: string; name: string; customFields?: CustomFieldWrite[] | undefined },
): Promise<OpportunityRecord | null> {
  const fields = JSON.stringify(digestsOf(customFields));
  const alike = (await kept(client, ofContact(contactId))).filter(
    (trace) => JSON.stringify(trace.fields) === fields,
  );
  return readFirstThat(client, alike, { contactId, pipelineId, name, wholeName: true });
}

function digestsOf(customFields: CustomFieldWrite[] = []): Trace['fields'] {
  return Object.fromEntries(customFields.map(({ id, value }) => [id, digestOf(value)]));
}

/** Short, as fifty are kept with all their fields; whether the value is the same shows when the opportunity is read. */
function digestOf(value: CustomFieldWrite['value']): string {
  const plain = typeof value === 'string' || typeof value === 'number' ? simplify(String(value)) : value;
  return digest(plain).slice(0, 8);
}

async function readFirstThat(
  client: Client,
  traces: Trace[],
  criteria: Criteria,
): Promise<OpportunityRecord | null> {
  for (const { id } of traces.slice(0, MOST_READ)) {
    const record = await readIfThere(client, id);
    if (record && meets(record, criteria)) return record;
  }
  return null;
}

/** The opportunity as it stands now, or null where it is gone. */
export async function readIfThere(client: Client, id: string): Promise<OpportunityRecord | null> {
  return unlessGone(getOpportunity(client, id));
}

async function kept(client: Client, key: string): Promise<Trace[]> {
  const traces = (await client.recall<Trace[]>(key)) ?? [];
  return traces.filter(({ at }) => Date.now() - at < KEPT_MS);
}
