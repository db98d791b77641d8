import { createHash } from 'node:crypto';
import { type Delivery, NOTHING_KNOWN } from '../../wire/deliveries.ts';
import { TASK_EVENTS } from '../../wire/kinds.ts';
import type { DeliveryJob } from '../delivery/job.ts';
import type { Change, TaskChange } from './changes.ts';

/** Where a change comes from: what makes it the one it is. */
export interface Origin {
  locationId: string;
  /** The opportunity, the note or the task. */
  recordId: string;
  /** The inbox's number of the event, and the change's own number among those of the event. */
  seq: number;
  index: number;
  webhookId: string;
  receivedAt: number;
}

/** A delivery of a change to a Zap's queue; the same every time it is made. */
export function deliveryJob(change: Change, origin: Origin, queueId: string): DeliveryJob {
  const id = deliveryId(origin, queueId);
  return { id, queueId, tries: 0, receivedAt: origin.receivedAt, body: bodyOf(change, origin, id) };
}

function isOfTask(change: Change): change is TaskChange {
  return (TASK_EVENTS as readonly string[]).includes(change.event);
}

function bodyOf(change: Change, { locationId, recordId }: Origin, id: string): Delivery {
  const { field } = change;
  const at = new Date(change.at).toISOString();
  if (!('snapshot' in change)) {
    const common = {
      id,
      location_id: locationId,
      opportunity_id: null,
      change: { field, from: null, to: null, at, from_known: false, recovered: false },
    };
    if (!isOfTask(change)) {
      const snapshot = { ...NOTHING_KNOWN, contact_id: change.contactId };
      return { ...common, event: change.event, note_id: recordId, task_id: null, snapshot };
    }
    const { contactId, untold } = change;
    const told = { owner_id: untold?.ownerId ?? null, name: untold?.title ?? null };
    const snapshot = { ...NOTHING_KNOWN, ...told, contact_id: contactId };
    return { ...common, event: change.event, note_id: null, task_id: recordId, snapshot };
  }
  const { snapshot, texts } = change;
  return {
    id,
    event: change.event,
    location_id: locationId,
    opportunity_id: recordId,
    note_id: null,
    task_id: null,
    change: {
      field,
      from: change.from,
      to: change.to,
      at,
      from_known: change.fromKnown,
      recovered: change.recovered,
    },
    snapshot: {
      pipeline_id: snapshot.pipelineId,
      stage_id: snapshot.stageId,
      status: snapshot.status,
      value: snapshot.value,
      owner_id: snapshot.ownerId,
      contact_id: snapshot.contactId,
      name: texts?.name ?? null,
      source: texts?.source ?? null,
    },
  };
}

/**
 * A UUID (version 8) of event, change and queue. It begins with their order, which the queue goes by.
 */
function deliveryId({ seq, index, webhookId }: Origin, queueId: string): string {
  const bytes = createHash('sha256').update(`${webhookId}|${index}|${queueId}`).digest().subarray(0, 16);
  bytes.writeUIntBE(seq, 0, 6);
  bytes.writeUInt16BE(0x8000 | (index & 0x0fff), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
