import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { connect } from '../highlevel/connect.ts';
import { problemOf } from '../highlevel/http/problem.ts';
import type { Moment } from '../highlevel/opportunities/moments.ts';
import type { Opportunity } from '../highlevel/opportunities/record.ts';
import { listing } from '../triggers/support/polling.ts';
import { chosenFilters, type FilterInput } from './inputs/filters.ts';
import { type Change, changeOutput, namedChange, relayChange } from './instant-change.ts';
import { opportunityOutputFields, opportunitySample } from './outputs/opportunity.ts';
import { type RelayEvent, type RelayFilters, subscribe, unsubscribe } from './relay.ts';

/** What the instant triggers on opportunities share: they differ in the event, its filters and what they call a sample. */

export type InstantOpportunity = Opportunity & { change: Change };

export interface InstantPlan {
  event: RelayEvent;
  /** What the change is called in `change.field`. */
  field: string;
  /** The label of the polling trigger that does the same, or null. */
  twin: string | null;
  /** What a person chose, in the relay's words, beyond pipeline, stage, status and owner as they are. */
  filters?: (z: ZObject, bundle: Bundle) => Promise<RelayFilters>;
  /** The recent deals that stand for samples: the newest, or those whose moment is the latest. */
  recent: 'created' | Moment;
  /** Where the deal is gone when its change arrives, what the relay remembers of it is all there is. */
  deleted?: boolean;
}

const delivery = s.looseObject({
  opportunity_id: s.string(),
  change: relayChange,
  /** The deal's last known ids and numbers. */
  snapshot: s.looseObject({
    name: s.nullish(s.string()),
    pipeline_id: s.nullish(s.string()),
    stage_id: s.nullish(s.string()),
    status: s.nullish(s.string()),
    value: s.nullish(s.number()),
    owner_id: s.nullish(s.string()),
    contact_id: s.nullish(s.string()),
  }),
});

const SAMPLE_ROWS = 5;

/** The parts of a hook trigger on opportunities; each call makes functions of its own, as core finds them by identity. */
export function instantOperation(plan: InstantPlan) {
  return {
    type: 'hook' as const,
    performSubscribe: listing(async (z: ZObject, bundle: Bundle) =>
      subscribe(z, bundle, plan.event, await filtersFor(z, bundle, plan), plan.twin),
    ),
    performUnsubscribe: async (z: ZObject, bundle: Bundle) => unsubscribe(z, bundle),
    perform: listing(async (z: ZObject, bundle: Bundle) => deliver(z, bundle, plan)),
    performList: listing(async (z: ZObject, bundle: Bundle) => recent(z, bundle, plan)),
    outputFields: [...opportunityOutputFields, ...changeOutput(plan.field === 'value' ? 'number' : 'string')],
    sample: {
      ...opportunitySample,
      url: plan.deleted ? null : opportunitySample.url,
      change: sampleChange(plan),
    },
  };
}

async function filtersFor(z: ZObject, bundle: Bundle, plan: InstantPlan): Promise<RelayFilters> {
  if (plan.filters) return plan.filters(z, bundle);
  const chosen = await chosenFilters(z, bundle, bundle.inputData as FilterInput);
  return {
    pipelineId: chosen.pipelineId,
    stageTo: chosen.pipelineStageId,
    status: chosen.status,
    ownerId: chosen.assignedTo,
  };
}

/** One delivery, made whole with one read of the deal. A deal that is gone by then has no change worth telling. */
async function deliver(z: ZObject, bundle: Bundle, plan: InstantPlan): Promise<InstantOpportunity[]> {
  const highlevel = connect(z, bundle);
  const read = s.safeParse(delivery, bundle.cleanedRequest);
  if (!read.success)
    throw new z.errors.Error('The relay sent something this trigger cannot read.', 'bad_delivery', 400);
  const { opportunity_id: id, change, snapshot } = read.data;
  const named = await namedChange(z, bundle, change);
  if (plan.deleted) {
    const record = {
      id,
      name: snapshot.name,
      pipelineId: snapshot.pipeline_id,
      pipelineStageId: snapshot.stage_id,
      status: snapshot.status,
      monetaryValue: snapshot.value,
      assignedTo: snapshot.owner_id,
      contactId: snapshot.contact_id,
    };
    // A link to it would lead nowhere.
    return [{ ...(await highlevel.opportunities.presentOne(record)), url: null, change: named }];
  }
  try {
    return [
      { ...(await highlevel.opportunities.presentOne(await highlevel.opportunities.get(id))), change: named },
    ];
  } catch (error) {
    if (problemOf(error)?.kind === 'not_found') return [];
    throw error;
  }
}

/** Recent deals in the shape of a delivery, for the editor to show; what they changed from is not known. */
async function recent(z: ZObject, bundle: Bundle, plan: InstantPlan): Promise<InstantOpportunity[]> {
  const highlevel = connect(z, bundle);
  const filters = await chosenFilters(z, bundle, bundle.inputData as FilterInput);
  const reading = { pageSize: SAMPLE_ROWS, mostPages: 1, readOn: () => false };
  const records =
    plan.recent === 'created'
      ? await highlevel.opportunities.readNewest(filters, reading)
      : await highlevel.opportunities.readByMoment({
          moment: plan.recent,
          filters,
          reading,
          fallback: reading,
        });
  const opportunities = await highlevel.opportunities.present(records);
  return Promise.all(
    opportunities.map(async (opportunity) => ({
      ...opportunity,
      change: await namedChange(z, bundle, {
        field: plan.field,
        from: null,
        to: newValue(plan.field, opportunity),
        at: atOf(plan.recent, opportunity) ?? '',
        from_known: false,
      }),
    })),
  );
}

function newValue(field: string, opportunity: Opportunity): string | number | null {
  switch (field) {
    case 'stage':
      return opportunity.stage_id;
    case 'status':
      return opportunity.status;
    case 'value':
      return opportunity.monetary_value;
    case 'owner':
      return opportunity.owner_id;
    default:
      return null;
  }
}

function atOf(moment: InstantPlan['recent'], opportunity: Opportunity): string | null {
  switch (moment) {
    case 'created':
      return opportunity.created_at;
    case 'lastStageChangeAt':
      return opportunity.last_stage_change_at;
    case 'lastStatusChangeAt':
      return opportunity.last_status_change_at;
    case 'updatedAt':
      return opportunity.updated_at;
  }
}

function sampleChange({ field }: InstantPlan): Change {
  const known = { field, at: '2026-11-20T14:30:00.000Z', from_known: true };
  const same = (from: string | number | null, to: string | number | null) => ({
    ...known,
    from,
    from_name: null,
    to,
    to_name: null,
  });
  switch (field) {
    case 'stage':
      return {
        ...known,
        from: '7915dedc-8f18-44d5-8bc3-77c04e994a10',
        from_name: 'Contacted',
        to: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
        to_name: 'Proposal Sent',
      };
    case 'owner':
      return {
        ...known,
        from: 'zT46WSCPbudrq4zhWMk6',
        from_name: 'Sam Okafor',
        to: '082goXVW3lIExEQPOnd3',
        to_name: 'Maria Lopez',
      };
    case 'status':
      return same('open', 'won');
    case 'value':
      return same(3500, 4800);
    default:
      return same(null, null);
  }
}
