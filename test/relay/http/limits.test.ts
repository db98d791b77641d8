import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { readProxyRule } from '../../../relay/http/callers.ts';
import { CALLS_A_MINUTE, UNSIGNED_A_MINUTE } from '../../../relay/http/limits.ts';
import {
  type Answer,
  call,
  metricsOf,
  opportunityEvent,
  STORES,
  sendWebhook,
  startTestRelay,
  type TestRelay,
} from '../support/relay.ts';

const SECRET = 'a-secret-of-the-app-and-the-relay';

const from = (address: string) => ({ 'x-forwarded-for': address });

describe('limits by caller', () => {
  let relay: TestRelay;
  beforeAll(async () => {
    relay = await startTestRelay(STORES[0], {
      RELAY_SHARED_SECRET: SECRET,
      HIGHLEVEL_API_URL: 'http://127.0.0.1:9',
    });
  });
  afterAll(() => relay.stop());

  async function times(count: number, ask: () => Promise<Answer>): Promise<Set<number>> {
    const statuses = new Set<number>();
    for (let left = count; left > 0; left -= 20) {
      const answers = await Promise.all(Array.from({ length: Math.min(left, 20) }, ask));
      for (const { status } of answers) statuses.add(status);
    }
    return statuses;
  }

  it.each([
    '/subscriptions/none',
    '/healthz',
  ])('%s refuses who calls too often, and nobody else', async (path) => {
    const ask = (address: string) => call(`${relay.url}${path}`, { headers: from(address) });
    expect(await times(CALLS_A_MINUTE, () => ask('203.0.113.5'))).not.toContain(429);
    const refused = await ask('203.0.113.5');
    expect(refused).toMatchObject({ status: 429, body: { error: 'too_many_calls' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.body.message).toMatch(/^The relay takes 600 calls a minute from one caller/);
    expect((await ask('203.0.113.6')).status).not.toBe(429);
    // What the caller wrote into the header itself stands before what the proxy added.
    expect((await ask('203.0.113.6, 203.0.113.5')).status).toBe(429);
    expect(await times(CALLS_A_MINUTE + 1, () => call(`${relay.url}${path}`))).not.toContain(429);
  });

  it('tells people apart whom the app calls for from one address', async () => {
    const ask = (token: string) =>
      call(`${relay.url}/subscriptions/none`, {
        token,
        headers: { ...from('203.0.113.7'), 'x-relay-secret': SECRET },
      });
    expect(await times(CALLS_A_MINUTE, () => ask('one'))).toEqual(new Set([404]));
    expect(await ask('one')).toMatchObject({ status: 429 });
    expect(await ask('another')).toMatchObject({ status: 404 });
  });

  it('turns away, before its body is read, who sent much that HighLevel did not sign', async () => {
    const unsigned = () => sendWebhook(relay, '{}', { ...from('203.0.113.8'), 'x-ghl-signature': 'AAAA' });
    const signed = (address: string) => sendWebhook(relay, opportunityEvent(), from(address));
    expect(await times(UNSIGNED_A_MINUTE + 1, unsigned)).toEqual(new Set([401]));
    expect(await unsigned()).toMatchObject({ status: 429, body: { status: 'too_many_unsigned' } });
    expect(await signed('203.0.113.8')).toMatchObject({ status: 429 });
    expect(await signed('203.0.113.9')).toMatchObject({ status: 200, body: { status: 'stored' } });
    expect(await metricsOf(relay.url)).toMatch(
      /relay_events_refused_total\{reason="too_many_unsigned"\} 2$/m,
    );
  });

  it('never counts what HighLevel signed', async () => {
    const body = JSON.stringify(opportunityEvent());
    expect(await times(CALLS_A_MINUTE + 1, () => sendWebhook(relay, body, from('203.0.113.10')))).toEqual(
      new Set([200]),
    );
  });
});

test('proxies are addresses and networks', () => {
  const isProxy = readProxyRule(['10.0.0.0/8', '192.0.2.1', 'fd00::/8']);
  expect(['10.200.3.4', '192.0.2.1', '::ffff:10.1.1.1', 'fd12::1'].map(isProxy)).toEqual(Array(4).fill(true));
  expect(['11.0.0.1', '192.0.2.2', 'fe80::1', 'unknown', ''].map(isProxy)).toEqual(Array(5).fill(false));
  for (const wrong of ['proxy.local', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/x', '']) {
    expect(() => readProxyRule([wrong])).toThrow(/is neither an address nor a network/);
  }
});
