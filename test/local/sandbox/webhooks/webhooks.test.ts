import { verify } from 'node:crypto';
import { jest } from '@jest/globals';
import { retryRules } from '../../../../local/sandbox/index.ts';
import {
  createWebhooks,
  type WebhookOptions,
  type Webhooks,
} from '../../../../local/sandbox/webhooks/webhooks.ts';
import { type Received, type Receiver, startReceiver } from '../support/webhook-receiver.ts';

const NOW = Date.parse('2026-11-21T12:00:00.000Z');
const quick = { ...retryRules('any-failure'), waitMs: () => 5 };

let receiver: Receiver;
let webhooks: Webhooks;

function create(options: Partial<WebhookOptions> = {}): Webhooks {
  webhooks = createWebhooks({
    now: () => NOW,
    url: () => receiver.url,
    appId: 'app1',
    versionId: 'version1',
    retry: quick,
    ...options,
  });
  return webhooks;
}

function emit(...ids: string[]): void {
  for (const id of ids) webhooks.emit({ type: 'OpportunityCreate', locationId: 'l1', fields: { id } });
}

function isSigned(one: Received | undefined): boolean {
  if (one === undefined) return false;
  const signature = Buffer.from(String(one.headers['x-ghl-signature']), 'base64');
  return verify(null, one.raw, webhooks.publicKeyPem, signature);
}

function ids(): unknown[] {
  return receiver.received.map((one) => one.body.id);
}

beforeEach(async () => {
  receiver = await startReceiver();
});

afterEach(async () => {
  webhooks.close();
  await receiver.close();
});

