import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, caller } from '../support/call.ts';

let sandbox: Sandbox;
let call: (method: string, path: string, body?: unknown) => Promise<Answer>;
beforeAll(async () => {
  sandbox = await startSandbox();
  call = caller(sandbox);
});
afterAll(() => sandbox.close());

test('the workflows of the location are listed with their status', async () => {
  const { body } = await call('GET', `/workflows/?locationId=${sandbox.locationId}`);
  const names = (body.workflows as { name: string; status: string }[]).map(({ name, status }) => [
    name,
    status,
  ]);
  expect(names).toEqual([
    ['New Lead Follow-Up', 'published'],
    ['Proposal Reminder', 'published'],
    ['Win-Back Campaign', 'draft'],
  ]);
  expect((await call('GET', `/workflows/?locationId=${sandbox.seeded.other.locationId}`)).status).toBe(403);
  expect((await call('GET', '/workflows/')).status).toBe(422);
});

test('a contact is put into a workflow and taken out again', async () => {
  const [contactId = ''] = sandbox.seeded.contactIds;
  const workflowId = sandbox.seeded.workflows['Proposal Reminder'];
  const path = `/contacts/${contactId}/workflow/${workflowId}`;
  const enrolled = () => [...sandbox.state.enrolments.values()];
  const eventStartTime = '2026-12-01T09:00:00+01:00';
  expect(await call('POST', path, { eventStartTime })).toMatchObject({
    status: 200,
    body: { succeeded: true, succeded: true },
  });
  expect(enrolled()).toMatchObject([{ contactId, workflowId, eventStartTime }]);
  // Twice is once.
  await call('POST', path, {});
  expect(enrolled()).toHaveLength(1);
  expect((await call('DELETE', path, {})).status).toBe(200);
  expect(enrolled()).toEqual([]);
  expect((await call('DELETE', path)).status).toBe(200);
});

test('an unknown workflow, contact or time is refused', async () => {
  const [contactId = ''] = sandbox.seeded.contactIds;
  const workflowId = sandbox.seeded.workflows['Proposal Reminder'];
  expect((await call('POST', `/contacts/${contactId}/workflow/none`, {})).body.message).toBe(
    'Workflow not found for id:none',
  );
  expect((await call('POST', `/contacts/none/workflow/${workflowId}`, {})).status).toBe(400);
  expect(
    (await call('POST', `/contacts/${contactId}/workflow/${workflowId}`, { eventStartTime: 'soon' })).status,
  ).toBe(422);
});

test('a deleted contact leaves its workflows', async () => {
  const contactId = sandbox.seeded.contactIds[4] ?? '';
  await call('POST', `/contacts/${contactId}/workflow/${sandbox.seeded.workflows['Win-Back Campaign']}`, {});
  await call('DELETE', `/contacts/${contactId}`);
  expect(sandbox.state.enrolments.size).toBe(0);
});
