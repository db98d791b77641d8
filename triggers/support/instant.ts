/** What the instant triggers on opportunities share: they differ in the event, its filters and what they call a sample. */

import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import { chosenFilters, type FilterInput, type FilterLabels } from '../../fields/inputs/filters.ts';
import { withContact } from '../../fields/inputs/include-contact.ts';
import { readYesNo, YES_NO_CHOICES } from '../../fields/inputs/read-yes-no.ts';
import { contactOfOpportunityOutputs } from '../../fields/outputs/contact.ts';
import { opportunityOutputFields, opportunitySample } from '../../fields/outputs/opportunity.ts';
import { connect } from '../../highlevel/connect.ts';
import type { Moment } from '../../highlevel/opportunities/reading.ts';
import type { Opportunity } from '../../highlevel/opportunities/record.ts';
import { unsubscribe } from '../../relay-client/subscriptions.ts';
import { type OpportunityDelivery, opportunityDelivery } from '../../wire/deliveries.ts';
import { CHANGED_FIELD, type OpportunityEventKind } from '../../wire/kinds.ts';
import type { Filters } from '../../wire/subscriptions.ts';
import { type DeletedOpportunity, deletedOutput, deletedSample, presentDeleted } from './deleted.ts';
import { hookPerform, noneIfGone } from './delivery.ts';
import { type Change, changeOutput, changeSample, namedChange } from './instant-change.ts';
import { INSTANT_KINDS } from './instant-kinds.ts';
import { listing } from './polling.ts';
import { subscribeAndRead } from './subscribing.ts';

export type InstantOpportunity = (Opportunity | DeletedOpportunity) & { change: Change };

export interface InstantPlan {
  event: OpportunityEventKind;
  /** The label of the polling trigger that does the same, or null. */
  twin: string | null;
  /** What a person chose, in the relay's words, beyond pipeline, stage, status and owner as they are. */
  filters?: (z: ZObject, bundle: Bundle) => Promise<Filters>;
  /** What the filters are called, where not as mostly. */
  labels?: FilterLabels;
  /** The recent opportunities that stand for samples: the newest, or those whose moment is the latest. */
  recent: 'created' | Exclude<Moment, 'createdAt'>;
}

const SAMPLE_ROWS = 5;

/** The parts of a hook trigger on opportunities; each call makes functions of its own, as core finds them by identity. */
export function instantOperation(plan: InstantPlan) {
  const { gone } = INSTANT_KINDS[plan.event];
  return {
    type: 'hook' as const,
    performSubscribe: listing(async (z: ZObject, bundle: Bundle) =>
      subscribeAndRead(z, bundle, plan.event, await filtersFor(z, bundle, plan), plan.twin),
    ),
    performUnsubscribe: async (z: ZObject, bundle: Bundle) => unsubscribe(z, bundle),
    perform: hookPerform(opportunityDelivery, plan.event, deliver, (z, bundle) => recent(z, bundle, plan)),
    performList: listing(async (z: ZObject, bundle: Bundle) => recent(z, bundle, plan)),
    outputFields: [
      ...(gone ? [...deletedOutput, contactOfOpportunityOutputs] : opportunityOutputFields),
      changeOutput(plan.event),
    ],
    sample: {
      ...(gone ? deletedSample : opportunitySample),
      change: changeSample(plan.event),
    },
  };
}

const IGNORE_OWN = 'Ignore Changes Made by This Integration';

/** The input field of every instant trigger on opportunities, the last one. */
export const ignoreOwnChanges = defineInputField({
  key: 'ignore_own_changes',
  label: IGNORE_OWN,
  type: 'string',
  required: false,
  choices: YES_NO_CHOICES,
  default: 'no',
  helpText:
    'Choose Yes if this Zap would send back what another Zap changes: what Zaps of this integration change then does not start it, and what people change still does. Leave empty, or choose No, to start it by every change.',
});

/** What a person chose, in the relay's words. */
export async function filtersFor(
  z: ZObject,
  bundle: Bundle,
  plan: Pick<InstantPlan, 'filters' | 'labels'>,
): Promise<Filters> {
  const ignoreOwn = readYesNo(z, IGNORE_OWN, bundle.inputData[ignoreOwnChanges.key]);
  return { ...(await chosenFor(z, bundle, plan)), ...(ignoreOwn ? { ignoreOwn } : {}) };
}

async function chosenFor(
  z: ZObject,
  bundle: Bundle,
  plan: Pick<InstantPlan, 'filters' | 'labels'>,
): Promise<Filters> {
  if (plan.filters) return plan.filters(z, bundle);
  const chosen = await chosenFilters(z, bundle, bundle.inputData as FilterInput, plan.labels);
  return {
    pipelineId: chosen.pipelineId,
    stageTo: chosen.stageId,
    status: chosen.status,
    ownerId: chosen.ownerId,
  };
}

/** One delivery, made whole with one read of the opportunity. One that is gone by then is no row. */
async function deliver(
  z: ZObject,
  bundle: Bundle,
  { event, opportunity_id: id, change, snapshot }: OpportunityDelivery,
): Promise<InstantOpportunity[]> {
  const highlevel = connect(z, bundle);
  const { opportunities } = highlevel;
  const named = await namedChange(z, bundle, event, change);
  if (INSTANT_KINDS[event].gone) {
    const record = {
      id,
      name: snapshot.name,
      source: snapshot.source,
      pipelineId: snapshot.pipeline_id,
      pipelineStageId: snapshot.stage_id,
      status: snapshot.status,
      monetaryValue: snapshot.value,
      assignedTo: snapshot.owner_id,
      contactId: snapshot.contact_id,
    };
    return [{ ...(await presentDeleted(highlevel, record)), change: named }];
  }
  return noneIfGone(async () => {
    const opportunity = await opportunities.presentOne(await opportunities.getWhole(id));
    return { ...(await withContact(z, bundle, opportunity)), change: named };
  });
}

/** Recent opportunities in the shape of a delivery, for the editor to show; what they changed from is not known. */
async function recent(z: ZObject, bundle: Bundle, plan: InstantPlan): Promise<InstantOpportunity[]> {
  const highlevel = connect(z, bundle);
  const { opportunities } = highlevel;
  const filters = await chosenFilters(z, bundle, bundle.inputData as FilterInput, plan.labels);
  const sort = plan.recent === 'created' ? 'createdAt' : plan.recent;
  const rows = await opportunities.readFirst({ where: filters, sort, rows: SAMPLE_ROWS });
  // A sample shows no more than a delivery can, which is read by its id.
  const records = rows.map(({ relations: _, attributions: __, ...record }) => record);
  const presented: (Opportunity | DeletedOpportunity)[] = INSTANT_KINDS[plan.event].gone
    ? await Promise.all(records.map((record) => presentDeleted(highlevel, record)))
    : await opportunities.present(records);
  return Promise.all(
    presented.map(async (opportunity, index) => ({
      ...('contact' in opportunity ? opportunity : await withContact(z, bundle, opportunity)),
      change: await namedChange(z, bundle, plan.event, {
        field: CHANGED_FIELD[plan.event],
        from: null,
        to: INSTANT_KINDS[plan.event].valueOf(opportunity),
        at: records[index]?.[sort] ?? '',
        from_known: false,
        recovered: false,
      }),
    })),
  );
}
