import * as s from 'zod/mini';
import { type CustomFieldWrite, customFieldsBody } from '../account/custom-field-write.ts';
import { createOnce, forgetTry, rememberIfUnanswered, triedSince } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';
import { NOT_READABLE, undecided, WITHOUT_DATE } from '../http/errors.ts';
import { orKnown, type Problem } from '../http/problem.ts';
import { momentMs } from '../http/time.ts';
import { meets } from './criteria.ts';
import { readIfThere, rememberCreated } from './just-created.ts';
import { readFirstWhole } from './read.ts';
import { type OpportunityRecord, type Status, singleOpportunity } from './record.ts';
import { getOpportunity, oneOpportunity } from './requests.ts';

/** Without the trailing slash it is not found. [measured by others] There is no idempotency key. [measured by others] */
export const CREATE_OPPORTUNITY: Endpoint = {
  method: 'POST',
  path: '/opportunities/',
  scope: 'opportunities.write',
  doing: 'create the opportunity',
  repeatable: false,
};

export const UPDATE_OPPORTUNITY: Endpoint = {
  method: 'PUT',
  path: '/opportunities/{id}',
  scope: 'opportunities.write',
  doing: 'update the opportunity',
  repeatable: true,
};

/** The one documented way to give a lost reason. [spec] */
export const SET_STATUS: Endpoint = {
  method: 'PUT',
  path: '/opportunities/{id}/status',
  scope: 'opportunities.write',
  doing: 'change the status of the opportunity',
  repeatable: true,
};

export const DELETE_OPPORTUNITY: Endpoint = {
  method: 'DELETE',
  path: '/opportunities/{id}',
  scope: 'opportunities.write',
  doing: 'delete the opportunity',
  repeatable: true,
};

/** Where an account allows several, a contact has rarely more in one pipeline. */
const MOST_OF_A_CONTACT = 20;

/** What an opportunity can be created with. [spec: CreateDtoV3, but for `source`, see below] */
export interface NewOpportunity {
  contactId: string;
  pipelineId: string;
  name: string;
  status: Status;
  pipelineStageId?: string;
  monetaryValue?: number;
  assignedTo?: string;
  /** Not in the specification; some production code sends it, others say it is refused. [conflict] */
  source?: string;
  /** YYYY-MM-DD */
  forecastExpectedCloseDate?: string;
  /** Percent, 0 to 100. */
  forecastProbability?: number;
  customFields?: CustomFieldWrite[];
}

/**
 * What of an opportunity can be changed; what is undefined stays as it is. Contact, source, lost reason and followers
 * are not among it. [spec: UpdateOpportunityDtoV3] That null empties a field is [assumed]: the specification has no
 * word on emptying.
 */
export interface OpportunityChange {
  pipelineId?: string;
  pipelineStageId?: string;
  name?: string;
  status?: Status;
  monetaryValue?: number | null;
  assignedTo?: string | null;
  /** YYYY-MM-DD */
  forecastExpectedCloseDate?: string | null;
  /** Percent, 0 to 100. */
  forecastProbability?: number | null;
  customFields?: CustomFieldWrite[];
}

/** An opportunity's field takes a text, a list or an object, and a number as text [spec: customFieldsInputStringSchemaV3]. */
function numberAsText({ id, value }: CustomFieldWrite): CustomFieldWrite {
  return { id, value: typeof value === 'number' ? String(value) : value };
}

/**
 * Creates an opportunity. Never repeated: there is no way to tell HighLevel that it is the same one.
 *
 * @throws HaltedError with kind `duplicate` and `existingId` where the account allows one opportunity per contact and pipeline
 */
export async function createOpportunity(
  client: Client,
  { customFields, ...opportunity }: NewOpportunity,
): Promise<OpportunityRecord> {
  const body = newBody(client, { customFields, ...opportunity });
  const created = await createOnce(client, {
    kind: KIND,
    payload: body,
    make: async () => {
      const answered = (await client.call(CREATE_OPPORTUNITY, oneOpportunity, { body })).opportunity;
      // An answer may name its id alone, as those to a change do.
      return answered.pipelineId ? answered : readCreated(client, { ...opportunity, ...answered });
    },
    findEarlier: (since, refusal) => createdSince(client, opportunity, since, refusal),
  });
  await rememberCreated(client, { ...opportunity, ...created }, customFields);
  return created;
}

/** @param known what is told where it cannot be read: it was created */
async function readCreated(client: Client, known: OpportunityRecord): Promise<OpportunityRecord> {
  return getOpportunity(client, known.id).catch(() => {
    client.log('the opportunity was created, and could not be read');
    return known;
  });
}

const KIND = 'opportunity';

function newBody(client: Client, { customFields, ...opportunity }: NewOpportunity) {
  return {
    ...opportunity,
    customFields: customFieldsBody(customFields?.map(numberAsText)),
    locationId: client.locationId(),
  };
}

