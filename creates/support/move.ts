import type { Bundle, ZObject } from 'zapier-platform-core';
import { readText } from '../../fields/inputs/read-text.ts';
import { connect } from '../../highlevel/connect.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import type { OpportunityChange } from '../../highlevel/opportunities/writes.ts';

/**
 * Where an opportunity is to be moved. A stage is always one of the opportunity's pipeline, the chosen or else the present one. A
 * pipeline without a stage means its first stage, which is sent along, because what HighLevel would do is not
 * documented; an opportunity that is in that pipeline already is not moved.
 *
 * @param opportunity as it stands
 * @throws HaltedError where the pipeline is not there, or the stage is not in it
 */
export async function readMove(
  z: ZObject,
  bundle: Bundle,
  input: { pipeline_id?: unknown; stage_id?: unknown },
  opportunity: OpportunityRecord,
): Promise<Pick<OpportunityChange, 'pipelineId' | 'pipelineStageId'>> {
  const highlevel = connect(z, bundle);
  const pipelineText = readText(input.pipeline_id);
  const stageText = readText(input.stage_id);
  if (pipelineText) {
    const pipeline = await highlevel.account.resolvePipeline(pipelineText);
    if (stageText) {
      const stage = await highlevel.account.resolveStage(stageText, pipeline);
      return { pipelineId: pipeline.id, pipelineStageId: stage.id };
    }
    if (opportunity.pipelineId === pipeline.id) return {};
    const { stages } = await highlevel.account.resolvePipelineStages(pipeline.id);
    return { pipelineId: pipeline.id, pipelineStageId: stages[0]?.id };
  }
  if (!stageText) return {};
  const { pipelineId } = opportunity;
  const present = pipelineId ? await highlevel.account.resolvePipeline(pipelineId) : null;
  return { pipelineStageId: (await highlevel.account.resolveStage(stageText, present)).id };
}
