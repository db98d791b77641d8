import { checkUser } from '../account/user-check.ts';
import { fail } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Opportunity, OpportunityCustomField, Pipeline, Stage } from '../state/records.ts';
import { sendChanged, sendCreated, sendDeleted } from './events.ts';

/** What a new opportunity needs. */
export type NewOpportunity = Pick<Opportunity, 'locationId' | 'name' | 'pipelineId' | 'contactId'> &
  Partial<Omit<Opportunity, 'id' | 'locationId'>>;

export type OpportunityPatch = Partial<Omit<Opportunity, 'id' | 'locationId' | 'createdAt' | 'updatedAt'>>;

/** A pipeline of this location, or 400; the vendor's words for this are unknown [assumed]. */
function pipelineOf(ctx: SandboxContext, locationId: string, pipelineId: string): Pipeline {
  const pipeline = ctx.state.pipelines.get(pipelineId);
  return pipeline !== undefined && pipeline.locationId === locationId
    ? pipeline
    : fail(400, `The pipeline id ${pipelineId} is invalid.`);
}

/** A stage of this pipeline, the first one if none is named [measured by others], or 400 [assumed]. */
function stageOf(pipeline: Pipeline, stageId: string | undefined): Stage {
  const stages = [...pipeline.stages].sort((a, b) => a.position - b.position);
  const stage = stageId === undefined ? stages[0] : stages.find((one) => one.id === stageId);
  return stage ?? fail(400, `The pipeline stage id ${stageId ?? ''} is invalid.`);
}

function checkPeople(
  ctx: SandboxContext,
  locationId: string,
  ids: readonly (string | null | undefined)[],
): void {
  for (const id of ids) checkUser(ctx, locationId, id);
}

function checkContact(ctx: SandboxContext, locationId: string, contactId: string): void {
  if (ctx.state.contacts.get(contactId)?.locationId !== locationId) {
    fail(400, `Contact not found for id:${contactId}`);
  }
}

function checkLostReason(ctx: SandboxContext, locationId: string, id: string | null | undefined): void {
  if (id === null || id === undefined) return;
  const reason = ctx.state.lostReasons.get(id);
  if (reason === undefined || reason.deleted || reason.locationId !== locationId) {
    fail(400, `The lost reason id ${id} is invalid.`);
  }
}

/** Ids by contact and pipeline, so that the duplicate rule need not read 100,000 opportunities. */
const indexes = new WeakMap<SandboxContext, { size: number; ids: Map<string, Set<string>> }>();

function idsByContactAndPipeline(ctx: SandboxContext): Map<string, Set<string>> {
  const known = indexes.get(ctx);
  if (known !== undefined && known.size === ctx.state.opportunities.size) return known.ids;
  const fresh = new Map<string, Set<string>>();
  indexes.set(ctx, { size: ctx.state.opportunities.size, ids: fresh });
  for (const one of ctx.state.opportunities.values()) {
    const key = `${one.contactId}/${one.pipelineId}`;
    fresh.set(key, (fresh.get(key) ?? new Set()).add(one.id));
  }
  return fresh;
}

function put(ctx: SandboxContext, before: Opportunity | null, after: Opportunity | null): void {
  const map = idsByContactAndPipeline(ctx);
  if (before !== null) map.get(`${before.contactId}/${before.pipelineId}`)?.delete(before.id);
  if (after !== null) {
    const key = `${after.contactId}/${after.pipelineId}`;
    map.set(key, (map.get(key) ?? new Set()).add(after.id));
    ctx.state.opportunities.set(after.id, after);
  } else if (before !== null) ctx.state.opportunities.delete(before.id);
  const record = after ?? before;
  if (record !== null) ctx.index.touch(record.id, record.locationId);
  indexes.set(ctx, { size: ctx.state.opportunities.size, ids: map });
}

/** The contact's opportunity in this pipeline, whatever its status [measured by others], other than `except`. */
export function existingIn(
  ctx: SandboxContext,
  contactId: string,
  pipelineId: string,
  except?: string,
): string | null {
  for (const id of idsByContactAndPipeline(ctx).get(`${contactId}/${pipelineId}`) ?? [])
    if (id !== except) return id;
  return null;
}

/** The opportunity that stands in the way of this one; the contrary answer looks in the other pipelines first. */
function existingOf(ctx: SandboxContext, one: Opportunity): string | null {
  const others = ctx.contrary.has('duplicate-any-pipeline')
    ? [...ctx.state.pipelines.keys()].filter((id) => id !== one.pipelineId)
    : [];
  for (const pipelineId of [...others, one.pipelineId]) {
    const id = existingIn(ctx, one.contactId, pipelineId, one.id);
    if (id !== null) return id;
  }
  return null;
}

function refuseDuplicate(ctx: SandboxContext, one: Opportunity): void {
  if (ctx.state.locations.get(one.locationId)?.settings.allowDuplicateOpportunity === true) return;
  const existingId = existingOf(ctx, one);
  if (existingId === null) return;
  fail(400, 'Can not create duplicate opportunity for the contact.', {
    code: 'OPPORTUNITY_NO_DUPLICATE',
    ...(ctx.contrary.has('duplicate-without-id') ? {} : { meta: { existingId } }),
  });
}