/** Whether an earlier try of this creation, whose answer was lost, made it. */
export async function wasCreatedBefore(client: Client, opportunity: NewOpportunity): Promise<boolean> {
  const payload = newBody(client, opportunity);
  const since = await triedSince(client, { kind: KIND, payload });
  return since !== null && (await createdSince(client, opportunity, since, null)) !== null;
}

/**
 * The opportunity of that contact in that pipeline, with that name, that was created since; the newest of several.
 *
 * @param refusal HighLevel's, which may name it
 * @throws errors.Error where it cannot be told whether there is one
 */
async function createdSince(
  client: Client,
  { contactId, pipelineId, name }: Pick<NewOpportunity, 'contactId' | 'pipelineId' | 'name'>,
  since: number,
  refusal: Problem | null,
): Promise<OpportunityRecord | null> {
  const cannotTell = (why: string) => undecided(client.errors, 'the opportunity', why);
  // A refusal knows of the first at once, where the search runs behind. [measured by others]
  // It may name a record of another kind, or one that is gone since.
  const named = refusal?.existingId ? await readIfThere(client, refusal.existingId) : null;
  const { records, leftOut } = named
    ? { records: [named], leftOut: 0 }
    : await readFirstWhole(client, { where: { contactId, pipelineId }, rows: MOST_OF_A_CONTACT });
  const isSame = (one: OpportunityRecord) =>
    meets(one, { contactId, pipelineId, name, wholeName: true }) === true;
  for (const row of records) {
    if (row.name && !isSame(row)) continue;
    const record = row.name && row.createdAt ? row : await getOpportunity(client, row.id);
    if (!isSame(record)) continue;
    if (momentMs(record.createdAt) >= since) return record;
    // Where HighLevel refuses a second one, none is made by mistake.
    if (!record.createdAt && !refusal) throw cannotTell(WITHOUT_DATE);
  }
  if (leftOut > 0 && !refusal) throw cannotTell(NOT_READABLE);
  return null;
}

/**
 * Changes an opportunity and gives it as it then stands. [spec]
 *
 * @param repeatable false where a second run of the step would read other values, as where one is added to the value
 * @throws HaltedError with kind `duplicate` for a move to a pipeline where the contact has an opportunity already [measured by others]
 */
export async function updateOpportunity(
  client: Client,
  id: string,
  { customFields, ...change }: OpportunityChange,
  repeatable = true,
): Promise<OpportunityRecord> {
  const body = { ...change, customFields: customFieldsBody(customFields?.map(numberAsText)) };
  const answer = await client.call({ ...UPDATE_OPPORTUNITY, repeatable }, changed, { path: { id }, body });
  return answer.opportunity?.pipelineId ? answer.opportunity : readChanged(client, id, change);
}

/** Some answers name the id alone, or success alone [measured by others]; one with nothing at all is no failure either. */
const changed = s.lazy(() =>
  s.catch(s.looseObject({ opportunity: s.optional(s.catch(s.nullish(singleOpportunity), undefined)) }), {}),
);

/**
 * The record is read again; where that fails, what was saved is all that is known, and no error: it was saved.
 *
 * @throws HaltedError with kind `not_found` for one that is gone, which may be answered as if it had been changed
 */
async function readChanged(
  client: Client,
  id: string,
  { monetaryValue, ...change }: Omit<OpportunityChange, 'customFields'>,
): Promise<OpportunityRecord> {
  return orKnown(getOpportunity(client, id), () => {
    client.log('the opportunity was changed, and could not be read again');
    return { id, ...change, monetaryValue: monetaryValue === null ? 0 : monetaryValue };
  });
}

/** The answers to a status and a deletion say nothing that is worth reading: live they differ from the docs. [recorded] */
const anything = s.unknown();

/**
 * Sets the status, and with `lost` the reason. The answer does not hold the opportunity. [spec]
 *
 * @param repeatable false where the step did something before that it must not do twice
 */
export async function setStatus(
  client: Client,
  id: string,
  body: { status: Status; lostReasonId?: string },
  repeatable = true,
): Promise<void> {
  await client.call({ ...SET_STATUS, repeatable }, anything, { path: { id }, body });
}

const deletion = (id: string) => ({ kind: 'deletion', payload: id });

/** @throws HaltedError with kind `not_found` where it is gone already */
export async function deleteOpportunity(client: Client, id: string): Promise<void> {
  await rememberIfUnanswered(client, deletion(id), () =>
    client.call(DELETE_OPPORTUNITY, anything, { path: { id } }),
  );
}

/** Whether an earlier run of the same step, whose answer was lost, is what deleted it; asked once. */
export async function wasDeletedBefore(client: Client, id: string): Promise<boolean> {
  const tried = (await triedSince(client, deletion(id))) !== null;
  if (tried) await forgetTry(client, deletion(id));
  return tried;
}
