import { BREAKER_RULES, breaker } from '../../../../local/sandbox/webhooks/breaker.ts';
import { createWebhooks, type WebhookOptions } from '../../../../local/sandbox/webhooks/webhooks.ts';
import { type Receiver, startReceiver } from '../support/webhook-receiver.ts';

const DAY = 86_400_000;

describe('the circuit breaker', () => {
  let now = 0;
  const circuit = () => breaker(() => now, { windowMs: DAY, minimum: 10, share: 0.9 });
  const window = (one: ReturnType<typeof breaker>, succeeded: number, failed: number) => {
    for (let count = 0; count < succeeded; count += 1) one.record(true);
    for (let count = 1; count < failed; count += 1) one.record(false);
    now += DAY;
    one.record(false);
  };

  test('warns at the first bad window and pauses at the second', () => {
    const one = circuit();
    window(one, 10, 5);
    expect(one.isPaused()).toBe(false);
    window(one, 10, 5);
    expect(one.isPaused()).toBe(true);
    one.resume();
    window(one, 10, 5);
    expect(one.isPaused()).toBe(false);
  });

  test('forgives after a good window, and does not judge a few', () => {
    const one = circuit();
    window(one, 10, 5);
    window(one, 99, 1);
    window(one, 10, 5);
    expect(one.isPaused()).toBe(false);
    const few = circuit();
    window(few, 0, 10);
    window(few, 0, 10);
    expect(few.isPaused()).toBe(false);
  });

  test('has the vendor’s rules by default', () => {
    expect(BREAKER_RULES).toEqual({ windowMs: 3 * DAY, minimum: 10_000, share: 0.9 });
  });
});

describe('paused webhooks', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(() => receiver.close());

  const options = (): WebhookOptions => ({
    now: Date.now,
    url: () => receiver.url,
    appId: 'app',
    versionId: 'version',
  });
  const event = { type: 'ContactCreate', locationId: 'l1', fields: { id: 'c1' } };

  test('are not sent, are logged, and can be resent afterwards', async () => {
    const webhooks = createWebhooks(options());
    webhooks.pause();
    webhooks.emit(event);
    await webhooks.idle();
    expect([receiver.received.length, webhooks.log()[0]?.state]).toEqual([0, 'paused']);
    webhooks.resume();
    webhooks.resend(webhooks.log()[0]?.webhookId ?? '');
    await webhooks.idle();
    expect([receiver.received.length, webhooks.log()[0]?.state]).toEqual([1, 'delivered']);
    webhooks.close();
  });

  test('stop a delivery that waits for its retry', async () => {
    const retry = { policy: 'any-failure' as const, retries: 5, waitMs: () => 20 };
    const webhooks = createWebhooks({ ...options(), retry });
    receiver.answers.push(500, 500);
    webhooks.emit(event);
    while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    webhooks.pause();
    await webhooks.idle();
    expect(webhooks.log()[0]?.state).toBe('paused');
    webhooks.close();
  });

  test('another app’s events are signed as well, with its own appId', async () => {
    const webhooks = createWebhooks(options());
    webhooks.fault({ foreign: 1 });
    webhooks.emit(event);
    webhooks.emit(event);
    await webhooks.idle();
    const ids = receiver.received.map(({ body }) => body.appId).sort();
    expect(ids).toEqual(['65f0c0ffee5a4db0c5a11dff', 'app']);
    webhooks.close();
  });
});
