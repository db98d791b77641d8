import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import { REMOVE_FROM_WORKFLOW } from '../highlevel/contacts/workflows.ts';
import { changeWorkflow, workflowInputs, workflowOutputFields, workflowSample } from './support/workflow.ts';

const inputFields = defineInputFields([...workflowInputs]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(REMOVE_FROM_WORKFLOW);
  return changeWorkflow(z, bundle, highlevel.contacts.removeFromWorkflow);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'remove_from_workflow',
  noun: 'Workflow',
  display: { label: 'Remove Contact From Workflow', description: 'Removes a contact from a workflow.' },
  operation: { perform, inputFields, outputFields: [...workflowOutputFields], sample: workflowSample },
});
