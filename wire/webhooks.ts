/**
 * What HighLevel sends by webhook. Bodies are flat: the record's fields stand beside the envelope's. [recorded] Of
 * these only `type` is sure to be there: the specification's samples lack even `webhookId` and `timestamp`. [conflict]
 */

import * as s from 'zod/mini';

/** What is not as expected counts as absent: a whole event is not to be lost for one of its lesser fields. */
const text = s.optional(s.catch(s.nullish(s.string()), undefined));

const envelope = s.looseObject({
  type: s.string(),
  webhookId: text,
  timestamp: text,
  locationId: text,
  companyId: text,
});

const opportunityBody = s.looseObject({
  id: s.string().check(s.minLength(1)),
  locationId: s.string().check(s.minLength(1)),
  contactId: text,
  pipelineId: text,
  pipelineStageId: text,
  status: text,
  monetaryValue: s.optional(s.unknown()),
  assignedTo: text,
  name: text,
  source: text,
});

const noteBody = s.looseObject({
  id: s.string().check(s.minLength(1)),
  locationId: s.string().check(s.minLength(1)),
  /** A note is read by its contact. [spec] */
  contactId: s.string().check(s.minLength(1)),
});

const taskBody = s.looseObject({
  id: s.string().check(s.minLength(1)),
  locationId: s.string().check(s.minLength(1)),
  contactId: text,
  title: text,
  assignedTo: text,
});

/** The fields of an opportunity whose changes HighLevel sends events of their own for. */
export type OpportunityField = 'stage' | 'status' | 'value' | 'owner';

/** A stage lies in one pipeline, but the pipeline's id is not part of the stage's. */
export interface StageRef {
  pipelineId: string | null;
  stageId: string;
}

/** An opportunity as an event shows it. A field that the event leaves open is absent. */
export interface OpportunitySnapshot {
  contactId: string | null;
  stage?: StageRef;
  status?: string;
  value?: number;
  /** Null for an opportunity without an owner. */
  owner?: string | null;
}

/** What an opportunity is called and where it came from; null for what the event leaves open. */
export interface OpportunityTexts {
  name: string | null;
  source: string | null;
}

/** What an opportunity event claims: the opportunity is new, is gone, was touched somehow, or has one field changed. */
export type OpportunityClaim = 'created' | 'deleted' | 'updated' | OpportunityField;

interface Envelope {
  type: string;
  webhookId: string | null;
  /** When it happened, in ms since the epoch; null where the event does not say so. */
  at: number | null;
}

export interface OpportunityEvent extends Envelope {
  kind: 'opportunity';
  claim: OpportunityClaim;
  locationId: string;
  opportunityId: string;
  snapshot: OpportunitySnapshot;
  /** Of a deletion alone: nobody can ask HighLevel for them afterwards. */
  texts?: OpportunityTexts;
}

/**
 * A new note, or one that was edited. That of an opportunity names the opportunity's contact and not the opportunity.
 * [spec; issue #312]
 */
export interface NoteEvent extends Envelope {
  kind: 'note';
  claim: 'created' | 'updated';
  locationId: string;
  noteId: string;
  contactId: string;
}

/** A task that was completed. */
export interface TaskEvent extends Envelope {
  kind: 'task';
  locationId: string;
  taskId: string;
  /** Null was seen of a real event of another kind, though the specification has it. [issue #332] */
  contactId: string | null;
  /** Of a task without a contact alone, which nobody can ask HighLevel for. */
  untold?: { title: string | null; ownerId: string | null };
}

/** The app was taken off a location, or off a company and all its locations. [spec] */
interface UninstallEvent extends Envelope {
  kind: 'uninstall';
  locationId: string | null;
  companyId: string | null;
}

/** An event that nothing here waits for. */
interface OtherEvent extends Envelope {
  kind: 'other';
}

export type HighLevelEvent = OpportunityEvent | NoteEvent | TaskEvent | UninstallEvent | OtherEvent;

/** The names of the events on opportunities. [spec] */
const CLAIMS = new Map<string, OpportunityClaim>([
  ['OpportunityCreate', 'created'],
  ['OpportunityDelete', 'deleted'],
  ['OpportunityUpdate', 'updated'],
  ['OpportunityStageUpdate', 'stage'],
  ['OpportunityStatusUpdate', 'status'],
  ['OpportunityMonetaryValueUpdate', 'value'],
  ['OpportunityAssignedToUpdate', 'owner'],
]);

/** The names of those on notes. [spec] */
const NOTE_CLAIMS = new Map<string, NoteEvent['claim']>([
  ['NoteCreate', 'created'],
  ['NoteUpdate', 'updated'],
]);

