import type { Delivery, NoteDelivery, OpportunityDelivery } from '../../wire/deliveries.ts';
import { CHANGED_FIELD, type OpportunityEventKind } from '../../wire/kinds.ts';

const NOTHING: Delivery['snapshot'] = {
  pipeline_id: null,
  stage_id: null,
  status: null,
  value: null,
  owner_id: null,
  contact_id: null,
  name: null,
  source: null,
};

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
    change: {
      field: CHANGED_FIELD[event],
      from: null,
      to: null,
      at: '2026-11-22T08:00:00.000Z',
      from_known: false,
      recovered: false,
      ...change,
    },
    snapshot: { ...NOTHING, ...snapshot },
  };
}

/** What the relay posts of a new note. */
export function noteDelivery(noteId: string, contactId: string): NoteDelivery {
  return {
    id: 'd1',
    event: 'note_created',
    location_id: 'l1',
    opportunity_id: null,
    note_id: noteId,
    change: {
      field: 'note',
      from: null,
      to: null,
      at: '2026-11-22T08:00:00.000Z',
      from_known: false,
      recovered: false,
    },
    snapshot: { ...NOTHING, contact_id: contactId },
  };
}
