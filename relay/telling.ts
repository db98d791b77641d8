import type { HighLevelEvent } from '../highlevel/events.ts';
import { applyEvent, type Change } from './changes.ts';
import { type DeliveryJob, deliveryJob } from './delivery/job.ts';
import { matches } from './match.ts';
import { type Deals, dealKey } from './store/deals.ts';
import type { Subscription } from './store/subscriptions.ts';

/** An event that waited in the inbox. */
export interface InboxEvent {
  seq: number;
  webhookId: string;
  event: HighLevelEvent;
  receivedAt: Date;
}

/**
 * What an event tells: the changes it makes known, and a delivery of each for every subscription that waits for it.
 *
 * @param deals what is remembered of the deals; that of the event's own is brought up to date
 * @param waiting the subscriptions that run, of this location and maybe others
 */
export function tell(
  { seq, webhookId, event, receivedAt }: InboxEvent,
  deals: Deals,
  waiting: readonly Subscription[],
): { changes: Change[]; jobs: DeliveryJob[] } {
  if (event.kind !== 'opportunity' && event.kind !== 'note') return { changes: [], jobs: [] };
  const { locationId } = event;
  const opportunityId = event.kind === 'opportunity' ? event.opportunityId : null;
  const noteId = event.kind === 'note' ? event.noteId : null;
  const changes = changesOf(event, event.at ?? receivedAt.getTime(), deals);
  const jobs = changes.flatMap((change, index) =>
    waiting
      .filter((one) => one.locationId === locationId && one.event === change.event)
      // Nobody is told of what came before they asked for it.
      .filter(({ createdAt, filters }) => createdAt <= receivedAt && matches(change, filters))
      .map(({ id }) => {
        const origin = { locationId, opportunityId, noteId, seq, index, webhookId, receivedAt: +receivedAt };
        return deliveryJob(change, origin, id);
      }),
  );
  return { changes, jobs };
}

function changesOf(
  event: Extract<HighLevelEvent, { kind: 'opportunity' | 'note' }>,
  at: number,
  deals: Deals,
): Change[] {
  if (event.kind === 'note') return [noteChange(event.contactId, at)];
  const key = dealKey(event);
  const { state, changes } = applyEvent(deals.get(key)?.state ?? null, event, at);
  deals.set(key, { locationId: event.locationId, opportunityId: event.opportunityId, state });
  return changes;
}

/** A note has one event and no companions. [spec] */
function noteChange(contactId: string | null, at: number): Change {
  return {
    event: 'note_created',
    field: 'note',
    from: null,
    fromKnown: false,
    to: null,
    at,
    snapshot: { contactId, pipelineId: null, stageId: null, status: null, value: null, ownerId: null },
  };
}