/** Owner of opportunity and owner of contact are kept in step [measured by others]; whether that sends ContactUpdate is unknown, so it does not. */
function giveContact(ctx: SandboxContext, one: Opportunity): void {
  const contact = ctx.state.contacts.get(one.contactId);
  if (contact === undefined || contact.assignedTo === one.assignedTo) return;
  ctx.state.contacts.set(contact.id, { ...contact, assignedTo: one.assignedTo, dateUpdated: ctx.nowIso() });
}

/**
 * Writes a new opportunity and sends its events. Times are the clock's; `lastStageChangeAt` is 1 ms later than the rest,
 * as is sometimes seen [recorded].
 *
 * @throws HighLevelError 400 for a pipeline, stage, contact, person or lost reason that is not the location's
 *   [assumed], and for a second opportunity of a contact in a pipeline [measured by others].
 */
export function createOpportunity(ctx: SandboxContext, input: NewOpportunity, quiet = false): Opportunity {
  const at = ctx.now();
  const iso = new Date(at).toISOString();
  const pipeline = pipelineOf(ctx, input.locationId, input.pipelineId);
  const stage = stageOf(pipeline, input.pipelineStageId);
  checkContact(ctx, input.locationId, input.contactId);
  checkPeople(ctx, input.locationId, [input.assignedTo, ...(input.followers ?? [])]);
  checkLostReason(ctx, input.locationId, input.lostReasonId);
  const one: Opportunity = {
    id: ctx.newId(),
    monetaryValue: 0,
    assignedTo: null,
    status: 'open',
    source: null,
    lostReasonId: null,
    forecastExpectedCloseDate: null,
    forecastProbability: null,
    followers: [],
    customFields: [],
    createdAt: iso,
    updatedAt: iso,
    lastStatusChangeAt: iso,
    lastStageChangeAt: new Date(at + 1).toISOString(),
    ...input,
    pipelineStageId: stage.id,
  };
  refuseDuplicate(ctx, one);
  put(ctx, null, one);
  if (one.assignedTo !== null) giveContact(ctx, one);
  if (!quiet) sendCreated(ctx, one);
  return one;
}

/** The fields as they stand after some of them were written; an empty value takes its field away [assumed]. */
export function mergeCustomFields(
  before: OpportunityCustomField[],
  written: OpportunityCustomField[],
): OpportunityCustomField[] {
  const fields = new Map(before.map((field) => [field.id, field]));
  for (const field of written) fields.set(field.id, field);
  return [...fields.values()];
}

/**
 * Changes an opportunity and sends its events: times of stage and status move only if those really change. A move to
 * another pipeline without a stage goes to that pipeline's first [assumed].
 *
 * @throws HighLevelError 400 as `createOpportunity`.
 */
export function changeOpportunity(
  ctx: SandboxContext,
  before: Opportunity,
  patch: OpportunityPatch,
): Opportunity {
  const iso = ctx.nowIso();
  const { locationId } = before;
  const pipelineId = patch.pipelineId ?? before.pipelineId;
  const moves = pipelineId !== before.pipelineId;
  const stageId = patch.pipelineStageId ?? (moves ? undefined : before.pipelineStageId);
  const stage =
    moves || stageId !== before.pipelineStageId
      ? stageOf(pipelineOf(ctx, locationId, pipelineId), stageId)
      : null;
  // Who already stands there may have been archived since.
  const known = [before.assignedTo, ...before.followers];
  const people = [patch.assignedTo, ...(patch.followers ?? [])].filter(
    (id) => id != null && !known.includes(id),
  );
  checkPeople(ctx, locationId, people);
  checkLostReason(ctx, locationId, patch.lostReasonId);
  if (patch.contactId !== undefined) checkContact(ctx, locationId, patch.contactId);
  const after: Opportunity = {
    ...before,
    ...patch,
    pipelineStageId: stage?.id ?? before.pipelineStageId,
    updatedAt: iso,
  };
  if (after.pipelineStageId !== before.pipelineStageId) after.lastStageChangeAt = iso;
  if (after.status !== before.status) {
    after.lastStatusChangeAt = iso;
  }
  // An opportunity that is not lost has no reason, and setting lost again without one takes it away [measured by others].
  const isLostAnew = patch.status === 'lost' && patch.lostReasonId === undefined;
  if (after.status !== 'lost' || isLostAnew) after.lostReasonId = null;
  if (moves) refuseDuplicate(ctx, after);
  put(ctx, before, after);
  if (after.assignedTo !== before.assignedTo) giveContact(ctx, after);
  sendChanged(ctx, before, after);
  return after;
}

/** Deletes an opportunity and sends its events. */
export function deleteOpportunity(ctx: SandboxContext, one: Opportunity): void {
  put(ctx, one, null);
  for (const relation of ctx.state.relations.values()) {
    if (relation.firstRecordId === one.id) ctx.state.relations.delete(relation.id);
  }
  sendDeleted(ctx, one);
}

/** Writes a record as it is given, dates included, without checks or events: for tests that need the past. */
export function overwriteOpportunity(
  ctx: SandboxContext,
  before: Opportunity,
  fields: Partial<Opportunity>,
): Opportunity {
  const after = { ...before, ...fields, id: before.id, locationId: before.locationId };
  put(ctx, before, after);
  return after;
}