test('an event goes out flat, with ids, time and a signature over its bytes', async () => {
  create();
  webhooks.emit({
    type: 'OpportunityCreate',
    locationId: 'l1',
    fields: { id: 'o1', name: 'Café ☕', assignedTo: null },
  });
  await webhooks.idle();
  const [one] = receiver.received;
  expect(one?.body).toEqual({
    type: 'OpportunityCreate',
    locationId: 'l1',
    versionId: 'version1',
    appId: 'app1',
    id: 'o1',
    name: 'Café ☕',
    assignedTo: null,
    timestamp: '2026-11-21T12:00:00.000Z',
    webhookId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(one?.headers['content-type']).toBe('application/json');
  expect(isSigned(one)).toBe(true);
  expect(webhooks.log()).toMatchObject([{ state: 'delivered', tries: [{ status: 200 }] }]);
});

test('a failed try is repeated with the same bytes, signature and ids until a 2xx', async () => {
  create();
  receiver.answers.push(500, 302, 404, null, 201);
  emit('o1');
  await webhooks.idle();
  expect(receiver.received).toHaveLength(5);
  expect(new Set(receiver.received.map((one) => one.raw.toString())).size).toBe(1);
  expect(new Set(receiver.received.map((one) => one.headers['x-ghl-signature'])).size).toBe(1);
  expect(new Set(receiver.received.map((one) => one.headers['x-ghl-delivery-id'])).size).toBe(1);
  expect(webhooks.log()[0]?.tries.map((one) => one.status)).toEqual([500, 302, 404, null, 201]);
});

test('it gives up after twelve retries', async () => {
  create();
  receiver.answers.push(...Array.from({ length: 20 }, () => 500));
  emit('o1');
  await webhooks.idle();
  expect(receiver.received).toHaveLength(13);
  expect(webhooks.log()).toMatchObject([{ state: 'failed' }]);
});

test('a receiver that is silent counts as a failure', async () => {
  // Long enough that an answer on a busy machine is not taken for silence.
  create({ timeoutMs: 500, retry: { ...quick, retries: 1 } });
  receiver.answers.push('silence', 200);
  emit('o1');
  await webhooks.idle();
  expect(webhooks.log()[0]).toMatchObject({ state: 'delivered', tries: [{ status: null }, { status: 200 }] });
});

test('a receiver that is gone counts as a failure', async () => {
  create({ url: () => 'http://127.0.0.1:1/hooks', retry: { ...quick, retries: 1 } });
  emit('o1');
  await webhooks.idle();
  expect(webhooks.log()[0]).toMatchObject({ state: 'failed', tries: [{ status: null }, { status: null }] });
});

test('by the older policy only 429 is repeated', async () => {
  create({ retry: { ...retryRules('only-429'), waitMs: () => 5 } });
  receiver.answers.push(429, 429, 500);
  emit('o1');
  await webhooks.idle();
  expect(receiver.received).toHaveLength(3);
  expect(webhooks.log()).toMatchObject([{ state: 'failed' }]);
});

test('the waits of the newer policy grow from seconds to minutes', () => {
  const { waitMs } = retryRules('any-failure');
  expect(waitMs(1)).toBeLessThan(3_000);
  expect(waitMs(12)).toBeGreaterThan(200_000);
});

test('drop loses the next events and no more', async () => {
  create();
  webhooks.fault({ drop: 2 });
  emit('o1', 'o2', 'o3');
  await webhooks.idle();
  expect(ids()).toEqual(['o3']);
  expect(webhooks.log().map((one) => one.state)).toEqual(['dropped', 'dropped', 'delivered']);
});

test('repeat sends the next events twice, to the byte', async () => {
  create();
  webhooks.fault({ repeat: 1 });
  emit('o1');
  await webhooks.idle();
  emit('o2');
  await webhooks.idle();
  expect(ids()).toEqual(['o1', 'o1', 'o2']);
  expect(receiver.received[0]?.raw.equals(receiver.received[1]?.raw ?? Buffer.alloc(0))).toBe(true);
});

test('reorder holds the next events and sends them last first', async () => {
  create();
  webhooks.fault({ reorder: 3 });
  emit('o1', 'o2');
  await webhooks.idle();
  expect(ids()).toEqual([]);
  emit('o3', 'o4');
  await webhooks.idle();
  expect(ids().filter((id) => id !== 'o4')).toEqual(['o3', 'o2', 'o1']);
});

test('reorder set to 0 lets go of what is held', async () => {
  create();
  webhooks.fault({ reorder: 5 });
  emit('o1', 'o2');
  webhooks.fault({ reorder: 0 });
  await webhooks.idle();
  expect(ids()).toEqual(['o2', 'o1']);
});

test('delay keeps events back for a while', async () => {
  create();
  webhooks.fault({ delayMs: 60 });
  emit('o1');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(receiver.received).toHaveLength(0);
  await webhooks.idle();
  expect(receiver.received).toHaveLength(1);
});

test('signatures can be forged or left out', async () => {
  create();
  webhooks.fault({ forge: 1 });
  emit('o1');
  await webhooks.idle();
  webhooks.fault({ unsigned: 1 });
  emit('o2');
  emit('o3');
  await webhooks.idle();
  const of = (id: string) => receiver.received.find((one) => one.body.id === id);
  expect(isSigned(of('o1'))).toBe(false);
  expect(of('o2')?.headers['x-ghl-signature']).toBe('N/A');
  expect(isSigned(of('o3'))).toBe(true);
});

test('resend sends a logged event once more, as it was', async () => {
  create();
  webhooks.fault({ drop: 1 });
  emit('o1');
  expect(webhooks.resend(webhooks.log()[0]?.webhookId ?? '')).toBe(true);
  expect(webhooks.resend('unknown')).toBe(false);
  await webhooks.idle();
  expect(ids()).toEqual(['o1']);
  expect(isSigned(receiver.received[0])).toBe(true);
});

test('installations send an event, a whole company without a location', async () => {
  create();
  webhooks.install({ companyId: 'c1', locationId: 'l1', userId: 'u1' });
  await webhooks.idle();
  webhooks.uninstall({ companyId: 'c1' });
  await webhooks.idle();
  expect(receiver.received.map((one) => one.body)).toMatchObject([
    { type: 'INSTALL', appId: 'app1', installType: 'Location', companyId: 'c1', locationId: 'l1' },
    { type: 'UNINSTALL', appId: 'app1', companyId: 'c1' },
  ]);
});

test('without a URL, events are logged and go nowhere', async () => {
  create({ url: () => null });
  emit('o1');
  await webhooks.idle();
  expect(webhooks.log()).toMatchObject([{ state: 'nowhere', tries: [] }]);
});

test('an event that cannot be written as JSON does not reach the caller as an error', () => {
  create();
  const logged = jest.spyOn(console, 'error').mockImplementation(() => {});
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  expect(() => webhooks.emit({ type: 'X', locationId: 'l1', fields: loop })).not.toThrow();
  expect(logged).toHaveBeenCalledTimes(1);
  logged.mockRestore();
});

test('closing cancels what waits for a retry', async () => {
  create({ retry: { ...quick, waitMs: () => 60_000 } });
  receiver.answers.push(500);
  emit('o1');
  while (webhooks.log()[0]?.tries.length !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
  webhooks.close();
  await webhooks.idle();
  expect(receiver.received).toHaveLength(1);
});

test('a thousand events at once all arrive', async () => {
  create();
  emit(...Array.from({ length: 1000 }, (_, index) => `o${index}`));
  await webhooks.idle();
  expect(new Set(ids()).size).toBe(1000);
});
