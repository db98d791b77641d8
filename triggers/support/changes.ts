/** What the triggers for changed opportunities share. */

import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import { stageFilter, statusFilter } from '../../fields/inputs/common.ts';
import { chosenFilters, type FilterLabels } from '../../fields/inputs/filters.ts';
import { opportunityRowOutputFields } from '../../fields/outputs/opportunity.ts';
import { connect } from '../../highlevel/connect.ts';
import { happenedAfterCreation } from '../../highlevel/opportunities/moments.ts';
import type { Moment } from '../../highlevel/opportunities/reading.ts';
import type { Opportunity } from '../../highlevel/opportunities/record.ts';
import { withContacts } from './include-contact.ts';
import { FALLBACK_ROWS, isLongPast, readRows } from './polling.ts';

/** What the stage is called where a move into it starts the Zap. */
export const MOVED_TO = { stage: 'Moved to Stage' } as const;

export const movedToStage = defineInputField({
  ...stageFilter,
  label: MOVED_TO.stage,
  helpText:
    'Only opportunities that were moved to this stage; choose a pipeline first to see its stages. Leave empty for all stages.',
});

/** What the status is called where a change to it starts the Zap. */
export const NEW_STATUS = { status: 'New Status' } as const;

export const newStatus = defineInputField({
  ...statusFilter,
  label: NEW_STATUS.status,
  helpText: 'Only opportunities that changed to this status. Leave empty for any status.',
});

/** What polling can miss, said where a person sets the trigger up. */
export const whatPollingMisses = defineInputField({
  key: 'about_checks',
  label: 'How Changes Are Found',
  type: 'copy',
  helpText:
    'Zapier looks every few minutes: an opportunity that changes twice between two looks starts the Zap once, as it then stands, and a change older than a week never starts it. ' +
    `While HighLevel refuses to sort opportunities by their changes, only the ${FALLBACK_ROWS} newest are looked at, and changes of older ones come late or are missed.`,
});

/**
 * The opportunities whose last change of a kind is the latest, each as it now stands. That one was created is no change;
 * for a sample it will do.
 *
 * @throws HaltedError for a filter that nothing answers to
 */
export async function latestChanges(
  z: ZObject,
  bundle: Bundle,
  moment: Moment,
  labels: FilterLabels,
): Promise<Opportunity[]> {
  const highlevel = connect(z, bundle);
  const { inputData, meta } = bundle;
  const records = await readRows(highlevel, meta, await chosenFilters(z, bundle, inputData, labels), moment);
  const changes = records.filter(
    (record) => happenedAfterCreation(record, moment) && !isLongPast(meta, record[moment]),
  );
  const shown = await highlevel.opportunities.present(meta?.isLoadingSample ? records : changes);
  return withContacts(z, bundle, shown);
}

type StaticKey = Extract<(typeof opportunityRowOutputFields)[number], { key: string }>['key'];

/**
 * The output of an opportunity, told apart by its id and the time of the change: so one that changes again fires again,
 * and its id stays its id.
 */
export function outputFieldsPerChange(time: StaticKey) {
  return opportunityRowOutputFields.map((field) =>
    typeof field !== 'function' && (field.key === 'id' || field.key === time)
      ? { ...field, primary: true, required: true }
      : field,
  );
}
