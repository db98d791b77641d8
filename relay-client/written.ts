/** What a request to HighLevel writes of an opportunity, as the relay is told of it. */

import * as s from 'zod/mini';
import { asKind, type CustomFieldKind } from '../highlevel/account/custom-field-value.ts';
import { apiUrl } from '../highlevel/http/environment.ts';
import { normalise, opportunityRecord } from '../highlevel/opportunities/record.ts';
import type { AnnouncedWrite } from '../wire/writes.ts';
import { digestSecret, keyedDigest } from './digest.ts';

type Sent = Record<string, unknown>;

const UPDATE = /^\/opportunities\/([\w-]{1,64})(\/status)?$/;
/** What stands in HighLevel's paths where an id would. */
const NO_IDS = ['search', 'pipelines', 'upsert', 'lost-reason'];

/**
 * What a request writes of an opportunity; null for any other request.
 *
 * @param request.body JSON as text
 */
export function writeOf(
  request: { method?: string | undefined; url: string; body?: unknown },
  locationId: string,
): AnnouncedWrite | null {
  const { origin, pathname } = new URL(request.url);
  if (origin !== new URL(apiUrl()).origin) return null;
  const sent = request.method === 'DELETE' ? {} : objectIn(request.body);
  if (!sent) return null;
  if (request.method === 'POST' && pathname === '/opportunities/') return creationOf(sent, locationId);
  const [, opportunityId, status] = pathname.match(UPDATE) ?? [];
  if (!opportunityId || NO_IDS.includes(opportunityId)) return null;
  if (request.method === 'DELETE' && !status) return { locationId, opportunityId, deleted: true, fields: {} };
  if (request.method !== 'PUT') return null;
  const fields = fieldsOf(sent);
  const digests = digestsOf(sent, locationId, opportunityId);
  if (Object.keys(fields).length + Object.keys(digests).length === 0) return null;
  return { locationId, opportunityId, fields, digests };
}

function creationOf({ contactId, pipelineId }: Sent, locationId: string): AnnouncedWrite | null {
  if (typeof contactId !== 'string' || typeof pipelineId !== 'string') return null;
  return { locationId, opportunityId: null, created: { contactId, pipelineId }, fields: {} };
}

function fieldsOf({ pipelineStageId, status, monetaryValue, assignedTo }: Sent): AnnouncedWrite['fields'] {
  return {
    ...(typeof pipelineStageId === 'string' ? { stage: pipelineStageId } : {}),
    ...(typeof status === 'string' ? { status } : {}),
    ...(typeof monetaryValue === 'number' ? { value: monetaryValue } : {}),
    ...(typeof assignedTo === 'string' || assignedTo === null ? { owner: assignedTo || null } : {}),
  };
}

/** The fields that can be watched, by what they are called in a write. */
const WATCHED = {
  name: 'name',
  monetaryValue: 'monetary_value',
  assignedTo: 'owner_id',
  forecastExpectedCloseDate: 'expected_close_date',
  forecastProbability: 'probability',
  pipelineStageId: 'stage_id',
  status: 'status',
} as const;

/** A write does not say of what kind a custom field is, and it is read back in the form of its kind. */
const KINDS: readonly CustomFieldKind[] = ['text', 'number', 'day', 'list'];

function digestsOf(
  sent: Sent,
  locationId: string,
  opportunityId: string,
): NonNullable<AnnouncedWrite['digests']> {
  const secret = digestSecret();
  const read = s.safeParse(opportunityRecord, { ...sent, id: opportunityId });
  if (secret === null || !read.success) return {};
  const opportunity = normalise(read.data);
  const digest = (fieldId: string, value: Parameters<typeof keyedDigest>[2]) =>
    keyedDigest(secret, { locationId, opportunityId, fieldId }, value);
  const plain = Object.entries(WATCHED)
    .filter(([key]) => key in sent)
    // No value and 0 are the same to HighLevel. [recorded]
    .map(([, id]) => [id, [digest(id, opportunity[id] ?? (id === 'monetary_value' ? 0 : null))]]);
  const custom = Object.entries(opportunity.custom_fields ?? {}).map(([id, value]) => {
    const fieldId = `custom_fields__${id}`;
    return [fieldId, [...new Set(KINDS.map((kind) => digest(fieldId, asKind(value, kind))))]];
  });
  return Object.fromEntries([...plain, ...custom]);
}

function objectIn(body: unknown): Sent | null {
  try {
    const read: unknown = typeof body === 'string' ? JSON.parse(body) : body;
    return typeof read === 'object' && read !== null ? (read as Sent) : null;
  } catch {
    return null;
  }
}
