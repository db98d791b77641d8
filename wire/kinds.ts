/**
 * The kinds of events that a Zap can subscribe to. The relay and the app each keep tables over all of them, so a kind
 * that is added here does not compile until both handle it.
 */

/** Each kind, with what its change says has changed. */
export const CHANGED_FIELD = {
  opportunity_created: 'created',
  stage_changed: 'stage',
  status_changed: 'status',
  value_changed: 'value',
  owner_changed: 'owner',
  opportunity_changed: 'updated',
  opportunity_deleted: 'deleted',
  note_created: 'note',
  note_updated: 'note_updated',
  task_completed: 'task_completed',
} as const;

export type EventKind = keyof typeof CHANGED_FIELD;

/** What changed: a field of an opportunity, whatever it may be of one that was touched, or that a record is new or gone. */
export type ChangedField = (typeof CHANGED_FIELD)[EventKind];

/** The kinds whose deliveries name an opportunity. */
export const OPPORTUNITY_EVENTS = [
  'opportunity_created',
  'stage_changed',
  'status_changed',
  'value_changed',
  'owner_changed',
  'opportunity_changed',
  'opportunity_deleted',
] as const satisfies readonly EventKind[];

export type OpportunityEventKind = (typeof OPPORTUNITY_EVENTS)[number];

/** The kinds whose deliveries name a note. */
export const NOTE_EVENTS = ['note_created', 'note_updated'] as const satisfies readonly EventKind[];

export type NoteEventKind = (typeof NOTE_EVENTS)[number];

/** The kinds whose deliveries name a task. */
export const TASK_EVENTS = ['task_completed'] as const satisfies readonly EventKind[];

export type TaskEventKind = (typeof TASK_EVENTS)[number];

/** Every kind. */
export const EVENT_KINDS = [...OPPORTUNITY_EVENTS, ...NOTE_EVENTS, ...TASK_EVENTS] as const;

/** Fails to compile where a kind is of none of the lists. */
true satisfies EventKind extends OpportunityEventKind | NoteEventKind | TaskEventKind ? true : never;
