import { defineInputFields, defineSearch, type SearchPerform } from 'zapier-platform-core';
import { readText } from '../fields/inputs/read-text.ts';
import { leftOutOf } from '../highlevel/account/lookup.ts';
import type { Pipeline } from '../highlevel/account/pipelines.ts';
import { cannotTell, simplify } from '../highlevel/account/resolve.ts';
import { connect } from '../highlevel/connect.ts';

const inputFields = defineInputFields([
  {
    key: 'pipeline_name',
    label: 'Pipeline Name',
    type: 'string',
    required: false,
    helpText: 'The exact name; capitals do not matter. Leave empty to look in all pipelines.',
  },
  {
    key: 'stage_name',
    label: 'Stage Name',
    type: 'string',
    required: false,
    helpText: 'The exact name; capitals do not matter. Leave empty for the pipeline’s first stage.',
  },
]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const pipelineName = readText(bundle.inputData.pipeline_name);
  const stageName = readText(bundle.inputData.stage_name);
  if (!pipelineName && !stageName) return [];
  const matching = (list: Pipeline[]) =>
    list
      .filter((pipeline) => !pipelineName || isCalled(pipeline, pipelineName))
      .flatMap((pipeline) => stagesOf(pipeline))
      .filter((stage) =>
        stageName ? isCalled({ id: stage.id, name: stage.stage_name }, stageName) : stage.position === 1,
      );
  const pipelines = await highlevel.account.pipelines.where((list) => matching(list).length > 0);
  const found = matching(pipelines);
  if (found.length === 0 && leftOutOf(pipelines) > 0) throw cannotTell(highlevel, '', 'such a stage');
  return found;
}) satisfies SearchPerform<typeof inputFields>;

function isCalled({ id, name }: { id: string; name: string }, text: string): boolean {
  return id === text || simplify(name) === simplify(text);
}

function stagesOf({ id, name, stages }: Pipeline) {
  return stages.map((stage, index) => ({
    id: stage.id,
    stage_name: stage.name,
    position: index + 1,
    probability: stage.probability,
    pipeline_id: id,
    pipeline_name: name,
  }));
}

export default defineSearch({
  key: 'find_pipeline_stage',
  noun: 'Stage',
  display: {
    label: 'Find Pipeline Stage',
    description: 'Finds a stage of a pipeline by the names of both.',
  },
  operation: {
    perform,
    inputFields,
    outputFields: [
      { key: 'id', label: 'Stage ID', type: 'string', required: true },
      { key: 'stage_name', label: 'Stage Name', type: 'string' },
      { key: 'position', label: 'Position on the Board', type: 'integer' },
      { key: 'probability', label: 'Probability', type: 'number' },
      { key: 'pipeline_id', label: 'Pipeline ID', type: 'string' },
      { key: 'pipeline_name', label: 'Pipeline Name', type: 'string' },
    ],
    sample: {
      id: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
      stage_name: 'Proposal Sent',
      position: 2,
      probability: 40,
      pipeline_id: 'VDm7RPYC2GLUvdpKmBfC',
      pipeline_name: 'Sales',
    },
  },
});
