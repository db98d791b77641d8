import type { SandboxContext } from '../state/context.ts';
import type { Opportunity } from '../state/records.ts';

/**
 * An opportunity as its webhooks carry it: flat; `monetaryValue` and `source` are absent when empty, `assignedTo` is
 * null [docs: the vendor's live example]. A value of 0 counts as empty [assumed: the example's opportunity had none, and a
 * opportunity without one is stored as 0].
 */
function eventFields(one: Opportunity): Record<string, unknown> {
  return {
    id: one.id,
    name: one.name,
    assignedTo: one.assignedTo,
    contactId: one.contactId,
    ...(one.monetaryValue === 0 ? {} : { monetaryValue: one.monetaryValue }),
    pipelineId: one.pipelineId,
    pipelineStageId: one.pipelineStageId,
    ...(one.source === null ? {} : { source: one.source }),
    status: one.status,
    dateAdded: one.createdAt,
  };
}

/** Emits events of these names for one opportunity, in this order. */
function send(ctx: SandboxContext, one: Opportunity, types: string[]): void {
  for (const type of types) ctx.emit({ type, locationId: one.locationId, fields: eventFields(one) });
}

/** A creation: Create, then the needless Update [issue #27]. */
export function sendCreated(ctx: SandboxContext, one: Opportunity): void {
  send(ctx, one, ['OpportunityCreate', 'OpportunityUpdate']);
}

/** A deletion: Delete, then an Update after it [issue #27]. */
export function sendDeleted(ctx: SandboxContext, one: Opportunity): void {
  send(ctx, one, ['OpportunityDelete', 'OpportunityUpdate']);
}

/** A change: Update, and one event more for each of stage, status, value and owner that changed [issue #27]. */
export function sendChanged(ctx: SandboxContext, before: Opportunity, after: Opportunity): void {
  const types = ['OpportunityUpdate'];
  if (before.pipelineStageId !== after.pipelineStageId) types.push('OpportunityStageUpdate');
  if (before.status !== after.status) types.push('OpportunityStatusUpdate');
  if (before.monetaryValue !== after.monetaryValue) types.push('OpportunityMonetaryValueUpdate');
  if (before.assignedTo !== after.assignedTo) types.push('OpportunityAssignedToUpdate');
  send(ctx, after, types);
}
