import { recordCustomField, searchRowCustomField } from '../account/custom-field-values.ts';
import type { ApiVersion } from '../server/versions.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Contact, Opportunity } from '../state/records.ts';
import { associationId } from './associations.ts';

/** What a search was asked to add to its rows; these are the contact's, not the opportunity's [docs]. */
export interface Extras {
  notes: boolean;
  tasks: boolean;
  calendarEvents: boolean;
}

const isFull = (value: unknown): boolean =>
  value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);

function fullName(contact: Contact | undefined): string {
  return [contact?.firstName, contact?.lastName].filter((part) => part).join(' ');
}

/** The chance to win in percent: the opportunity's own, or else its stage's [assumed]. */
export function effectiveProbability(ctx: SandboxContext, one: Opportunity): number | null {
  if (one.forecastProbability !== null) return one.forecastProbability;
  const stages = ctx.state.pipelines.get(one.pipelineId)?.stages ?? [];
  return stages.find((stage) => stage.id === one.pipelineStageId)?.stageWinProbability ?? null;
}

function extrasOf(ctx: SandboxContext, contactId: string, extras: Extras): Record<string, unknown> {
  const more: Record<string, unknown> = {};
  if (extras.notes) {
    more.notes = [...ctx.state.notes.values()].filter((note) =>
      note.relations.some((relation) => relation.recordId === contactId),
    );
  }
  if (extras.tasks) more.tasks = [...ctx.state.tasks.values()].filter((task) => task.contactId === contactId);
  if (extras.calendarEvents) more.calendarEvents = [];
  return more;
}

function relation(
  ctx: SandboxContext,
  one: Opportunity,
  contact: Contact | undefined,
  relationId: string,
  primary: boolean,
) {
  return {
    associationId: associationId(ctx),
    relationId,
    primary,
    objectKey: 'contact',
    recordId: contact?.id ?? one.contactId,
    fullName: fullName(contact),
    contactName: fullName(contact),
    ...reach(contact),
    attributed: null,
  };
}

function reach(contact: Contact | undefined) {
  return {
    companyName: contact?.companyName ?? null,
    email: contact?.email ?? null,
    phone: contact?.phone ?? null,
    tags: contact?.tags ?? [],
  };
}

/**
 * Where the contact came from, as rows show it: the keys are those of a contact's AttributionSource [spec], `isFirst`
 * and `isLast` tell the two apart [assumed].
 */
function attributionsOf(contact: Contact | undefined): Record<string, unknown>[] {
  if (contact?.attribution === undefined) return [];
  const { first, last } = contact.attribution;
  return [
    { ...first, isFirst: true },
    { ...last, isLast: true },
  ];
}

/** The opportunity's contacts: the primary one and any further ones [recorded]. */
function relationsOf(ctx: SandboxContext, one: Opportunity): Record<string, unknown>[] {
  // The primary relation has an id of its own; derived here, so that it stays the same [assumed].
  const relations = [
    relation(ctx, one, ctx.state.contacts.get(one.contactId), `rel${one.id.slice(3)}`, true),
  ];
  for (const { id, firstRecordId, secondRecordId } of ctx.state.relations.values()) {
    if (firstRecordId === one.id)
      relations.push(relation(ctx, one, ctx.state.contacts.get(secondRecordId), id, false));
  }
  return relations;
}

/**
 * A row of either search, with its nulls and its undocumented keys [recorded].
 *
 * @param sort the row's position in the search's order: a cursor for `searchAfter`.
 */
export function searchRow(
  ctx: SandboxContext,
  one: Opportunity,
  version: ApiVersion,
  sort: (number | string)[],
  extras: Extras,
): Record<string, unknown> {
  const contact = ctx.state.contacts.get(one.contactId);
  return {
    id: one.id,
    name: one.name,
    monetaryValue: one.monetaryValue,
    pipelineId: one.pipelineId,
    pipelineStageId: one.pipelineStageId,
    pipelineStageUId: one.pipelineStageId,
    assignedTo: one.assignedTo,
    status: one.status,
    source: one.source,
    lastStatusChangeAt: one.lastStatusChangeAt,
    lastStageChangeAt: one.lastStageChangeAt,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
    ...(version === 'v3' ? { forecastExpectedCloseDate: one.forecastExpectedCloseDate } : {}),
    forecastProbability: one.forecastProbability,
    effectiveProbability: effectiveProbability(ctx, one),
    contactId: one.contactId,
    locationId: one.locationId,
    customFields: one.customFields.flatMap(({ id, value }) => {
      const field = ctx.state.customFields.get(id);
      return field === undefined ? [] : (searchRowCustomField(field, value) ?? []);
    }),
    lostReasonId: one.lostReasonId,
    followers: one.followers,
    relations: relationsOf(ctx, one),
    contact: { id: one.contactId, name: fullName(contact), ...reach(contact), score: [] },
    sort,
    attributions: attributionsOf(contact),
    ...extrasOf(ctx, one.contactId, extras),
  };
}

/**
 * One opportunity as GET, PUT and POST answer it: empty keys are left out, and isAttribute, internalSource,
 * lastActionDate and contact.followers are added [recorded for GET and PUT; assumed for POST]. Custom fields are
 * `{id, fieldValue}` [spec]. The recording is of 2021-07-28; under v3 one record has the fields of a row [spec].
 */
export function record(ctx: SandboxContext, one: Opportunity, version: ApiVersion): Record<string, unknown> {
  const contact = ctx.state.contacts.get(one.contactId);
  const customFields = one.customFields.flatMap(({ id, value }) => {
    const field = ctx.state.customFields.get(id);
    return field === undefined ? [] : (recordCustomField(field, value) ?? []);
  });
  const sometimes = {
    assignedTo: one.assignedTo,
    source: one.source,
    lostReasonId: one.lostReasonId,
    customFields,
    forecastProbability: one.forecastProbability,
    ...(version === 'v3'
      ? {
          forecastExpectedCloseDate: one.forecastExpectedCloseDate,
          effectiveProbability: effectiveProbability(ctx, one),
        }
      : {}),
  };
  const contactSometimes = {
    companyName: contact?.companyName,
    email: contact?.email,
    phone: contact?.phone,
  };
  return {
    id: one.id,
    name: one.name,
    monetaryValue: one.monetaryValue,
    pipelineId: one.pipelineId,
    pipelineStageId: one.pipelineStageId,
    pipelineStageUId: one.pipelineStageId,
    status: one.status,
    lastStatusChangeAt: one.lastStatusChangeAt,
    lastStageChangeAt: one.lastStageChangeAt,
    lastActionDate: one.updatedAt,
    createdAt: one.createdAt,
    updatedAt: one.updatedAt,
    contactId: one.contactId,
    locationId: one.locationId,
    followers: one.followers,
    isAttribute: false,
    internalSource: {
      type: 'integration',
      id: ctx.client.appId,
      apiVersion: version === 'v3' ? 'v3' : '2021-07-28',
      channel: 'OAUTH',
      source: 'INTEGRATION',
    },
    ...Object.fromEntries(Object.entries(sometimes).filter(([, value]) => isFull(value))),
    contact: {
      id: one.contactId,
      name: fullName(contact),
      ...Object.fromEntries(Object.entries(contactSometimes).filter(([, value]) => isFull(value))),
      tags: contact?.tags ?? [],
      followers: [],
    },
  };
}
