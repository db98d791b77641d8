import type { Bundle, ZObject } from 'zapier-platform-core';
import { readText } from '../../fields/inputs/values.ts';
import { resolvePipeline, resolveStage } from '../../highlevel/account/resolve.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import type { OpportunityChange } from '../../highlevel/opportunities/writes.ts';

/**
 * Where a deal is to be moved. A stage is always one of the deal's pipeline, the chosen or else the present one. A
 * pipeline without a stage means its first stage, which is sent along, because what HighLevel would do is not
 * documented; a deal that is in that pipeline already is not moved.
 *
 * @param deal reads the deal as it stands: asked for only where pipeline or stage is chosen without the other, because
 *   only then the present pipeline matters
 * @throws HaltedError where the pipeline is not there, or the stage is not in it
 */
export async function readMove(
  z: ZObject,
  bundle: Bundle,
  input: { pipeline_id?: unknown; stage_id?: unknown },
  deal: () => Promise<OpportunityRecord>,
): Promise<Pick<OpportunityChange, 'pipelineId' | 'pipelineStageId'>> {
  const pipelineText = readText(input.pipeline_id);
  const stageText = readText(input.stage_id);
  if (pipelineText) {
    const pipeline = await resolvePipeline(z, bundle, pipelineText);
    if (stageText) {
      const { stage } = await resolveStage(z, bundle, stageText, pipeline);
      return { pipelineId: pipeline.id, pipelineStageId: stage.id };
    }
    if ((await deal()).pipelineId === pipeline.id) return {};
    return { pipelineId: pipeline.id, pipelineStageId: pipeline.stages[0]?.id };
  }
  if (!stageText) return {};
  const { pipelineId } = await deal();
  const present = pipelineId ? await resolvePipeline(z, bundle, pipelineId) : null;
  return { pipelineStageId: (await resolveStage(z, bundle, stageText, present)).stage.id };
}
