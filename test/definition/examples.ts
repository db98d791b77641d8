import { scopesFor } from '../../highlevel/http/permissions.ts';
import type { Sandbox } from '../../local/sandbox/index.ts';
import type { Delivery } from '../../wire/deliveries.ts';
import { OPPORTUNITY_EVENTS } from '../../wire/kinds.ts';
import { inputsOf } from '../support/all-inputs.ts';
import { AMPLE } from '../support/ample.ts';
import { type Build, type Connection, connect } from '../support/connection.ts';
import { noteDelivery, opportunityDelivery, taskDelivery } from '../support/deliveries.ts';
import type { Placed } from './definition.ts';

type Input = Record<string, unknown>;

/** A connection in which every example can be run: several of them write a second opportunity for one contact. */
export async function connectForExamples(build?: Build): Promise<Connection> {
  const connection = await connect(AMPLE, build);
  // Some outputs are there only with a permission that not every publisher has.
  connection.authData.scope = (['reading', 'writing', 'extra'] as const).flatMap(scopesFor).join(' ');
  connection.sandbox.setLocation(connection.sandbox.locationId, { allowDuplicateOpportunity: true });
  const { state } = connection.sandbox;
  const contact = state.contacts.get(deliveredOpportunity(connection.sandbox).contactId);
  const details = {
    address1: '12 Pier Road',
    city: 'Portland',
    state: 'ME',
    postalCode: '04101',
    country: 'US',
    website: 'https://harborcafe.example.com',
    dateOfBirth: '1988-04-17',
  };
  for (const person of state.contacts.values()) {
    const attribution = Object.fromEntries(ATTRIBUTION.map((key) => [key, `${key}-1`]));
    Object.assign(person, { attribution: { first: attribution, last: attribution } });
  }
  giveFurtherContacts(connection.sandbox);
  if (contact) contact.details = { ...contact.details, ...details };
  return connection;
}

/** What a person fills in to see an operation answer in a freshly seeded sandbox. */
export function exampleFor({ place }: Pick<Placed, 'place'>, sandbox: Sandbox): Input {
  const { example, runs } = inputsOf(place.split('.').at(-1) ?? '');
  return example?.(sandbox) ?? runs(sandbox).least[0]?.inputData ?? {};
}

/** Every key that an opportunity's attribution is read by. */
const ATTRIBUTION = [
  'gclid',
  'fbclid',
  'fbc',
  'fbp',
  'msclikid',
  'utmSource',
  'utmMedium',
  'utmCampaign',
  'utmContent',
  'utmTerm',
  'adId',
  'adGroupId',
  'campaignId',
  'url',
  'referrer',
];

/** One further contact for each opportunity. */
export function giveFurtherContacts({ state, seeded }: Sandbox): void {
  const [one = '', other = ''] = seeded.contactIds;
  for (const { id: opportunityId, locationId, contactId } of state.opportunities.values()) {
    const id = `further-${opportunityId}`;
    state.relations.set(id, {
      id,
      locationId,
      associationId: 'OPPORTUNITIES_CONTACTS_ASSOCIATION',
      firstObjectKey: 'opportunity',
      firstRecordId: opportunityId,
      secondObjectKey: 'contact',
      secondRecordId: contactId === one ? other : one,
    });
  }
}

function deliveredOpportunity({ seeded, state }: Sandbox) {
  const opportunity = state.opportunities.get(seeded.opportunityIds[8] ?? '');
  if (!opportunity) throw new Error('The sandbox has no such opportunity.');
  return opportunity;
}

/** What the relay delivers to a hook trigger: a note, or an opportunity whose value or stage changed. */
export function deliveryFor({ place }: Pick<Placed, 'place'>, sandbox: Sandbox): Delivery {
  const { seeded, state } = sandbox;
  if (place === 'triggers.task_completed_instant') {
    const [task] = state.tasks.values();
    return taskDelivery(task?.id ?? '', { contact_id: task?.contactId ?? '' });
  }
  if (/_note_|note_updated/.test(place)) {
    const [note] = [...state.notes.values()].filter(({ relations }) => relations[0]?.objectKey === 'contact');
    const event = place === 'triggers.new_note_instant' ? 'note_created' : 'note_updated';
    return noteDelivery(note?.id ?? '', note?.relations[0]?.recordId ?? '', event);
  }
  const opportunity = deliveredOpportunity(sandbox);
  const [stage = null] = Object.values(seeded.pipelines.Sales?.stages ?? {});
  const event = place === 'triggers.new_opportunity_instant' ? 'opportunity_created' : place.slice(9, -8);
  const kind = OPPORTUNITY_EVENTS.find((one) => one === event) ?? 'stage_changed';
  const [owner = null] = Object.values(seeded.users);
  const values = {
    ...{ from: stage, to: opportunity.pipelineStageId },
    ...(kind === 'value_changed' ? { from: 100, to: opportunity.monetaryValue ?? null } : {}),
    ...(kind === 'owner_changed' ? { from: owner, to: seeded.installerId } : {}),
  };
  return opportunityDelivery(
    kind,
    opportunity.id,
    {
      pipeline_id: opportunity.pipelineId,
      stage_id: opportunity.pipelineStageId,
      status: opportunity.status,
      value: opportunity.monetaryValue ?? null,
      owner_id: opportunity.assignedTo ?? null,
      contact_id: opportunity.contactId,
      name: opportunity.name,
      source: opportunity.source ?? null,
    },
    { ...values, at: opportunity.updatedAt, from_known: true },
  );
}
