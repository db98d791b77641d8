import type {
  ChangedField,
  EventKind,
  NoteEventKind,
  OpportunityEventKind,
  TaskEventKind,
} from '../../wire/kinds.ts';
import type {
  NoteEvent,
  OpportunityEvent,
  OpportunityField,
  OpportunitySnapshot,
  OpportunityTexts,
  StageRef,
  TaskEvent,
} from '../../wire/webhooks.ts';
import { type Claim, doubt, observe, type Timeline, type Transition, valueAt } from './timeline.ts';

/** What the relay remembers of an opportunity: ids and numbers, and no names. */
export interface OpportunityState {
  stage: Timeline<StageRef>;
  status: Timeline<string>;
  value: Timeline<number>;
  owner: Timeline<string | null>;
  /** When it was last created and deleted, as far as known, in ms. */
  createdAt: number | null;
  deletedAt: number | null;
}

/** An opportunity as a delivery shows it; null also for what is not known. */
interface Snapshot {
  contactId: string | null;
  pipelineId: string | null;
  stageId: string | null;
  status: string | null;
  value: number | null;
  ownerId: string | null;
}

/** One thing that happened to an opportunity, delivered once to each subscription that wants it. */
export interface OpportunityChange {
  event: OpportunityEventKind;
  field: ChangedField;
  /** Ids, a status or a number; null where there was none before or it is not known, which `fromKnown` says. */
  from: string | number | null;
  fromKnown: boolean;
  to: string | number | null;
  /** In ms since the epoch, by HighLevel's clock. */
  at: number;
  /** Whether a reading made it known, and no event. */
  recovered: boolean;
  /** As it was right after. */
  snapshot: Snapshot;
  /** Of a deletion alone. They go into its deliveries and are not remembered. */
  texts?: OpportunityTexts;
}

/** What happened to a note or a task of a contact. */
interface ContactChange {
  field: ChangedField;
  /** In ms since the epoch, by HighLevel's clock. */
  at: number;
}

export interface NoteChange extends ContactChange {
  event: NoteEventKind;
  contactId: string;
}

export interface TaskChange extends ContactChange {
  event: TaskEventKind;
  contactId: string | null;
  /** As in wire/webhooks.ts; it goes into its deliveries and is not remembered. */
  untold?: TaskEvent['untold'];
}

export type Change = OpportunityChange | NoteChange | TaskChange;

export const NEVER_SEEN: OpportunityState = {
  stage: [],
  status: [],
  value: [],
  owner: [],
  createdAt: null,
  deletedAt: null,
};

/** What is sent of each change; a kind that is added to the wire has to find its row here. */
const EVENT_OF = {
  created: 'opportunity_created',
  deleted: 'opportunity_deleted',
  stage: 'stage_changed',
  status: 'status_changed',
  value: 'value_changed',
  owner: 'owner_changed',
  updated: 'opportunity_changed',
  note: 'note_created',
  note_updated: 'note_updated',
  task_completed: 'task_completed',
} as const satisfies Record<ChangedField, EventKind>;

/**
 * What an event changes of an opportunity, by what is known of it. Pure: the same history gives the same changes.
 *
 * Every event shows the whole opportunity, so each counts for all fields; one that names a field
 * (`OpportunityStageUpdate` and the like) also claims that this field changed. HighLevel's pairs [issue #27] thus make
 * one change, with either of the two alone as well.
 *
 * @param state null for an opportunity never seen
 * @param at when it happened, in ms: the event's own time, or else that of its receipt
 * @returns what to remember, and the changes, oldest first
 */
export function applyEvent(
  state: OpportunityState | null,
  event: OpportunityEvent,
  at: number,
): { state: OpportunityState; changes: OpportunityChange[] } {
  const known = state ?? NEVER_SEEN;
  if (event.claim === 'deleted') return deleted(known, event, at);
  if (event.claim === 'created') return created(known, event, at);
  // The Update that follows a Delete, and whatever else comes of an opportunity that is gone. [issue #27]
  if (isGone(known) && at > (known.deletedAt ?? 0)) return { state: known, changes: [] };
  const { claim } = event;
  const looked = look(known, event.snapshot, (field) => ({
    at,
    claim: field === claim ? 'changed' : 'seen',
  }));
  // The event says that the value changed and not to what: what was known of it may be wrong from here on.
  if (claim !== 'value' || event.snapshot.value !== undefined) return looked;
  return { ...looked, state: { ...looked.state, value: [] } };
}

/** A note has one event and no companions. [spec] */
export function noteChange({ claim, contactId }: NoteEvent, at: number): NoteChange {
  const field = claim === 'created' ? 'note' : 'note_updated';
  return { event: EVENT_OF[field], field, at, contactId };
}

