/** What the steps that create an opportunity have in common: its fields, and the rules for one that is there. */

import type { Bundle, ZObject } from 'zapier-platform-core';
import * as inputs from '../../fields/inputs/common.ts';
import { readOpportunityValues } from '../../fields/inputs/opportunity-values.ts';
import { optionalText, readText, requiredText } from '../../fields/inputs/read-text.ts';
import { connect } from '../../highlevel/connect.ts';
import { readLostReason } from './change.ts';
import { readExistsRule, readValueRule } from './existing.ts';
import type { Rules, Wanted } from './save-opportunity.ts';

type Input = Parameters<typeof readOpportunityValues>[2] & {
  name?: unknown;
  pipeline_id?: unknown;
  stage_id?: unknown;
  source?: unknown;
  lost_reason_id?: unknown;
};

/**
 * The opportunity that a person wants, but for whose it is.
 *
 * @returns it, and what is told of a field that was left out
 * @throws HaltedError for what cannot be read, or a name that nothing answers to
 */
export async function readWanted(
  z: ZObject,
  bundle: Bundle,
  input: Input,
): Promise<{ wanted: Omit<Wanted, 'contactId'>; dropped: string | null }> {
  const { account } = connect(z, bundle);
  const name = requiredText(z, inputs.name.label, input.name);
  const pipelineText = requiredText(z, inputs.pipeline.label, input.pipeline_id);
  const values = await readOpportunityValues(z, bundle, input);
  const pipeline = await account.resolvePipeline(pipelineText);
  const stageText = readText(input.stage_id);
  const { lostReasonId, notice } = await readLostReason(z, bundle, input.lost_reason_id, values.status);
  const wanted = {
    ...values,
    name,
    source: optionalText(z, inputs.source.label, input.source),
    pipelineId: pipeline.id,
    pipelineStageId: stageText && (await account.resolveStage(stageText, pipeline)).id,
    lostReasonId,
  };
  return { wanted, dropped: notice };
}

/**
 * @param afterSearch whether a search has just found nothing, in a find-or-create step
 * @throws HaltedError for what is no choice
 */
export function readRules(
  z: ZObject,
  input: { if_exists?: unknown; value_rule?: unknown },
  afterSearch: boolean,
): Rules {
  return {
    exists: readExistsRule(z, input.if_exists),
    value: readValueRule(z, input.value_rule),
    afterSearch,
  };
}
