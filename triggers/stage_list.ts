import { defineInputFields, defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { pipeline } from '../fields/inputs/common.ts';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import { listing } from './support/polling.ts';

/** Required here, so that the editor asks for the pipeline before it offers stages. [docs: zapier-platform PR #887] */
const inputFields = defineInputFields([pipeline]);

const perform = listing(async (z, bundle) => {
  const highlevel = connect(z, bundle);
  const { stages } = await highlevel.account.resolvePipeline(String(bundle.inputData.pipeline_id ?? ''));
  return stages.map(({ id, name }) => ({ id, name }));
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
