/** What a person chooses for a contact who has an opportunity in the pipeline already. */

import { defineInputField, type ZObject } from 'zapier-platform-core';
import { readChoice } from '../../fields/inputs/choices.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import type { WholeChange } from './change.ts';

const EXISTS_CHOICES = {
  stop: 'Stop and Tell Me',
  update_open: 'Update It if It Is Open',
  update_or_reopen: 'Update It if It Is Open, Reopen It if It Is Lost or Abandoned',
  update_any: 'Update It Whatever Its Status',
  create: 'Always Create Another',
};

export type ExistsRule = keyof typeof EXISTS_CHOICES;

export const ifExists = defineInputField({
  key: 'if_exists',
  label: 'If It Exists Already',
  type: 'string',
  required: false,
  choices: EXISTS_CHOICES,
  helpText:
    'What to do if the contact has an opportunity in this pipeline already: an update keeps what is empty in this step, and only "Update It Whatever Its Status" changes a won one. Leave empty to create another; if HighLevel allows only one, the step stops and tells you which one is there.',
});

/** @throws HaltedError for what is no choice */
export function readExistsRule(z: ZObject, value: unknown): ExistsRule {
  return readChoice(z, ifExists.label, value, EXISTS_CHOICES) ?? 'create';
}

/** What a rule means for an opportunity that is there. */
export function ruleFor(
  rule: ExistsRule,
  { status }: OpportunityRecord,
): 'stop' | 'update' | 'reopen' | 'leave' {
  if (rule === 'stop' || rule === 'create') return 'stop';
  if (rule === 'update_any' || status === 'open') return 'update';
  return rule === 'update_or_reopen' && (status === 'lost' || status === 'abandoned') ? 'reopen' : 'leave';
}

/** A status that is not told or not known could be any, so none of these is. */
const NOT_WON: unknown[] = ['open', 'lost', 'abandoned'];

const ONLY_IF_CHOICES = { open: 'Open', not_won: 'Not Won', any: 'Any Status' };

export const onlyIf = defineInputField({
  key: 'only_if',
  label: 'Only if Its Status Is',
  type: 'string',
  required: false,
  choices: ONLY_IF_CHOICES,
  helpText:
    'Changes the opportunity only if it has this status; otherwise it is left alone, and the output "Was Left Alone" says so. Leave empty for any status, which in Find or Create Opportunity means any but won.',
});

/** As `onlyIf`, for a step that is never part of Find or Create. */
export const onlyIfItIs = defineInputField({
  ...onlyIf,
  helpText:
    'Does this only if the opportunity has this status; otherwise it is left alone, and the output "Was Left Alone" says so. Leave empty for any status.',
});

export const leftAloneOutput = { key: 'was_left_alone', label: 'Was Left Alone', type: 'boolean' } as const;

/**
 * Whether an opportunity may be changed by what a person chose.
 *
 * @param found whether the step found it by itself, as in Find or Create
 * @returns a question to ask of the opportunity
 * @throws HaltedError for what is no choice
 */
export function readOnlyIf(
  z: ZObject,
  value: unknown,
  found: boolean,
): (opportunity: OpportunityRecord) => boolean {
  const rule = readChoice(z, onlyIf.label, value, ONLY_IF_CHOICES) ?? (found ? 'not_won' : 'any');
  return ({ status }) => rule === 'any' || (rule === 'open' ? status === 'open' : NOT_WON.includes(status));
}

const VALUE_CHOICES = { replace: 'Replace It', add: 'Add to It', larger: 'Keep the Larger' };

export type ValueRule = keyof typeof VALUE_CHOICES;

export const valueRule = defineInputField({
  key: 'value_rule',
  label: 'If It Has a Value Already',
  type: 'string',
  required: false,
  choices: VALUE_CHOICES,
  helpText: `What the ${LABELS.monetaryValue} of this step does to the one that an existing opportunity has. Leave empty to replace it.`,
});

/** @throws HaltedError for what is no choice */
export function readValueRule(z: ZObject, value: unknown): ValueRule {
  return readChoice(z, valueRule.label, value, VALUE_CHOICES) ?? 'replace';
}

/** A change whose value counts in with the one that the opportunity has. */
export function withValue(
  { monetaryValue, ...change }: WholeChange,
  rule: ValueRule,
  before: OpportunityRecord,
): WholeChange {
  if (typeof monetaryValue !== 'number' || rule === 'replace') return { ...change, monetaryValue };
  const held = before.monetaryValue ?? 0;
  if (rule === 'larger') return monetaryValue > held ? { ...change, monetaryValue } : change;
  // Cents are not to be lost to binary fractions.
  return { ...change, monetaryValue: Math.round((held + monetaryValue) * 100) / 100, added: monetaryValue };
}
