/**
 * Records as HighLevel would answer with them, had a request been sent: for Test Mode, which sends none.
 */

import { customFieldsBody } from '../account/custom-field-write.ts';
import type { OpportunityRecord, Status } from './record.ts';
import type { NewOpportunity, OpportunityChange } from './writes.ts';

/**
 * @param id stands where the id of the opportunity would be
 * @param contact as the contact's own record names it
 */
export function previewNew(
  opportunity: NewOpportunity,
  { id, contact, locationId }: { id: string; contact: OpportunityRecord['contact']; locationId: string },
): OpportunityRecord {
  const { customFields, ...plain } = opportunity;
  const now = new Date().toISOString();
  return {
    monetaryValue: 0,
    ...plain,
    id,
    locationId,
    contact,
    customFields: customFieldsBody(customFields),
    createdAt: now,
    updatedAt: now,
    lastStageChangeAt: now,
    lastStatusChangeAt: now,
  };
}

/** An emptied value shows as 0, as HighLevel shows it. [recorded for opportunities that never had one] */
export function previewChange(before: OpportunityRecord, change: OpportunityChange): OpportunityRecord {
  const { customFields = [], ...plain } = change;
  const set = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  const written = new Set(customFields.map(({ id }) => id));
  const kept = (before.customFields ?? []).filter(({ id }) => !written.has(id));
  const after: OpportunityRecord = {
    ...before,
    ...set,
    customFields: [...kept, ...(customFieldsBody(customFields) ?? [])],
  };
  if (change.monetaryValue === null) after.monetaryValue = 0;
  return change.status ? { ...after, ...previewStatus(after, change.status) } : after;
}

/** That an opportunity which is no longer lost keeps no reason for it is [assumed]. */
export function previewStatus(
  before: OpportunityRecord,
  status: Status,
  lostReasonId?: string,
): OpportunityRecord {
  return {
    ...before,
    status,
    lostReasonId: status === 'lost' ? (lostReasonId ?? before.lostReasonId) : null,
  };
}
