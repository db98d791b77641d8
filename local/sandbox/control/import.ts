import { createOpportunity } from '../opportunities/store.ts';
import { fail } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Contact, Location, State, Status } from '../state/records.ts';

export type Counts = Record<keyof State, number>;

/** How many records of each kind there are. */
export function countState(state: State): Counts {
  const sizes = Object.entries(state).map(([name, records]) => [name, records.size]);
  return Object.fromEntries(sizes) as Counts;
}

export interface ImportPlan {
  count: number;
  /** The main location if absent. */
  locationId?: string | undefined;
  /** The location's first pipeline if absent. */
  pipelineId?: string | undefined;
  /** The pipeline's first stage if absent. */
  pipelineStageId?: string | undefined;
  status?: Status | undefined;
  monetaryValue?: number | undefined;
  /** `Imported opportunity` if absent; a number follows. */
  name?: string | undefined;
  /** Whether each opportunity sends its events; true if absent. */
  events?: boolean | undefined;
}

function newContact(ctx: SandboxContext, locationId: string, number: number): Contact {
  const at = ctx.nowIso();
  const id = ctx.newId();
  const contact: Contact = {
    id,
    locationId,
    firstName: 'Import',
    lastName: String(number),
    email: `import.${id}@mail.example`.toLowerCase(),
    phone: null,
    companyName: null,
    assignedTo: null,
    source: 'Import',
    tags: ['imported'],
    customFields: [],
    dateAdded: at,
    dateUpdated: at,
  };
  ctx.state.contacts.set(id, contact);
  return contact;
}

/**
 * Adds many opportunities at once, each with a contact of its own, so that the rule on duplicates does not stop it.
 *
 * @returns the new ids, first made first.
 */
export function importOpportunities(ctx: SandboxContext, location: Location, plan: ImportPlan): string[] {
  const first = [...ctx.state.pipelines.values()].find((one) => one.locationId === location.id);
  const pipelineId = plan.pipelineId ?? first?.id ?? fail(400, 'The location has no pipeline.');
  const ids: string[] = [];
  for (let number = 1; number <= plan.count; number += 1) {
    const contact = newContact(ctx, location.id, number);
    const one = createOpportunity(
      ctx,
      {
        locationId: location.id,
        contactId: contact.id,
        pipelineId,
        name: `${plan.name ?? 'Imported opportunity'} ${number}`,
        status: plan.status ?? 'open',
        monetaryValue: plan.monetaryValue ?? 0,
        source: 'Import',
        ...(plan.pipelineStageId === undefined ? {} : { pipelineStageId: plan.pipelineStageId }),
      },
      plan.events === false,
    );
    ids.push(one.id);
  }
  return ids;
}
