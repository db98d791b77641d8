import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Sandbox } from '../../local/sandbox/index.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';
import { idsOf } from '../support/inputs.ts';
import { describeOf, type Inputs } from '../support/operation.ts';

const describe = describeOf(import.meta.filename);

const runs = (sandbox: Sandbox) => {
  const workflow_id = [...sandbox.state.workflows.values()][0]?.id;
  const inputData = { contact_id: idsOf(sandbox).contactId, workflow_id };
  return { all: [{ inputData }, { inputData: { ...inputData, test_mode: 'yes' } }], least: [{ inputData }] };
};

export const inputs: Inputs = {
  add_to_workflow: { live: ['Test it with a workflow made for this', 'the contact is in it'], runs },
  remove_from_workflow: { live: ['Test it on the same contact', 'the contact is out of it'], runs },
};

const SEES_WORKFLOWS = 'contacts.readonly contacts.write workflows.readonly';
const SEES_NONE = 'contacts.readonly contacts.write';
const KEYS = ['add_to_workflow', 'remove_from_workflow'] as const;

describe('a contact and a workflow', () => {
  let connection: Connection;
  let contactId = '';
  let workflow: { id: string; name: string };
  beforeAll(async () => {
    connection = await connect({ opportunities: 0, ...AMPLE });
    contactId = connection.sandbox.seeded.contactIds[0] ?? '';
    const [first] = await run<{ id: string; name: string }[]>('triggers.workflow_list', {}, SEES_WORKFLOWS);
    if (!first) throw new Error('The sandbox has no workflow.');
    workflow = first;
  });
  afterAll(() => connection.close());
  beforeEach(() => void connection.requests());

  const run = <T = Record<string, unknown>>(place: string, input: Record<string, unknown>, scope: string) =>
    connection.run<T>(`${place}.operation.perform`, input, {
      bundle: { authData: { ...connection.authData, scope } },
    });
  const act = (key: string, input: Record<string, unknown> = {}, scope = SEES_WORKFLOWS) =>
    run(`creates.${key}`, { contact_id: contactId, workflow_id: workflow.name, ...input }, scope);
  const writes = () => connection.requests().filter((request) => !request.startsWith('GET'));

  it.each([
    ['add_to_workflow', 'POST'],
    ['remove_from_workflow', 'DELETE'],
  ])('%s takes the workflow by name', async (key, method) => {
    expect(await act(key)).toMatchObject({
      contact_id: contactId,
      workflow_id: workflow.id,
      workflow_name: workflow.name,
      is_test: false,
    });
    expect(writes()).toEqual([`${method} /contacts/${contactId}/workflow/${workflow.id}`]);
  });

  it.each(KEYS)('%s takes an ID where workflows may not be listed, and no name', async (key) => {
    expect(await act(key, { workflow_id: workflow.id }, SEES_NONE)).toMatchObject({ workflow_name: null });
    writes();
    expect(sentenceOf(await errorOf(act(key, {}, SEES_NONE)))).toMatch(/may not list workflows/);
    expect(writes()).toEqual([]);
  });

  it('does not start the workflow once more where HighLevel did not answer an earlier run', async () => {
    connection.sandbox.fault({ method: 'POST', cut: true, when: 'after' });
    expect(sentenceOf(await errorOf(act('add_to_workflow')))).toMatch(/did not say whether it could/);
    writes();
    const error = await errorOf(act('add_to_workflow'));
    expect(error.name).toBe('HaltedError');
    expect(sentenceOf(error)).toMatch(
      /earlier run.*add the contact to the workflow: it may have been done.*not sent again/,
    );
    expect(writes()).toEqual([]);
    const contact_id = connection.sandbox.seeded.contactIds[1];
    expect(await act('add_to_workflow', { contact_id })).toMatchObject({ contact_id });
    connection.forget();
  });

  it.each(KEYS)('%s writes nothing in Test Mode, for nobody, and for no workflow', async (key) => {
    expect(await act(key, { test_mode: 'yes' })).toMatchObject({ is_test: true });
    expect(sentenceOf(await errorOf(act(key, { workflow_id: 'Unheard of' })))).toMatch(
      /^Workflow: there is no workflow called "Unheard of"/,
    );
    expect((await errorOf(act(key, { contact_id: 'gone' }))).name).toBe('HaltedError');
    expect(writes()).toEqual([]);
  });

  it.each(KEYS)('%s takes the contact that an earlier step in Test Mode would have made', async (key) => {
    expect(await act(key, { contact_id: 'test-mode-nothing-saved', test_mode: 'yes' })).toMatchObject({
      contact_id: 'test-mode-nothing-saved',
      contact_name: null,
      workflow_id: workflow.id,
      url: null,
      is_test: true,
    });
    expect(writes()).toEqual([]);
  });

  it('ends the dropdown without an error where workflows may not be listed', async () => {
    expect(await run('triggers.workflow_list', {}, SEES_NONE)).toEqual([]);
    expect(connection.requests()).toEqual([]);
  });
});
