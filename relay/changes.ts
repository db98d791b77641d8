import {
  DEAL_FIELDS,
  type DealField,
  type DealSnapshot,
  type OpportunityEvent,
  type Place,
} from '../highlevel/events.ts';
import type { EventKind } from './store/subscriptions.ts';
import { type Claim, observe, type Step, type Timeline, valueAt } from './timeline.ts';

/** What the relay remembers of a deal: ids and numbers, and no names. */
export interface DealState {
  stage: Timeline<Place>;
  status: Timeline<string>;
  value: Timeline<number>;
  owner: Timeline<string | null>;
  /** When it was last created and deleted, as far as known, in ms. */
  createdAt: number | null;
  deletedAt: number | null;
}

/** A deal, or a note's contact, as a delivery shows it; null also for what is not known. */
interface Snapshot {
  contactId: string | null;
  pipelineId: string | null;
  stageId: string | null;
  status: string | null;
  value: number | null;
  ownerId: string | null;
}

/** One thing that happened, to be told once to everyone who waits for it. */
export interface Change {
  event: EventKind;
  field: DealField | 'created' | 'deleted' | 'note';
  /** Ids, a status or a number; null also where there was none before, which `fromKnown` tells apart. */
  from: string | number | null;
  fromKnown: boolean;
  to: string | number | null;
  /** In ms since the epoch, by HighLevel's clock. */
  at: number;
  /** As it was right after. */
  snapshot: Snapshot;
}

const UNKNOWN_DEAL: DealState = {
  stage: [],
  status: [],
  value: [],
  owner: [],
  createdAt: null,
  deletedAt: null,
};

const KINDS: Record<DealField, EventKind> = {
  stage: 'stage_changed',
  status: 'status_changed',
  value: 'value_changed',
  owner: 'owner_changed',
};

/**
 * What an event changes of a deal, by what is known of it. Pure: the same history gives the same changes.
 *
 * Every event shows the whole deal, so each counts for all fields; one that names a field (`OpportunityStageUpdate`
 * and the like) also claims that this field changed. HighLevel's pairs [issue #27] thus tell each change once, with
 * either of the two alone as well.
 *
 * @param state null for a deal never seen
 * @param at when it happened, in ms: the event's own time, or else that of its receipt
 * @returns what to remember, and the changes to tell, oldest first
 */
export function applyEvent(
  state: DealState | null,
  event: OpportunityEvent,
  at: number,
): { state: DealState; changes: Change[] } {
  const known = state ?? UNKNOWN_DEAL;
  if (event.claim === 'deleted') return deleted(known, event, at);
  if (event.claim === 'created') return created(known, event, at);
  // The Update that follows a Delete, and whatever else is told of a deal that is gone. [issue #27]
  if (isGone(known) && at > (known.deletedAt ?? 0)) return { state: known, changes: [] };
  const { claim } = event;
  return look(known, event, at, (field) => (field === claim ? 'changed' : 'seen'));
}

function isGone({ createdAt, deletedAt }: DealState): boolean {
  return deletedAt !== null && !(createdAt !== null && createdAt > deletedAt);
}

function created(known: DealState, event: OpportunityEvent, at: number) {
  const revived = isGone(known) && at > (known.deletedAt ?? 0);
  if (known.createdAt !== null && !revived) return look(known, event, at, () => 'given');
  const before = revived ? { ...UNKNOWN_DEAL, deletedAt: known.deletedAt } : known;
  const { state, changes } = look({ ...before, createdAt: at }, event, at, () => 'given');
  return { state, changes: [lifeChange('created', state, event, at), ...changes] };
}

function deleted(known: DealState, event: OpportunityEvent, at: number) {
  // One that is older than the deal's last creation tells of an earlier life, which was told to be over.
  const old = known.deletedAt !== null && (isGone(known) || at <= (known.createdAt ?? 0));
  if (old) return { state: known, changes: [] };
  const state = { ...known, deletedAt: at };
  return { state, changes: [lifeChange('deleted', state, event, at)] };
}

function lifeChange(
  field: 'created' | 'deleted',
  state: DealState,
  { snapshot }: OpportunityEvent,
  at: number,
): Change {
  return {
    event: field === 'created' ? 'opportunity_created' : 'opportunity_deleted',
    field,
    from: null,
    fromKnown: false,
    to: null,
    at,
    snapshot: show(state, snapshot.contactId, at, snapshot),
  };
}

/** Looks at each field that the event shows. */
function look(
  known: DealState,
  { snapshot }: OpportunityEvent,
  at: number,
  claimOf: (field: DealField) => Claim,
): { state: DealState; changes: Change[] } {
  const told: { field: DealField; step: Step<Place | string | number | null> }[] = [];
  const see = <Value extends Place | string | number | null>(
    field: DealField,
    timeline: Timeline<Value>,
    value: Value | undefined,
  ): Timeline<Value> => {
    if (value === undefined) return timeline;
    const seen = observe(timeline, { at, value, claim: claimOf(field) }, sameValue);
    told.push(...seen.steps.map((step) => ({ field, step })));
    return seen.timeline;
  };
  const state: DealState = {
    ...known,
    stage: see('stage', known.stage, snapshot.stage),
    status: see('status', known.status, snapshot.status),
    value: see('value', known.value, snapshot.value),
    owner: see('owner', known.owner, snapshot.owner),
  };
  const changes = told
    .sort((a, b) => a.step.at - b.step.at || DEAL_FIELDS.indexOf(a.field) - DEAL_FIELDS.indexOf(b.field))
    .map(({ field, step }) => fieldChange(field, step, state, snapshot.contactId));
  return { state, changes };
}

function fieldChange(
  field: DealField,
  { from, to, at }: Step<Place | string | number | null>,
  state: DealState,
  contactId: string | null,
): Change {
  return {
    event: KINDS[field],
    field,
    from: from === undefined ? null : plain(from),
    fromKnown: from !== undefined,
    to: plain(to),
    at,
    snapshot: show(state, contactId, at, { [field]: to }),
  };
}

/** The deal at a moment, by what is remembered, but for what is `certain`. */
function show(
  state: DealState,
  contactId: string | null,
  at: number,
  certain: Partial<DealSnapshot>,
): Snapshot {
  const stage = certain.stage ?? valueAt(state.stage, at);
  return {
    contactId,
    pipelineId: stage?.pipelineId ?? null,
    stageId: stage?.stageId ?? null,
    status: certain.status ?? valueAt(state.status, at) ?? null,
    value: certain.value ?? valueAt(state.value, at) ?? null,
    ownerId: (certain.owner === undefined ? valueAt(state.owner, at) : certain.owner) ?? null,
  };
}

function plain(value: Place | string | number | null): string | number | null {
  return typeof value === 'object' && value !== null ? value.stageId : value;
}

function sameValue(a: Place | string | number | null, b: Place | string | number | null): boolean {
  return plain(a) === plain(b);
}
