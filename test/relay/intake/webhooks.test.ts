import { generateKeyPairSync, sign } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  keepEvents,
  metricsOf,
  opportunityEvent,
  STORES,
  sendWebhook,
  signatureOf,
  startTestRelay,
  stored,
  type TestRelay,
  watchLocation,
} from '../support/relay.ts';

const LOCATION = '3jJ0coeqWCZMAosyGQ6K';

describe.each(STORES)('webhooks from HighLevel, on %s', (store) => {
  let relay: TestRelay;

  beforeAll(async () => {
    relay = await startTestRelay(store);
    await keepEvents(relay.db);
    await watchLocation(relay.db, LOCATION);
  });
  afterAll(() => relay.stop());
  beforeEach(async () => {
    await relay.db.query('delete from relay.seen_events');
    await relay.db.query('delete from kept');
  });

  it('stores a signed event before it answers, without the names in it', async () => {
    const answer = await sendWebhook(relay, opportunityEvent({ webhookId: 'one' }));
    expect(answer).toMatchObject({ status: 200, body: { status: 'stored' } });
    const [row] = await relay.db.query<{ event: object }>('select * from kept');
    expect(row).toMatchObject({
      webhook_id: 'one',
      event: {
        type: 'OpportunityStageUpdate',
        locationId: LOCATION,
        opportunityId: 'UHXrFfZGSH5rj7z5rdDP',
        snapshot: { status: 'open' },
      },
    });
    expect(JSON.stringify(row)).not.toContain('Kim Doyle');
  });

  it('takes a webhook that it has seen, and keeps it once', async () => {
    const event = opportunityEvent();
    await sendWebhook(relay, event);
    expect(await sendWebhook(relay, event)).toMatchObject({ status: 200, body: { status: 'seen' } });
    expect(await stored(relay)).toBe(1);
  });

  it('keeps one webhook once although it comes many times in the same moment', async () => {
    const events = Array.from({ length: 20 }, () => opportunityEvent());
    const answers = await Promise.all([...events, ...events].map((event) => sendWebhook(relay, event)));
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(answers.filter(({ body }) => body.status === 'stored')).toHaveLength(20);
    expect(await stored(relay)).toBe(20);
  });

  it('takes the retry of an original from hours ago that it never got', async () => {
    const timestamp = new Date(Date.now() - 3 * 3_600_000).toISOString();
    expect(await sendWebhook(relay, opportunityEvent({ timestamp }))).toMatchObject({ status: 200 });
    expect(await stored(relay)).toBe(1);
  });

  it('knows an event without an id by its bytes', async () => {
    const event = { type: 'UNINSTALL', appId: 'a', locationId: 'b' };
    expect(await sendWebhook(relay, event)).toMatchObject({ body: { status: 'stored' } });
    expect(await sendWebhook(relay, event)).toMatchObject({ body: { status: 'seen' } });
    expect(await sendWebhook(relay, { ...event, locationId: 'c' })).toMatchObject({
      body: { status: 'stored' },
    });
  });

  it('keeps the order in which events came', async () => {
    for (const webhookId of ['c', 'a', 'b']) await sendWebhook(relay, opportunityEvent({ webhookId }));
    const rows = await relay.db.query('select webhook_id as id from kept order by seq');
    expect(rows.map(({ id }) => id)).toEqual(['c', 'a', 'b']);
  });

  it('keeps of an event of a location without subscriptions that it was seen, and no more', async () => {
    const event = opportunityEvent({ locationId: 'nobodyKnowsThisOne' });
    expect(await sendWebhook(relay, event)).toMatchObject({ status: 200 });
    expect(await sendWebhook(relay, event)).toMatchObject({ body: { status: 'seen' } });
    expect(await relay.db.query('select from kept')).toEqual([]);
  });

  it('accepts kinds that it has no use for, and stores none of them', async () => {
    for (const type of ['ContactCreate', 'AnEventOfTheFuture', 'INSTALL']) {
      expect(await sendWebhook(relay, { ...opportunityEvent(), type })).toMatchObject({
        status: 200,
        body: { status: 'ignored' },
      });
    }
    expect(await stored(relay)).toBe(0);
  });

  it.each([
    ['text that is not JSON', 'this is not JSON'],
    ['truncated JSON', '{"type":"OpportunityCreate","id":"UHXrF'],
    ['a list', '[1,2,3]'],
    ['null', 'null'],
    ['nothing', ''],
    ['an object without a type', '{"id":"x"}'],
    ['an opportunity without an id', '{"type":"OpportunityCreate","locationId":"x"}'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x80])],
    ['an id that no database takes', '{"type":"UNINSTALL","locationId":"a\\u0000b"}'],
    ['half a character', '{"type":"UNINSTALL","locationId":"a\\ud800b"}'],
    ['an endless id', JSON.stringify(opportunityEvent({ id: 'x'.repeat(5_000) }))],
  ])('answers 200 to %s that HighLevel signed, since sending it again helps nobody', async (_, body) => {
    expect(await sendWebhook(relay, body)).toMatchObject({ status: 200, body: { status: 'unreadable' } });
    expect(await stored(relay)).toBe(0);
  });

  it('does not let an unreadable event spoil those that come with it', async () => {
    const good = opportunityEvent();
    const answers = await Promise.all([
      sendWebhook(relay, good),
      sendWebhook(relay, opportunityEvent({ id: 'a\0b' })),
      sendWebhook(relay, opportunityEvent({ contactId: '\ud800' })),
    ]);
    expect(answers.map(({ body }) => body.status)).toEqual(['stored', 'unreadable', 'unreadable']);
  });

  it.each([
    'text/plain',
    'application',
    ';;;',
    'application/json; charset=klingon',
    'multipart/form-data',
  ])('reads the body whatever its Content-Type claims: %s', async (type) => {
    const answer = await sendWebhook(relay, opportunityEvent(), { 'content-type': type });
    expect(answer).toMatchObject({ status: 200, body: { status: 'stored' } });
  });

  describe('refuses what HighLevel did not sign', () => {
    const event = opportunityEvent({ name: 'TOP-SECRET-NAME' });
    const body = Buffer.from(JSON.stringify(event));

    it('a body that was changed on the way', async () => {
      const signature = signatureOf(body, relay.privateKey);
      const tampered = Buffer.from(body.toString().replace('"open"', '"won" '));
      expect(tampered).toHaveLength(body.length);
      expect(await sendWebhook(relay, tampered, { 'x-ghl-signature': signature })).toMatchObject({
        status: 401,
        body: { status: 'bad_signature' },
      });
    });

    it('one space more', async () => {
      const headers = { 'x-ghl-signature': signatureOf(body, relay.privateKey) };
      const answer = await sendWebhook(relay, Buffer.concat([body, Buffer.from(' ')]), headers);
      expect(answer).toMatchObject({ status: 401 });
    });

    it('a signature by another key', async () => {
      const other = generateKeyPairSync('ed25519').privateKey;
      const headers = { 'x-ghl-signature': signatureOf(body, other) };
      expect(await sendWebhook(relay, body, headers)).toMatchObject({
        status: 401,
        body: { status: 'bad_signature' },
      });
    });

    it.each(['N/A', '', 'not base64 at all!', 'AAAA'])('the signature "%s"', async (signature) => {
      expect(await sendWebhook(relay, body, { 'x-ghl-signature': signature })).toMatchObject({ status: 401 });
    });

    it('no signature', async () => {
      const answer = await fetch(`${relay.url}/webhooks/highlevel`, { method: 'POST', body });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toEqual({ status: 'unsigned' });
    });

    it('a legacy signature, which is switched off', async () => {
      const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const headers = {
        'x-ghl-signature': 'N/A',
        'x-wh-signature': sign('sha256', body, rsa.privateKey).toString('base64'),
      };
      expect(await sendWebhook(relay, body, headers)).toMatchObject({
        status: 401,
        body: { status: 'unsigned' },
      });
    });

    afterAll(async () => {
      expect(await stored(relay)).toBe(0);
      expect(relay.logged()).not.toContain('TOP-SECRET-NAME');
    });
  });

  it('refuses a huge body without reading it to its end', async () => {
    const answer = await sendWebhook(relay, Buffer.alloc(1024 * 1024 + 1, 'x'));
    expect(answer).toMatchObject({ status: 413, body: { status: 'too_large' } });
    expect(await stored(relay)).toBe(0);
  });

  it('stores nothing of a body that ends before its announced length, and goes on', async () => {
    const body = JSON.stringify(opportunityEvent());
    const { port } = new URL(relay.url);
    await new Promise<void>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST /webhooks/highlevel HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n` +
            `content-length: ${body.length + 100}\r\n` +
            `x-ghl-signature: ${signatureOf(Buffer.from(body), relay.privateKey)}\r\n\r\n${body}`,
        );
        setTimeout(() => socket.destroy(), 100);
      });
      socket.on('close', () => resolve());
      socket.on('error', reject);
    });
    expect(await stored(relay)).toBe(0);
    expect(await sendWebhook(relay, opportunityEvent())).toMatchObject({ status: 200 });
  });

  it('has nothing at the same address for those who only look', async () => {
    expect((await fetch(`${relay.url}/webhooks/highlevel`)).status).toBe(404);
  });

  it('logs neither bodies nor signatures', async () => {
    const event = opportunityEvent({ name: 'A-NAME-OF-A-PERSON' });
    const body = Buffer.from(JSON.stringify(event));
    await sendWebhook(relay, body);
    expect(relay.logged()).toContain('"route":"/webhooks/highlevel"');
    expect(relay.logged()).not.toContain('A-NAME-OF-A-PERSON');
    expect(relay.logged()).not.toContain(signatureOf(body, relay.privateKey));
  });
});

describe('a relay that knows its marketplace app', () => {
  let relay: TestRelay;
  const ours = '6878cec452e7c8d29d4dd3d9';
  const theirs = '65f0000000000000000000ff';

  beforeAll(async () => {
    relay = await startTestRelay(STORES[0], { RELAY_APP_ID: `${ours}-lx2abc` });
    await keepEvents(relay.db);
    await watchLocation(relay.db, LOCATION);
  });
  afterAll(() => relay.stop());

  it('acknowledges and counts the events of another app, and takes none of them', async () => {
    for (const type of ['OpportunityStageUpdate', 'UNINSTALL', 'ContactCreate']) {
      const answer = await sendWebhook(relay, opportunityEvent({ type, appId: theirs }));
      expect([type, answer.status, answer.body.status]).toEqual([type, 200, 'other_app']);
    }
    expect(await sendWebhook(relay, { type: 'UNINSTALL', locationId: LOCATION })).toMatchObject({
      status: 200,
      body: { status: 'other_app' },
    });
    expect(await stored(relay)).toBe(0);
    expect(await metricsOf(relay.url)).toContain('relay_events_refused_total{reason="other_app"} 4');
  });

  it('takes its own, and those that name none', async () => {
    const { appId, ...unnamed } = opportunityEvent();
    expect(appId).toBe(ours);
    expect(await sendWebhook(relay, opportunityEvent())).toMatchObject({ body: { status: 'stored' } });
    expect(await sendWebhook(relay, unnamed)).toMatchObject({ body: { status: 'stored' } });
    const gone = { type: 'UNINSTALL', appId: ours, locationId: 'nobody' };
    expect(await sendWebhook(relay, gone)).toMatchObject({ body: { status: 'stored' } });
    expect(relay.logged()).not.toContain('RELAY_APP_ID');
  });

  it('says at its start where it does not know it', async () => {
    const other = await startTestRelay(STORES[0]);
    try {
      expect(other.logged()).toMatch(/"level":40.*RELAY_APP_ID is not set: events of every marketplace app/);
    } finally {
      await other.stop();
    }
  });
});

describe('webhook keys', () => {
  it('takes two keys at once while HighLevel changes them, and the legacy one where it is switched on', async () => {
    const pem = (key: { export(options: { type: 'spki'; format: 'pem' }): string | Buffer }) =>
      key.export({ type: 'spki', format: 'pem' }).toString();
    const first = generateKeyPairSync('ed25519');
    const second = generateKeyPairSync('ed25519');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const relay = await startTestRelay(STORES[0], {
      HIGHLEVEL_WEBHOOK_PUBLIC_KEYS: `${pem(first.publicKey)}\n${pem(second.publicKey)}`,
      RELAY_LEGACY_RSA: 'on',
      HIGHLEVEL_WEBHOOK_RSA_KEYS: pem(rsa.publicKey),
    });
    try {
      for (const { privateKey } of [first, second]) {
        const signed = { url: relay.url, privateKey };
        expect(await sendWebhook(signed, opportunityEvent())).toMatchObject({ status: 200 });
      }
      const body = Buffer.from(JSON.stringify(opportunityEvent()));
      const legacy = sign('sha256', body, rsa.privateKey).toString('base64');
      const withLegacy = (current: string) =>
        sendWebhook(relay, body, { 'x-ghl-signature': current, 'x-wh-signature': legacy });
      expect(await withLegacy('N/A')).toMatchObject({ status: 200 });
      // A good legacy signature does not make up for a bad current one.
      expect(await withLegacy(signatureOf(Buffer.from('{}'), first.privateKey))).toMatchObject({
        status: 401,
      });
    } finally {
      await relay.stop();
    }
  });
});
