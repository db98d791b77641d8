import type { Bundle, ZObject } from 'zapier-platform-core';
import type { SearchFilters } from '../highlevel/opportunities.ts';
import { resolveOwner, resolvePipeline, resolveStage } from '../highlevel/resolve.ts';
import { readStatus, readText } from './values.ts';

/** What a person filled in to narrow down opportunities; each may be an id or a name. */
export interface FilterInput {
  pipeline_id?: unknown;
  stage_id?: unknown;
  status?: unknown;
  owner_id?: unknown;
}

/**
 * The filters that a person chose, as HighLevel's ids.
 *
 * @throws HaltedError for a name that nothing bears, or a stage that is not in the chosen pipeline
 */
export async function chosenFilters(z: ZObject, bundle: Bundle, input: FilterInput): Promise<SearchFilters> {
  const pipelineText = readText(input.pipeline_id);
  const stageText = readText(input.stage_id);
  const ownerText = readText(input.owner_id);
  const pipeline = pipelineText ? await resolvePipeline(z, bundle, pipelineText) : null;
  const stage = stageText ? (await resolveStage(z, bundle, stageText, pipeline)).stage : null;
  const owner = ownerText ? await resolveOwner(z, bundle, ownerText) : null;
  return {
    pipelineId: pipeline?.id,
    pipelineStageId: stage?.id,
    assignedTo: owner?.id,
    status: readStatus(z, input.status),
  };
}
