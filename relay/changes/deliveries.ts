import type { HighLevelEvent, NoteEvent, OpportunityEvent } from '../../wire/webhooks.ts';
import type { DeliveryJob } from '../delivery/job.ts';
import type { Subscription } from '../subscriptions/subscriptions.ts';
import { applyEvent, type Change, noteChange } from './changes.ts';
import { deliveryJob } from './delivery-job.ts';
import { matches } from './match.ts';
import { type KnownOpportunities, opportunityKey } from './opportunities.ts';

/** An event that waited in the inbox. */
export interface InboxEvent {
  seq: number;
  webhookId: string;
  event: HighLevelEvent;
  receivedAt: Date;
}

/**
 * What comes of an event: the changes it makes known, and a delivery of each for every subscription that wants it.
 *
 * @param opportunities what is remembered of them; that of the event's own is brought up to date
 * @param subscriptions those that run, of this location and maybe others
 */
export function deliveriesOf(
  { seq, webhookId, event, receivedAt }: InboxEvent,
  opportunities: KnownOpportunities,
  subscriptions: readonly Subscription[],
): { changes: Change[]; jobs: DeliveryJob[] } {
  if (event.kind !== 'opportunity' && event.kind !== 'note') return { changes: [], jobs: [] };
  const { locationId } = event;
  const recordId = event.kind === 'opportunity' ? event.opportunityId : event.noteId;
  const changes = changesOf(event, event.at ?? receivedAt.getTime(), opportunities);
  const jobs = changes.flatMap((change, index) =>
    subscriptions
      .filter((one) => one.locationId === locationId && one.event === change.event)
      // What came before a subscription is none of its business.
      .filter(({ createdAt, filters }) => createdAt <= receivedAt && matches(change, filters))
      .map(({ id }) => {
        const origin = { locationId, recordId, seq, index, webhookId, receivedAt: +receivedAt };
        return deliveryJob(change, origin, id);
      }),
  );
  return { changes, jobs };
}

function changesOf(
  event: OpportunityEvent | NoteEvent,
  at: number,
  opportunities: KnownOpportunities,
): Change[] {
  if (event.kind === 'note') return [noteChange(event, at)];
  const key = opportunityKey(event);
  const { state, changes } = applyEvent(opportunities.get(key)?.state ?? null, event, at);
  opportunities.set(key, { locationId: event.locationId, opportunityId: event.opportunityId, state });
  return changes;
}
