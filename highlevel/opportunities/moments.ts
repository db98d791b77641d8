import { momentMs } from '../http/time.ts';
import type { Moment } from './reading.ts';
import type { OpportunityRecord } from './record.ts';

/** On creation these moments were recorded as equal to the creation or 1 ms later. [recorded] */
const CREATION_DRIFT_MS = 2000;

/** Whether a moment is a change of an opportunity that was there already, and not its creation. */
export function happenedAfterCreation(record: OpportunityRecord, moment: Moment): boolean {
  const happened = momentMs(record[moment]);
  // Where HighLevel names no creation there is nothing to take the change for.
  return happened - Date.parse(record.createdAt || '1970-01-01') > CREATION_DRIFT_MS;
}
