import { createHash } from 'node:crypto';
import type { Change } from '../changes.ts';
import type { EventKind } from '../store/subscriptions.ts';

/** What is posted to a hook: small, and always with the same keys. Times are ISO 8601, money is as HighLevel sends it. */
export interface DeliveryBody {
  /** Stays the same over all tries and replays. */
  id: string;
  event: EventKind;
  location_id: string;
  /** Null for a note, which names no deal. */
  opportunity_id: string | null;
  note_id: string | null;
  change: {
    field: Change['field'];
    from: string | number | null;
    to: string | number | null;
    at: string;
    /** False where the relay had not seen the deal before, and for what has no before. */
    from_known: boolean;
  };
  /** The deal right after the change, as far as the relay knows it. */
  snapshot: {
    pipeline_id: string | null;
    stage_id: string | null;
    status: string | null;
    value: number | null;
    owner_id: string | null;
    contact_id: string | null;
  };
}

/** One change on its way to one subscription. */
export interface DeliveryJob {
  id: string;
  subscriptionId: string;
  body: DeliveryBody;
  /** How often it was tried; waiting for a target that asked for it does not count. */
  tries: number;
  /** When the relay took the event in, in ms since the epoch; null for one that is sent again by hand. */
  receivedAt: number | null;
}

/** Where a change comes from: what makes it the one it is. */
export interface Origin {
  locationId: string;
  opportunityId: string | null;
  noteId: string | null;
  /** The inbox's number of the event, and the change's own number within what the event told. */
  seq: number;
  index: number;
  webhookId: string;
  receivedAt: number;
}

/** A delivery of a change to a subscription; the same every time it is made. */
export function deliveryJob(change: Change, origin: Origin, subscriptionId: string): DeliveryJob {
  const id = deliveryId(origin, subscriptionId);
  const { snapshot } = change;
  return {
    id,
    subscriptionId,
    tries: 0,
    receivedAt: origin.receivedAt,
    body: {
      id,
      event: change.event,
      location_id: origin.locationId,
      opportunity_id: origin.opportunityId,
      note_id: origin.noteId,
      change: {
        field: change.field,
        from: change.from,
        to: change.to,
        at: new Date(change.at).toISOString(),
        from_known: change.fromKnown,
      },
      snapshot: {
        pipeline_id: snapshot.pipelineId,
        stage_id: snapshot.stageId,
        status: snapshot.status,
        value: snapshot.value,
        owner_id: snapshot.ownerId,
        contact_id: snapshot.contactId,
      },
    },
  };
}

/**
 * A UUID (version 8) of event, change and subscription. It begins with their order, which the queue goes by.
 */
function deliveryId({ seq, index, webhookId }: Origin, subscriptionId: string): string {
  const bytes = createHash('sha256')
    .update(`${webhookId}|${index}|${subscriptionId}`)
    .digest()
    .subarray(0, 16);
  bytes.writeUIntBE(seq, 0, 6);
  bytes.writeUInt16BE(0x8000 | (index & 0x0fff), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
