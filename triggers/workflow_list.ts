import { defineTrigger, type PollingTriggerPerform } from 'zapier-platform-core';
import { TRIGGER } from '../fields/keys.ts';
import { connect } from '../highlevel/connect.ts';
import { lacksPermission, problemOf } from '../highlevel/http/problem.ts';
import { dropdown } from './support/dropdown.ts';

/** Empty where the connection may not list them: the field then takes an ID, and a dropdown should not end in an error. */
const perform = dropdown(async (z, bundle) => {
  const { account, hasScope } = connect(z, bundle);
  if (!hasScope('workflows.readonly')) return [];
  return account.workflows.forChoosing().catch((error: unknown) => {
    const problem = problemOf(error);
    // What a private token may do shows in the answer alone.
    if (problem && lacksPermission(problem)) return [];
    throw error;
  });
}) satisfies PollingTriggerPerform;

export default defineTrigger({
  key: TRIGGER.workflowList,
  noun: 'Workflow',
  display: {
    label: 'Workflow List',
    description: 'Triggers when the workflows of the sub-account are listed in a dropdown.',
    hidden: true,
  },
  operation: {
    type: 'polling',
    perform,
    sample: { id: '78559bb3-b920-461e-b010-7b2a2816d2a9', name: 'Onboarding emails', status: 'published' },
  },
});
