/** What the relay posts to a Zap's hook: always the same keys, null for what is not known. */

import * as s from 'zod/mini';
import { CHANGED_FIELD, type ChangedField, NOTE_EVENTS, OPPORTUNITY_EVENTS, TASK_EVENTS } from './kinds.ts';
import { reading } from './readings.ts';

const text = s.lazy(() => s.nullable(s.string()));

/** Ids, a status or a number. */
const value = s.lazy(() => s.nullable(s.union([s.string(), s.number()])));

const change = s.lazy(() =>
  s.looseObject({
    field: s.enum(Object.values(CHANGED_FIELD) as [ChangedField, ...ChangedField[]]),
    from: value,
    to: value,
    /** ISO 8601, by HighLevel's clock. */
    at: s.string(),
    /** False where the relay had not seen the record before, and for what has no earlier value. */
    from_known: s.boolean(),
    /** Whether no event told of it, and a reading found it: then it may stand for several. */
    recovered: s._default(s.boolean(), false),
  }),
);

export type DeliveredChange = s.output<typeof change>;

/**
 * The opportunity right after the change, as far as the relay knows it; of a note or a task, its contact. Name and
 * source are told of a deleted one, and null for all others, which can be asked for; so are title and owner of a task
 * without a contact.
 */
const state = {
  pipeline_id: text,
  stage_id: text,
  status: text,
  /** As HighLevel sends money: in the currency's main unit. */
  value: s.nullable(s.number()),
  owner_id: text,
  contact_id: text,
  name: text,
  source: text,
};
const snapshot = s.lazy(() => s.looseObject(state));

/** The snapshot of what nothing is known of. */
export const NOTHING_KNOWN: s.output<typeof snapshot> = {
  pipeline_id: null,
  stage_id: null,
  status: null,
  value: null,
  owner_id: null,
  contact_id: null,
  name: null,
  source: null,
};

const common = {
  /** Stays the same over all tries and replays. */
  id: s.string(),
  location_id: s.string(),
  change,
  snapshot,
};

export const opportunityDelivery = s.lazy(() =>
  s.looseObject({
    ...common,
    event: s.enum(OPPORTUNITY_EVENTS),
    opportunity_id: s.string(),
    note_id: s.null(),
    task_id: s.null(),
  }),
);

export type OpportunityDelivery = s.output<typeof opportunityDelivery>;

/** HighLevel's event of a note names its contact and no opportunity. */
export const noteDelivery = s.lazy(() =>
  s.looseObject({
    ...common,
    event: s.enum(NOTE_EVENTS),
    opportunity_id: s.null(),
    note_id: s.string(),
    task_id: s.null(),
    snapshot: s.looseObject({ ...state, contact_id: s.string() }),
  }),
);

export type NoteDelivery = s.output<typeof noteDelivery>;

/** HighLevel's event of a task names its contact, by which it is read, and no opportunity. */
export const taskDelivery = s.lazy(() =>
  s.looseObject({
    ...common,
    event: s.enum(TASK_EVENTS),
    opportunity_id: s.null(),
    note_id: s.null(),
    task_id: s.string(),
  }),
);

export type TaskDelivery = s.output<typeof taskDelivery>;

export type Delivery = OpportunityDelivery | NoteDelivery | TaskDelivery;

/** Asks the Zap's app to read something and report it; no change, and no run of the Zap. */
export const catchUpDelivery = s.lazy(() =>
  s.looseObject({
    id: s.string(),
    event: s.literal('catch_up'),
    location_id: s.string(),
    reading,
  }),
);

export type CatchUpDelivery = s.output<typeof catchUpDelivery>;

/** Asks the Zap's app to show that its connection still reads the location; no change, and no run of the Zap. */
export const proofDelivery = s.lazy(() =>
  s.looseObject({
    id: s.string(),
    event: s.literal('prove'),
    location_id: s.string(),
    /** What the app sends back with its token. */
    proof: s.uuid(),
  }),
);

export type ProofDelivery = s.output<typeof proofDelivery>;