/** A task has one event when it is completed, and no companions. [spec] */
export function taskChange({ contactId, untold }: TaskEvent, at: number): TaskChange {
  return {
    event: EVENT_OF.task_completed,
    field: 'task_completed',
    at,
    contactId,
    ...(untold ? { untold } : {}),
  };
}

/** What was known before events may have been lost: it is not sure any more to be what comes before the next. */
export function doubted(state: OpportunityState): OpportunityState {
  return {
    ...state,
    stage: doubt(state.stage),
    status: doubt(state.status),
    value: doubt(state.value),
    owner: doubt(state.owner),
  };
}

/** Whether it was deleted, and not created since. */
export function isGone({ createdAt, deletedAt }: OpportunityState): boolean {
  return deletedAt !== null && !(createdAt !== null && createdAt > deletedAt);
}

function created(known: OpportunityState, event: OpportunityEvent, at: number) {
  const revived = isGone(known) && at > (known.deletedAt ?? 0);
  if (known.createdAt !== null && !revived) return look(known, event.snapshot, given(at));
  const before = revived ? { ...NEVER_SEEN, deletedAt: known.deletedAt } : known;
  const { state, changes } = look({ ...before, createdAt: at }, event.snapshot, given(at));
  return { state, changes: [lifeChange('created', state, event.snapshot, at), ...changes] };
}

function deleted(known: OpportunityState, event: OpportunityEvent, at: number) {
  // One that is older than the opportunity's last creation is about an earlier life, whose end was reported.
  const old = known.deletedAt !== null && (isGone(known) || at <= (known.createdAt ?? 0));
  if (old) return { state: known, changes: [] };
  const state = { ...known, deletedAt: at };
  return { state, changes: [{ ...lifeChange('deleted', state, event.snapshot, at), texts: event.texts }] };
}

const given = (at: number) => () => ({ at, claim: 'given' as const });

/** That it is new, gone, or touched somehow. */
export function lifeChange(
  field: 'created' | 'deleted' | 'updated',
  state: OpportunityState,
  snapshot: OpportunitySnapshot,
  at: number,
  recovered = false,
): OpportunityChange {
  return {
    event: EVENT_OF[field],
    field,
    from: null,
    fromKnown: false,
    to: null,
    at,
    recovered,
    snapshot: show(state, snapshot.contactId, at, snapshot),
  };
}

/**
 * Looks at each field that an event or a reading shows.
 *
 * @param claimOf what is claimed of a field, and for which moment, in ms
 */
export function look(
  known: OpportunityState,
  snapshot: OpportunitySnapshot,
  claimOf: (field: OpportunityField) => { at: number; claim: Claim },
): { state: OpportunityState; changes: OpportunityChange[] } {
  const found: { field: OpportunityField; transition: Transition<StageRef | string | number | null> }[] = [];
  const see = <Value extends StageRef | string | number | null>(
    field: OpportunityField,
    timeline: Timeline<Value>,
    value: Value | undefined,
  ): Timeline<Value> => {
    if (value === undefined) return timeline;
    const seen = observe(timeline, { ...claimOf(field), value }, sameValue);
    found.push(...seen.transitions.map((transition) => ({ field, transition })));
    return seen.timeline;
  };
  const state: OpportunityState = {
    ...known,
    stage: see('stage', known.stage, snapshot.stage),
    status: see('status', known.status, snapshot.status),
    value: see('value', known.value, snapshot.value),
    owner: see('owner', known.owner, snapshot.owner),
  };
  const changes = found
    .sort((a, b) => a.transition.at - b.transition.at)
    .map(({ field, transition }) => fieldChange(field, transition, state, snapshot.contactId));
  return { state, changes };
}

function fieldChange(
  field: OpportunityField,
  { from, to, at, recovered }: Transition<StageRef | string | number | null>,
  state: OpportunityState,
  contactId: string | null,
): OpportunityChange {
  return {
    event: EVENT_OF[field],
    field,
    from: from === undefined ? null : plain(from),
    fromKnown: from !== undefined,
    to: plain(to),
    at,
    recovered,
    snapshot: show(state, contactId, at, { [field]: to }),
  };
}

/** The opportunity at a moment, by what is remembered, but for what is `certain`. */
function show(
  state: OpportunityState,
  contactId: string | null,
  at: number,
  certain: Partial<OpportunitySnapshot>,
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

function plain(value: StageRef | string | number | null): string | number | null {
  return typeof value === 'object' && value !== null ? value.stageId : value;
}

function sameValue(a: StageRef | string | number | null, b: StageRef | string | number | null): boolean {
  return plain(a) === plain(b);
}
