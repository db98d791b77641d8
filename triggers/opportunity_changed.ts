import {
  type Bundle,
  defineInputFields,
  defineTrigger,
  type PollingTriggerPerform,
  type ZObject,
} from 'zapier-platform-core';
import { ownerFilter, pipelineFilter, stageFilter, statusFilter } from '../fields/inputs/common.ts';
import { chosenFilters } from '../fields/inputs/filters.ts';
import { includeContact } from '../fields/inputs/include-contact.ts';
import { opportunityRowOutputFields, opportunityRowSample } from '../fields/outputs/opportunity.ts';
import { connect } from '../highlevel/connect.ts';
import type { OpportunityRecord } from '../highlevel/opportunities/record.ts';
import { changedSinceFirstSeen, rememberNew, type Seen } from './support/first-seen.ts';
import { withContacts } from './support/include-contact.ts';
import { isLive, isLongPast, polling, readRows } from './support/polling.ts';
import {
  digestOf,
  readWatchedFields,
  type WatchableField,
  watched,
  watchedValues,
} from './support/watched-fields.ts';

const inputFields = defineInputFields([
  watched,
  pipelineFilter,
  stageFilter,
  statusFilter,
  ownerFilter,
  includeContact,
  {
    key: 'about_checks',
    label: 'How Changes Are Found',
    type: 'copy',
    helpText:
      'Zapier looks every few minutes and compares the fields you watch with all it has seen of them while the Zap was on: a field that goes back to an earlier value does not start the Zap, unless it is Stage or Status, nor does a new opportunity. ' +
      'If you have more than a few thousand opportunities, choose a pipeline: of those that could not be read when the Zap was turned on, the first edit of any field starts it.',
  },
]);

const perform = polling(async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { inputData, meta } = bundle;
  const fields = await readWatchedFields(z, highlevel, watched.label, inputData[watched.key]);
  const where = await chosenFilters(z, bundle, inputData);
  const records = await readRows(highlevel, meta, where, 'updatedAt', {
    remembered: Number.POSITIVE_INFINITY,
  });
  // Of what a live poll looks at, older edits were seen by polls before it.
  const told = fields.some(({ custom }) => custom)
    ? await highlevel.opportunities.settleFields(records, !isLive(meta))
    : records;
  const rows = withDigests(z, bundle, told, fields);
  const memory = `watched:${meta?.zap?.id ?? ''}:${digestOf({ ...where, fields: fields.map(({ id }) => id) })}`;
  if (meta?.isPopulatingDedupe) {
    await rememberNew(highlevel, memory, rows);
    // These start no Zap and are shown to nobody, and whole rows of thousands of opportunities are too much for one answer.
    return rows.map(({ record, digest }) => ({ id: record.id, watched_digest: digest }));
  }
  const edited = rows.filter(({ record }) => !isLongPast(meta, record.updatedAt));
  const shown = meta?.isLoadingSample ? rows : await changedSinceFirstSeen(highlevel, memory, edited);
  const opportunities = await highlevel.opportunities.present(shown.map(({ record }) => record));
  const changed = opportunities.map((opportunity, index) => ({
    ...opportunity,
    watched_digest: shown[index]?.digest,
  }));
  return withContacts(z, bundle, changed);
}) satisfies PollingTriggerPerform<typeof inputFields>;

/**
 * Rows that do not tell a watched field are left out, as any value in its place would look like a change.
 *
 * @throws errors.Error where none of them tells
 */
function withDigests(
  z: ZObject,
  bundle: Bundle,
  records: OpportunityRecord[],
  fields: WatchableField[],
): Seen[] {
  const rows = records.flatMap((record) => {
    const values = watchedValues(record, fields);
    return values ? [{ record, digest: digestOf(values) }] : [];
  });
  const untold = records.length - rows.length;
  if (untold > 0 && rows.length === 0) {
    throw new z.errors.Error(
      `${watched.label}: HighLevel does not tell at the moment what opportunities have in the fields you watch, so no change of them can be seen. Zapier looks again in a few minutes. If this stays, watch other fields.`,
      'watched_fields_untold',
      503,
    );
  }
  if (untold > 0)
    connect(z, bundle).log(`${untold} opportunities did not tell their watched fields and were left out`);
  return rows;
}

export default defineTrigger({
  key: 'opportunity_changed',
  noun: 'Opportunity',
  display: {
    label: 'Opportunity Field Changed',
    description: 'Triggers when one of the opportunity fields you choose changes, custom fields included.',
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    outputFields: [
      ...opportunityRowOutputFields.map((field) =>
        typeof field !== 'function' && field.key === 'id' ? { ...field, primary: true } : field,
      ),
      {
        key: 'watched_digest',
        label: 'Change ID',
        type: 'string',
        primary: true,
        required: true,
      },
    ],
    sample: { ...opportunityRowSample, watched_digest: '5f0c2a9d41b7e386' },
  },
});
