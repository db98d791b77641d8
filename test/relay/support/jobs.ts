import { randomUUID } from 'node:crypto';
import type { DeliveryJob } from '../../../relay/delivery/job.ts';
import { type Delivery, NOTHING_KNOWN } from '../../../wire/deliveries.ts';

let made = 0;

/** A delivery of a stage change; a later one has the greater id, as the relay's own have. */
export function jobFor(queueId: string, opportunity: string): DeliveryJob {
  made += 1;
  const id = `${made.toString(16).padStart(8, '0')}${randomUUID().slice(8)}`;
  const body: Delivery = {
    id,
    event: 'stage_changed',
    location_id: 'l',
    opportunity_id: opportunity,
    note_id: null,
    task_id: null,
    change: {
      field: 'stage',
      from: null,
      to: 'B',
      at: '2026-11-21T12:00:00.000Z',
      from_known: false,
      recovered: false,
    },
    snapshot: { ...NOTHING_KNOWN, stage_id: 'B' },
  };
  return { id, queueId, body, tries: 0, receivedAt: 1_000 };
}
