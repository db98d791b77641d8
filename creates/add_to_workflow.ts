import { type CreatePerform, defineCreate, defineInputFields } from 'zapier-platform-core';
import { connect } from '../highlevel/connect.ts';
import { ADD_TO_WORKFLOW } from '../highlevel/contacts/workflows.ts';
import { changeWorkflow, workflowInputs, workflowOutputFields, workflowSample } from './support/workflow.ts';

const inputFields = defineInputFields([...workflowInputs]);

const perform = (async (z, bundle) => {
  const highlevel = connect(z, bundle);
  highlevel.requirePermission(ADD_TO_WORKFLOW);
  return changeWorkflow(z, bundle, highlevel.contacts.addToWorkflow);
}) satisfies CreatePerform<typeof inputFields>;

export default defineCreate({
  key: 'add_to_workflow',
  noun: 'Workflow',
  display: {
    label: 'Add Contact to Workflow',
    description: 'Adds a contact to a workflow, which begins at once.',
  },
  operation: { perform, inputFields, outputFields: [...workflowOutputFields], sample: workflowSample },
});
