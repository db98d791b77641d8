import { defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import { dropdown } from './support/dropdown.ts';

const perform = dropdown(async (z, bundle) =>
  (await connect(z, bundle).account.pipelines.forChoosing()).map(({ id, name }) => ({ id, name })),
) satisfies PollingTriggerPerform;

export default defineTrigger({
  key: TRIGGER.pipelineList,
  noun: 'Pipeline',
  display: {
    label: 'Pipeline List',
    description: 'Triggers when the pipelines of the sub-account are listed in a dropdown.',
    hidden: true,
  },
  operation: { type: 'polling', perform, sample: { id: 'VDm7RPYC2GLUvdpKmBfC', name: 'Sales' } },
});
