import {
  type Delivery,
  NOTHING_KNOWN,
  type NoteDelivery,
  type OpportunityDelivery,
  type TaskDelivery,
} from '../../wire/deliveries.ts';
import { CHANGED_FIELD, type NoteEventKind, type OpportunityEventKind } from '../../wire/kinds.ts';

/** What the relay posts of a change of an opportunity. */
export function opportunityDelivery(
  event: OpportunityEventKind,
  opportunityId: string,
  snapshot: Partial<Delivery['snapshot']> = {},
  change: Partial<Delivery['change']> = {},
): OpportunityDelivery {
  return {
    id: 'd1',
    event,
    location_id: 'l1',
    opportunity_id: opportunityId,
    note_id: null,
    task_id: null,
    change: {
      field: CHANGED_FIELD[event],
      from: null,
      to: null,
      at: '2026-11-22T08:00:00.000Z',
      from_known: false,
      recovered: false,
      ...change,
    },
    snapshot: { ...NOTHING_KNOWN, ...snapshot },
  };
}

const OF_CONTACT = {
  id: 'd1',
  location_id: 'l1',
  opportunity_id: null,
  change: {
    from: null,
    to: null,
    at: '2026-11-22T08:00:00.000Z',
    from_known: false,
    recovered: false,
  },
} as const;

/** What the relay posts of a note. */
export function noteDelivery(
  noteId: string,
  contactId: string,
  event: NoteEventKind = 'note_created',
): NoteDelivery {
  return {
    ...OF_CONTACT,
    event,
    note_id: noteId,
    task_id: null,
    change: { ...OF_CONTACT.change, field: CHANGED_FIELD[event] },
    snapshot: { ...NOTHING_KNOWN, contact_id: contactId },
  };
}

/** What the relay posts of a task that was completed. */
export function taskDelivery(taskId: string, snapshot: Partial<Delivery['snapshot']>): TaskDelivery {
  return {
    ...OF_CONTACT,
    event: 'task_completed',
    note_id: null,
    task_id: taskId,
    change: { ...OF_CONTACT.change, field: 'task_completed' },
    snapshot: { ...NOTHING_KNOWN, ...snapshot },
  };
}
