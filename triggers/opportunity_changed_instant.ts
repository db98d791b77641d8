import { type Bundle, defineInputFields, defineTrigger, type ZObject } from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, stageFilter, statusFilter } from '../fields/inputs/common.ts';
import { chosenFilters, type FilterInput } from '../fields/inputs/filters.ts';
import { includeContact, withContact } from '../fields/inputs/include-contact.ts';
import { opportunityOutputFields, opportunitySample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import { isoTime, momentMs } from '../highlevel/http/time.ts';
import type { Opportunity, OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { digestSecret } from '../relay-client/digest.ts';
import { changedFields } from '../relay-client/digests.ts';
import { unsubscribe } from '../relay-client/subscriptions.ts';
import { type OpportunityDelivery, opportunityDelivery } from '../wire/deliveries.ts';
import { MOST_WATCHED } from '../wire/digests.ts';
import { hookPerform, noneIfGone } from './support/delivery.ts';
import { filtersFor, ignoreOwnChanges } from './support/instant.ts';
import { listing } from './support/polling.ts';
import { subscribeAndRead } from './support/subscribing.ts';
import { watchedDigests } from './support/watched-digests.ts';
import { readWatchedFields, type WatchableField, watched, watchedValue } from './support/watched-fields.ts';

const EVENT = 'opportunity_changed';
const TWIN = 'Opportunity Field Changed';
const SAMPLE_ROWS = 5;

const inputFields = defineInputFields([
  watched,
  pipelineFilter,
  stageFilter,
  statusFilter,
  ownerFilter,
  includeContact,
  ignoreOwnChanges,
  {
    key: 'about_changes',
    label: 'How Changes Are Found',
    type: 'copy',
    helpText:
      'The fields you watch are compared with what they held before; of an opportunity that was not read when the Zap was turned on, as closed ones are not unless you choose their status, the first edit does not start the Zap. ' +
      'Two edits within the same seconds start it once, with the fields of both.',
  },
]);

type Row = Opportunity & {
  changed_fields: string[];
  changed_field_ids: string[];
  changed_at: string | null;
  change_recovered: boolean;
};

function watchedIn(z: ZObject, bundle: Bundle): Promise<WatchableField[]> {
  return readWatchedFields(z, connect(z, bundle), watched.label, bundle.inputData[watched.key]);
}

const performSubscribe = listing(async (z: ZObject, bundle: Bundle) => {
  if (digestSecret() === null) {
    throw new z.errors.Error(
      `This trigger is not set up for this integration: whoever runs it has to set WATCH_SECRET. Use the trigger "${TWIN}" instead: it does the same, a few minutes later.`,
      'no_watch_secret',
      400,
    );
  }
  const fields = await watchedIn(z, bundle);
  if (fields.length > MOST_WATCHED) {
    throw new z.errors.Error(
      `${watched.label}: these are ${fields.length} fields, and one Zap can watch ${MOST_WATCHED}. Choose fewer, or use the trigger "${TWIN}" instead, which can watch more.`,
      'too_many_fields',
      400,
    );
  }
  const filters = await filtersFor(z, bundle, {});
  return subscribeAndRead(
    z,
    bundle,
    EVENT,
    filters,
    TWIN,
    fields.map(({ id }) => id),
  );
});

/** The relay is asked last: it takes what it is told for known, and what fails after that would be lost. */
async function deliver(z: ZObject, bundle: Bundle, delivery: OpportunityDelivery): Promise<Row[]> {
  const highlevel = connect(z, bundle);
  const fields = await watchedIn(z, bundle);
  const rows = await noneIfGone(async () => {
    const record = await highlevel.opportunities.getWhole(delivery.opportunity_id);
    requireTold(z, delivery, record, fields);
    const opportunity = await highlevel.opportunities.presentOne(record);
    return { record, opportunity: await withContact(z, bundle, opportunity) };
  });
  const [found] = rows;
  if (!found) return [];
  const changed = await changedFields(z, bundle, {
    delivery: delivery.id,
    opportunityId: found.record.id,
    at: isoTime(found.record.updatedAt) ?? delivery.change.at,
    digests: watchedDigests(found.record, fields, highlevel.locationId()),
  });
  if (changed.length === 0) return [];
  return [
    withChanged(
      found.opportunity,
      fields.filter(({ id }) => changed.includes(id)),
      delivery.change.at,
      delivery.change.recovered,
    ),
  ];
}

/** The search, which may be all that tells custom fields, was measured to be about a minute late. [measured by others] */
const SEARCH_LATE_SECONDS = 90;

/**
 * A custom field that is not told is not compared, and its change would never start the Zap.
 *
 * @throws z.errors.ThrottledError where a watched one is not told yet, and the search may have it when Zapier comes again
 */
function requireTold(
  z: ZObject,
  { change }: OpportunityDelivery,
  record: OpportunityRecord,
  fields: WatchableField[],
): void {
  const isUntold = fields.some((field) => field.custom && watchedValue(record, field) === undefined);
  if (!isUntold || Date.now() - momentMs(change.at) > SEARCH_LATE_SECONDS * 1000) return;
  throw new z.errors.ThrottledError(
    'HighLevel does not tell yet what the opportunity has in the fields you watch, as its search is about a minute late. ' +
      `Zapier asks again in ${SEARCH_LATE_SECONDS} seconds.`,
    SEARCH_LATE_SECONDS,
  );
}

/** Recent opportunities in the shape of a delivery, as if all that is watched had changed. */
async function recent(z: ZObject, bundle: Bundle): Promise<Row[]> {
  const { opportunities } = connect(z, bundle);
  const fields = await watchedIn(z, bundle);
  const where = await chosenFilters(z, bundle, bundle.inputData as FilterInput);
  const rows = await opportunities.readFirst({ where, sort: 'updatedAt', rows: SAMPLE_ROWS });
  // A sample shows no more than a delivery can, which is read by its id.
  const records = rows.map(({ relations: _, attributions: __, ...record }) => record);
  const presented = await opportunities.present(records);
  return Promise.all(
    presented.map(async (one) =>
      withChanged(await withContact(z, bundle, one), fields, one.updated_at, false),
    ),
  );
}

function withChanged(
  opportunity: Opportunity,
  fields: WatchableField[],
  at: string | null,
  recovered: boolean,
): Row {
  return {
    ...opportunity,
    changed_fields: fields.map(({ name }) => name),
    changed_field_ids: fields.map(({ id }) => id),
    changed_at: isoTime(at),
    change_recovered: recovered,
  };
}

export default defineTrigger({
  key: 'opportunity_changed_instant',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Field Changed (Instant)',
    description:
      'Triggers when one of the opportunity fields you choose changes, custom fields included, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    type: 'hook',
    performSubscribe,
    performUnsubscribe: (z, bundle) => unsubscribe(z, bundle),
    perform: hookPerform(opportunityDelivery, EVENT, deliver, recent),
    performList: listing(async (z: ZObject, bundle: Bundle) => recent(z, bundle)),
    inputFields,
    outputFields: [
      ...opportunityOutputFields,
      { key: 'changed_fields', label: 'Changed Fields', type: 'string', list: true },
      { key: 'changed_field_ids', label: 'Changed Field IDs', type: 'string', list: true },
      { key: 'changed_at', label: 'Changed At', type: 'datetime' },
      { key: 'change_recovered', label: 'Found After an Outage', type: 'boolean' },
    ],
    sample: {
      ...opportunitySample,
      changed_fields: ['Value', 'Expected Close Date'],
      changed_field_ids: ['monetary_value', 'expected_close_date'],
      changed_at: '2026-11-20T14:30:00.000Z',
      change_recovered: false,
    },
  },
});
