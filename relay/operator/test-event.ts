import { randomUUID } from 'node:crypto';
import type { Change } from '../changes.ts';
import { type DeliveryJob, deliveryJob } from '../delivery/job.ts';
import type { EventKind, Subscription } from '../store/subscriptions.ts';

const FIELDS: Record<EventKind, Change['field']> = {
  opportunity_created: 'created',
  stage_changed: 'stage',
  status_changed: 'status',
  value_changed: 'value',
  owner_changed: 'owner',
  opportunity_deleted: 'deleted',
  note_created: 'note',
};

/**
 * A delivery as if something had just happened, with nothing known of before and after.
 *
 * @param recordId the deal it is about, or the note for a subscription to notes: a Zap reads it, so a real one shows more
 */
export function testJob(
  { id, event, locationId }: Pick<Subscription, 'id' | 'event' | 'locationId'>,
  recordId: string,
): DeliveryJob {
  const ofNote = event === 'note_created';
  const change: Change = {
    event,
    field: FIELDS[event],
    from: null,
    fromKnown: false,
    to: null,
    at: Date.now(),
    snapshot: { contactId: null, pipelineId: null, stageId: null, status: null, value: null, ownerId: null },
  };
  const origin = {
    locationId,
    opportunityId: ofNote ? null : recordId,
    noteId: ofNote ? recordId : null,
    seq: 0,
    index: 0,
    webhookId: `operator:${randomUUID()}`,
    receivedAt: Date.now(),
  };
  return deliveryJob(change, origin, id);
}
