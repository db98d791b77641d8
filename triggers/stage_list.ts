import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { pipeline } from '../fields/inputs/common.ts';
import { readText } from '../fields/inputs/read-text.ts';
import { TRIGGER } from '../fields/keys.ts';
import { simplify } from '../highlevel/account/resolve.ts';
import { connect } from '../highlevel/connect.ts';
import { dropdown } from './support/dropdown.ts';

/** Required here, so that the editor asks for the pipeline before it offers stages. [docs: zapier-platform PR #887] */
const inputFields = defineInputFields([pipeline]);

const perform = dropdown(async (z, bundle) => {
  const { account } = connect(z, bundle);
  const pipelines = await account.pipelines.forChoosing();
  const text = readText(bundle.inputData.pipeline_id) ?? '';
  const chosen = pipelines.filter(({ id, name }) => id === text || simplify(name) === simplify(text));
  const [pipeline, second] = chosen;
  if (pipeline && !second) return pipeline.stages.map(({ id, name }) => ({ id, name }));
  // A pipeline from an earlier step is not known while the Zap is built, so the stages of each are offered.
  return pipelines.flatMap(({ name: of, stages }) =>
    stages.map(({ id, name }) => ({ id, name: `${name} (${of})` })),
  );
}) satisfies PollingTriggerPerform<typeof inputFields>;

export default defineTrigger({
  key: TRIGGER.stageList,
  noun: 'Stage',
  display: {
    label: 'Stage List',
    description: 'Triggers when the stages of a pipeline are listed in a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform,
    inputFields,
    sample: { id: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69', name: 'Proposal Sent' },
  },
});
