import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

let sandbox: Sandbox;
let receiver: Receiver;

beforeAll(async () => {
  receiver = await startReceiver();
  sandbox = await startSandbox();
});

afterAll(async () => {
  await sandbox.close();
  await receiver.close();
});

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}/_sandbox/webhooks${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('URL and faults are set over HTTP, and the log shows what became of each event', async () => {
  const set = await control('POST', '', { url: receiver.url, drop: 1 });
  expect(set.body).toMatchObject({ url: receiver.url, faults: { drop: 1, repeat: 0 } });
  expect(set.body.publicKeyPem).toContain('BEGIN PUBLIC KEY');

  const { context, locationId } = sandbox;
  context.emit({ type: 'ContactCreate', locationId, fields: { id: 'c1' } });
  context.emit({ type: 'ContactCreate', locationId, fields: { id: 'c2' } });
  await context.webhooks.idle();
  const { body } = await control('GET', '');
  expect(body.deliveries).toMatchObject([{ state: 'dropped' }, { state: 'delivered' }]);

  const lost = context.webhooks.log()[0]?.webhookId;
  expect((await control('POST', '/resend', { webhookId: lost })).status).toBe(200);
  await context.webhooks.idle();
  expect(receiver.received.map((one) => one.body.id)).toEqual(['c2', 'c1']);

  expect((await control('POST', '/resend', { webhookId: 'none' })).status).toBe(404);
  expect((await control('POST', '', { drop: -1 })).status).toBe(422);
  await control('DELETE', '');
  expect((await control('GET', '')).body.deliveries).toEqual([]);
});
