import { randomUUID } from 'node:crypto';
import { CHANGED_FIELD } from '../../wire/kinds.ts';
import type { Change } from '../changes/changes.ts';
import { deliveryJob } from '../changes/delivery-job.ts';
import type { DeliveryJob } from '../delivery/job.ts';
import type { Subscription } from '../subscriptions/subscriptions.ts';

/**
 * A delivery as if something had just happened, with nothing known of before and after.
 *
 * @param recordId the opportunity it is about, or the note or task for a subscription to those: a Zap reads it, so a real one
 *   shows more
 */
export function testJob(
  { queueId, event, locationId }: Pick<Subscription, 'queueId' | 'event' | 'locationId'>,
  recordId: string,
): DeliveryJob {
  const webhookId = `operator:${randomUUID()}`;
  const origin = { locationId, recordId, seq: 0, index: 0, webhookId, receivedAt: Date.now() };
  return deliveryJob(testChange(event), origin, queueId);
}

function testChange(event: Subscription['event']): Change {
  const at = Date.now();
  if (event === 'note_created' || event === 'note_updated' || event === 'task_completed')
    return { event, field: CHANGED_FIELD[event], at, contactId: `test-${randomUUID()}` };
  return {
    event,
    field: CHANGED_FIELD[event],
    from: null,
    fromKnown: false,
    to: null,
    at,
    recovered: false,
    snapshot: { contactId: null, pipelineId: null, stageId: null, status: null, value: null, ownerId: null },
  };
}
