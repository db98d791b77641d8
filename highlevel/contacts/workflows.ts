import * as s from 'zod/mini';
import { onlyOnce } from '../http/attempts.ts';
import type { Client, Endpoint } from '../http/client.ts';

/** Sent twice it starts the workflow twice where the workflow allows a contact in again, so it is never repeated. [assumed] */
export const ADD_TO_WORKFLOW: Endpoint = {
  method: 'POST',
  path: '/contacts/{contactId}/workflow/{workflowId}',
  scope: 'contacts.write',
  doing: 'add the contact to the workflow',
  repeatable: false,
};

export const REMOVE_FROM_WORKFLOW: Endpoint = {
  method: 'DELETE',
  path: '/contacts/{contactId}/workflow/{workflowId}',
  scope: 'contacts.write',
  doing: 'remove the contact from the workflow',
  repeatable: true,
};

/** The answers hold a flag under two spellings, and nothing to read. [spec] */
const anything = s.unknown();

/**
 * Adds a contact to a workflow, which begins at once.
 *
 * @throws HaltedError where HighLevel did not answer an earlier run that may have done so
 */
export async function addToWorkflow(
  client: Client,
  path: { contactId: string; workflowId: string },
): Promise<void> {
  await onlyOnce(client, { kind: 'workflow', payload: path }, ADD_TO_WORKFLOW.doing, () =>
    client.call(ADD_TO_WORKFLOW, anything, { path, body: {} }),
  );
}

/** Takes a contact out of a workflow. One that is not in it is no error. [assumed] */
export async function removeFromWorkflow(
  client: Client,
  path: { contactId: string; workflowId: string },
): Promise<void> {
  await client.call(REMOVE_FROM_WORKFLOW, anything, { path, body: {} });
}