const TASK_COMPLETED = 'TaskComplete';
const UNINSTALL = 'UNINSTALL';

/** The names of all events that something here waits for. */
export const EVENT_NAMES: readonly string[] = [
  ...CLAIMS.keys(),
  ...NOTE_CLAIMS.keys(),
  TASK_COMPLETED,
  UNINSTALL,
];

/**
 * Reads the body of a webhook, whose signature has been checked.
 *
 * @param body the parsed JSON
 * @returns null for what is no event at all, or a known one without the ids that it cannot do without
 */
export function readEvent(body: unknown): HighLevelEvent | null {
  const read = s.safeParse(envelope, body);
  if (!read.success) return null;
  const { type, webhookId, timestamp, locationId, companyId } = read.data;
  const common: Envelope = { type, webhookId: webhookId || null, at: timeOf(timestamp) };
  const claim = CLAIMS.get(type);
  if (claim) return opportunityEvent(common, claim, body);
  const noteClaim = NOTE_CLAIMS.get(type);
  if (noteClaim) return noteEvent(common, noteClaim, body);
  if (type === TASK_COMPLETED) return taskEvent(common, body);
  if (type === UNINSTALL) {
    return { ...common, kind: 'uninstall', locationId: locationId || null, companyId: companyId || null };
  }
  return { ...common, kind: 'other' };
}

const sender = s.looseObject({ appId: text });

/**
 * The marketplace app that an event was sent to: each event names it [measured by others], and HighLevel signs those of
 * all apps with one key [docs], so that an event of another app is validly signed.
 *
 * @param body the parsed JSON
 * @returns null where the event does not say so
 */
export function appIdOf(body: unknown): string | null {
  return s.safeParse(sender, body).data?.appId || null;
}

function opportunityEvent(common: Envelope, claim: OpportunityClaim, body: unknown): OpportunityEvent | null {
  const read = s.safeParse(opportunityBody, body);
  if (!read.success) return null;
  const { id, locationId, contactId, pipelineId, pipelineStageId, status, monetaryValue, assignedTo } =
    read.data;
  const { name, source } = read.data;
  const value = moneyOf(monetaryValue);
  const owner = assignedTo || (assignedTo === undefined && claim !== 'owner' ? undefined : null);
  return {
    ...common,
    kind: 'opportunity',
    claim,
    locationId,
    opportunityId: id,
    snapshot: {
      contactId: contactId || null,
      ...(pipelineStageId ? { stage: { pipelineId: pipelineId || null, stageId: pipelineStageId } } : {}),
      // Both spellings were seen. [conflict]
      ...(status ? { status: status.toLowerCase() } : {}),
      ...(value === undefined ? {} : { value }),
      // Null was seen for "nobody" [recorded]; a missing key says nothing, save where the owner is what changed.
      ...(owner === undefined ? {} : { owner }),
    },
    ...(claim === 'deleted' ? { texts: { name: whole(name), source: whole(source) } } : {}),
  };
}

/** A person's text without what a database cannot keep: NUL, and half of a character, as a text cut short ends in one. */
function whole(value: string | null | undefined): string | null {
  return value?.replace(/\p{Cs}|\0/gu, '') || null;
}

function noteEvent(common: Envelope, claim: NoteEvent['claim'], body: unknown): NoteEvent | null {
  const read = s.safeParse(noteBody, body);
  if (!read.success) return null;
  const { id, locationId, contactId } = read.data;
  return { ...common, kind: 'note', claim, locationId, noteId: id, contactId };
}

function taskEvent(common: Envelope, body: unknown): TaskEvent | null {
  const read = s.safeParse(taskBody, body);
  if (!read.success) return null;
  const { id, locationId, contactId, title, assignedTo } = read.data;
  return {
    ...common,
    kind: 'task',
    locationId,
    taskId: id,
    contactId: contactId || null,
    ...(contactId ? {} : { untold: { title: whole(title), ownerId: assignedTo || null } }),
  };
}

/**
 * The key is missing from opportunities without a value [recorded], and where an event leaves it out: so its absence
 * says nothing, least of all 0. An amount in text is read where it is a plain number.
 */
function moneyOf(value: unknown): number | undefined {
  const amount = typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof amount === 'number' && Number.isFinite(amount) ? amount : undefined;
}

function timeOf(timestamp: string | null | undefined): number | null {
  const at = Date.parse(timestamp ?? '');
  return Number.isNaN(at) ? null : at;
}
