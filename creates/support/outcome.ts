import { TEST_ID } from '../../fields/inputs/test-mode.ts';
import type { HighLevel } from '../../highlevel/connect.ts';
import type { Opportunity, OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** What became of an opportunity that a step was to create or change. */
export interface Outcome {
  /** As it stands now. */
  record: OpportunityRecord;
  /** As it stood before; null where it was created. */
  before: OpportunityRecord | null;
  /** Whether it stayed as it was, by a rule that the person chose. */
  leftAlone: boolean;
}

export const outcomeOutput = [
  { key: 'was_created', label: 'Was Created', type: 'boolean' },
  { key: 'was_reopened', label: 'Was Reopened', type: 'boolean' },
  { key: 'was_left_alone', label: 'Was Left Alone', type: 'boolean' },
  { key: 'status_before', label: 'Status Before', type: 'string' },
  { key: 'stage_id_before', label: 'Stage ID Before', type: 'string' },
  { key: 'stage_name_before', label: 'Stage Name Before', type: 'string' },
  { key: 'value_before', label: 'Value Before', type: 'number' },
] as const;

export const createdSample = {
  was_created: true,
  was_reopened: false,
  was_left_alone: false,
  status_before: null,
  stage_id_before: null,
  stage_name_before: null,
  value_before: null,
};

export const updatedSample = {
  ...createdSample,
  was_created: false,
  status_before: 'open',
  stage_id_before: '7915dedc-8f18-44d5-8bc3-77c04e994a10',
  stage_name_before: 'Contacted',
  value_before: 3500,
};

/**
 * The opportunity as every operation shows it, with what became of it.
 */
export async function presentOutcome({ opportunities }: HighLevel, { record, before, leftAlone }: Outcome) {
  // The answer to a change may name the contact by its id alone, and no change gives an opportunity to another.
  const contact = record.contact ?? before?.contact;
  const opportunity = await opportunities.presentOne({ ...record, ...(contact ? { contact } : {}) });
  const earlier: Opportunity | null = before && (await opportunities.presentOne(before));
  return {
    ...opportunity,
    url: record.id === TEST_ID ? null : opportunity.url,
    was_created: before === null,
    was_reopened: before !== null && before.status !== 'open' && record.status === 'open',
    was_left_alone: leftAlone,
    status_before: earlier?.status ?? null,
    stage_id_before: earlier?.stage_id ?? null,
    stage_name_before: earlier?.stage_name ?? null,
    value_before: earlier?.monetary_value ?? null,
  };
}
