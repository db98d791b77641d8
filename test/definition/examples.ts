import type { Sandbox } from '../../local/sandbox/index.ts';
import type { Delivery } from '../../wire/deliveries.ts';
import { OPPORTUNITY_EVENTS } from '../../wire/kinds.ts';
import { AMPLE } from '../support/ample.ts';
import { type Build, type Connection, connect } from '../support/connection.ts';
import { noteDelivery, opportunityDelivery } from '../support/deliveries.ts';
import type { Placed } from './definition.ts';

type Input = Record<string, unknown>;

/** What a person fills in to see each operation answer in a freshly seeded sandbox; nothing, where nothing is asked. */
const EXAMPLES: Record<string, (sandbox: Sandbox) => Input> = {
  'triggers.stale_opportunity': () => ({ days: 1 }),
  'triggers.stage_list': () => ({ pipeline_id: 'Sales' }),

  'searches.find_opportunity': () => ({ status: 'lost' }),
  'searches.find_contact': ({ seeded, state }) => ({
    email: state.contacts.get(seeded.contactIds[0] ?? '')?.email,
  }),
  'searches.find_user': ({ seeded }) => ({ name: Object.keys(seeded.users)[0] }),
  'searches.find_pipeline_stage': () => ({ pipeline_name: 'Sales' }),

  'creates.create_opportunity': ({ seeded }) => ({
    contact_id: seeded.contactIds[0],
    pipeline_id: 'Sales',
    name: 'Website',
  }),
  'creates.update_opportunity': ({ seeded }) => ({
    opportunity_id: seeded.opportunityIds[1],
    monetary_value: 4800,
  }),
  'creates.update_opportunity_status': ({ seeded }) => ({
    opportunity_id: seeded.opportunityIds[2],
    status: 'won',
    lost_reason_id: 'Too Expensive',
  }),
  'creates.delete_opportunity': ({ seeded }) => ({ opportunity_id: seeded.opportunityIds[3] }),
  'creates.add_followers': ({ seeded }) => ({
    opportunity_id: seeded.opportunityIds[4],
    follower_ids: Object.values(seeded.users),
  }),
  'creates.remove_followers': ({ seeded }) => ({
    opportunity_id: seeded.opportunityIds[5],
    remove_all: true,
  }),
  'creates.create_note': ({ seeded }) => ({
    body: 'Asked for a second quote.',
    title: 'Follow-Up',
    opportunity_id: seeded.opportunityIds[6],
    author_id: seeded.installerId,
  }),
  'creates.create_task': ({ seeded }) => ({
    title: 'Call back',
    body: 'About the quote.',
    due_date: '2026-12-01T15:00:00Z',
    opportunity_id: seeded.opportunityIds[7],
    owner_id: seeded.installerId,
  }),
  'creates.create_or_update_contact': () => ({ email: 'new.person@example.com', first_name: 'New' }),
};

/** A connection in which every example can be run: several of them write a second opportunity for one contact. */
export async function connectForExamples(build?: Build): Promise<Connection> {
  const connection = await connect(AMPLE, build);
  connection.sandbox.setLocation(connection.sandbox.locationId, { allowDuplicateOpportunity: true });
  return connection;
}

/** What an operation is run with. */
export const exampleFor = ({ place }: Pick<Placed, 'place'>, sandbox: Sandbox): Input =>
  EXAMPLES[place]?.(sandbox) ?? {};

/** What the relay delivers to a hook trigger: a note, or an opportunity whose value or stage changed. */
export function deliveryFor({ place }: Pick<Placed, 'place'>, { seeded, state }: Sandbox): Delivery {
  if (place === 'triggers.new_note_instant') {
    const [note] = [...state.notes.values()].filter(({ relations }) => relations[0]?.objectKey === 'contact');
    return noteDelivery(note?.id ?? '', note?.relations[0]?.recordId ?? '');
  }
  const opportunity = state.opportunities.get(seeded.opportunityIds[8] ?? '');
  if (!opportunity) throw new Error('The sandbox has no such opportunity.');
  const [stage = null] = Object.values(seeded.pipelines.Sales?.stages ?? {});
  const event = place === 'triggers.new_opportunity_instant' ? 'opportunity_created' : place.slice(9, -8);
  const kind = OPPORTUNITY_EVENTS.find((one) => one === event) ?? 'stage_changed';
  const values =
    kind === 'value_changed'
      ? { from: 100, to: opportunity.monetaryValue ?? null }
      : { from: stage, to: opportunity.pipelineStageId };
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
    },
    { ...values, at: opportunity.updatedAt, from_known: true },
  );
}
