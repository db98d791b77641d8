/** What adding a contact to a workflow and taking it out share. */

import { type Bundle, defineInputField, type ZObject } from 'zapier-platform-core';
import * as inputs from '../../fields/inputs/common.ts';
import { isId, requiredId } from '../../fields/inputs/read-id.ts';
import { requiredText } from '../../fields/inputs/read-text.ts';
import { isTest, marked, testMode, testOutput } from '../../fields/inputs/test-mode.ts';
import { TRIGGER } from '../../fields/keys.ts';
import { connect } from '../../highlevel/connect.ts';
import { contactName } from '../../highlevel/contacts/record.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { shortened } from '../../highlevel/http/shortened.ts';
import { isTestId, readOrTestContact } from './test-records.ts';

const workflow = defineInputField({
  key: 'workflow_id',
  label: LABELS.workflowId,
  type: 'string',
  required: true,
  dynamic: `${TRIGGER.workflowList}.id.name`,
  helpText:
    'Choose a workflow, or map its ID or exact name. If the dropdown is empty, write the ID, which is the last part of the address when the workflow is open in HighLevel.',
});

export const workflowInputs = [
  { ...inputs.contact, helpText: inputs.existingContactHelp },
  workflow,
  testMode,
] as const;

export const workflowOutputFields = [
  { key: 'contact_id', label: 'Contact ID', type: 'string', required: true },
  { key: 'contact_name', label: 'Contact Name', type: 'string' },
  { key: 'workflow_id', label: 'Workflow ID', type: 'string' },
  { key: 'workflow_name', label: 'Workflow Name', type: 'string' },
  { key: 'url', label: 'Link', type: 'string' },
  testOutput,
] as const;

export const workflowSample = marked(
  {
    contact_id: 'mTkSCb1UBjb5tk4OvB69',
    contact_name: 'Sam Reed',
    workflow_id: '78559bb3-b920-461e-b010-7b2a2816d2a9',
    workflow_name: 'Onboarding emails',
    url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
  },
  false,
);

interface WorkflowInput {
  contact_id?: unknown;
  workflow_id?: unknown;
  test_mode?: unknown;
}

/** The contact and the workflow, both looked up before the one request that writes. */
export async function changeWorkflow(
  z: ZObject,
  bundle: Bundle,
  write: (path: { contactId: string; workflowId: string }) => Promise<void>,
) {
  const highlevel = connect(z, bundle);
  const input = bundle.inputData as WorkflowInput;
  const test = isTest(z, input);
  const contactId = requiredId(z, inputs.contact.label, input.contact_id, test);
  const { id: workflowId, name } = await readWorkflow(z, bundle, input.workflow_id);
  const contact = await readOrTestContact(highlevel, contactId, test);
  if (!test) await write({ contactId, workflowId });
  return marked(
    {
      contact_id: contactId,
      contact_name: contactName(contact),
      workflow_id: workflowId,
      workflow_name: name,
      url: isTestId(contactId, test) ? null : highlevel.connection.contactUrl(contactId),
    },
    test,
  );
}

/** Without the permission to list them a workflow can be named by its ID alone. */
async function readWorkflow(
  z: ZObject,
  bundle: Bundle,
  value: unknown,
): Promise<{ id: string; name: string | null }> {
  const { account, hasScope } = connect(z, bundle);
  const text = requiredText(z, workflow.label, value);
  if (hasScope('workflows.readonly')) return account.resolveWorkflow(text);
  if (isId(text)) return { id: text, name: null };
  throw new z.errors.HaltedError(
    `${workflow.label}: "${shortened(text)}" is not an ID, and this connection may not list workflows to look the name up. Map the workflow’s ID, or reconnect HighLevel with the permission "View Workflows".`,
  );
}
