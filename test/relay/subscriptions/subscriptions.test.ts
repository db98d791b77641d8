import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../../local/sandbox/index.ts';
import { endUninstalled, MAX_PER_LOCATION } from '../../../relay/subscriptions/subscriptions.ts';
import { AMPLE } from '../../support/ample.ts';
import {
  call,
  STORES,
  sendWebhook,
  startTestRelay,
  type TestRelay,
  watchLocation,
} from '../support/relay.ts';

const TARGET = 'https://hooks.zapier.com/hooks/standard/123/abc/';

describe.each(STORES)('subscriptions, on %s', (store) => {
  let sandbox: Sandbox;
  let relay: TestRelay;

  beforeAll(async () => {
    sandbox = await startSandbox(AMPLE);
    relay = await startTestRelay(store, { HIGHLEVEL_API_URL: sandbox.url });
  });
  afterAll(async () => {
    await relay.stop();
    await sandbox.close();
  });
  beforeEach(async () => {
    await relay.db.query('delete from relay.subscriptions');
    sandbox.context.log.clear();
  });

  const body = (fields: object = {}) => ({
    locationId: sandbox.locationId,
    event: 'stage_changed',
    targetUrl: TARGET,
    ...fields,
  });
  const subscribe = (fields: object = {}, token: string | undefined = sandbox.accessToken) =>
    call(`${relay.url}/subscriptions`, { method: 'POST', body: body(fields), token });
  const rows = () =>
    relay.db.query<{ id: string; zap: string; ended_at: Date | null; ended_reason: string | null }>(
      'select * from relay.subscriptions order by created_at',
    );
  const running = async () => (await rows()).filter(({ ended_at }) => ended_at === null);
  const asked = () => sandbox.context.log.entries.map(({ method, path }) => `${method} ${path}`);

  it('keeps location, event, filters and target, and gives an id that cannot be guessed', async () => {
    const filters = { pipelineId: 'p', stageFrom: 'a', stageTo: 'b', status: 'open', minValue: 0 };
    const answer = await subscribe({ filters, zap: '77' });
    expect(answer).toMatchObject({
      status: 201,
      body: { event: 'stage_changed', locationId: sandbox.locationId },
    });
    expect(String(answer.body.id)).toMatch(/^[0-9a-f]{48}$/);
    expect(await rows()).toMatchObject([
      {
        id: answer.body.id,
        location_id: sandbox.locationId,
        company_id: sandbox.companyId,
        event: 'stage_changed',
        filters,
        target_url: TARGET,
        zap: 'zap:77',
        ended_at: null,
      },
    ]);
  });

  it('asks HighLevel once for several subscriptions of one connection, and keeps nothing of its token', async () => {
    const { accessToken: token } = sandbox.mintToken();
    await Promise.all([1, 2, 3].map((zap) => subscribe({ zap: `${zap}` }, token)));
    await subscribe({ zap: '4' }, token);
    expect(asked()).toEqual([`GET /locations/${sandbox.locationId}`]);
    expect(await running()).toHaveLength(4);
    const [{ everything } = { everything: '' }] = await relay.db.query<{ everything: string }>(
      'select string_agg(s::text, $1) as everything from relay.subscriptions s',
      ['\n'],
    );
    expect(everything).toContain(TARGET);
    for (const text of [everything, relay.logged()]) {
      expect(text).not.toContain(token);
      expect(text).not.toContain(token.split('.')[2]);
    }
  });

  it('logs neither targets nor ids, which are keys to the subscription', async () => {
    const { body } = await subscribe({ targetUrl: `${TARGET}secret-part/` });
    await call(`${relay.url}/subscriptions/${body.id}`, { token: sandbox.accessToken });
    await call(`${relay.url}/subscriptions/${body.id}`, { method: 'DELETE' });
    expect(relay.logged()).toContain('"msg":"subscribed"');
    expect(relay.logged()).not.toContain('secret-part');
    expect(relay.logged()).not.toContain(body.id);
  });

  describe('the same Zap', () => {
    it('replaces its own subscription by its mark, and nobody else’s', async () => {
      const first = await subscribe({ zap: 'A', targetUrl: `${TARGET}1/` });
      const other = await subscribe({ zap: 'B', targetUrl: `${TARGET}2/` });
      const second = await subscribe({ zap: 'A', targetUrl: `${TARGET}3/`, event: 'status_changed' });
      expect((await running()).map(({ id }) => id)).toEqual([other.body.id, second.body.id]);
      expect((await rows()).find(({ id }) => id === first.body.id)?.ended_reason).toBe('replaced');
    });

    it('replaces it by its target where it has no mark', async () => {
      await subscribe();
      const second = await subscribe();
      const other = await subscribe({ targetUrl: `${TARGET}other/` });
      expect((await running()).map(({ id }) => id)).toEqual([second.body.id, other.body.id]);
    });

    it('stays one although it subscribes many times in the same moment', async () => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => subscribe({ zap: 'A' })));
      expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
      expect(await running()).toHaveLength(1);
    });

    it('does not reach into another location with the same mark', async () => {
      const { locationId } = sandbox.seeded.other;
      const { accessToken } = sandbox.mintToken({ locationId });
      await subscribe({ zap: 'A' });
      await subscribe({ zap: 'A', locationId }, accessToken);
      expect(await running()).toHaveLength(2);
    });
  });

  it('shows a subscription to those who may read its location', async () => {
    const { body } = await subscribe({ filters: { status: 'won' } });
    const url = `${relay.url}/subscriptions/${body.id}`;
    expect(await call(url, { token: sandbox.accessToken })).toMatchObject({
      status: 200,
      body: { id: body.id, event: 'stage_changed', filters: { status: 'won' }, active: true, endedAt: null },
    });
    expect(await call(url)).toMatchObject({ status: 401, body: { error: 'no_token' } });
    const { accessToken } = sandbox.mintToken({ locationId: sandbox.seeded.other.locationId });
    expect(await call(url, { token: accessToken })).toMatchObject({ status: 403 });
    expect(await call(`${relay.url}/subscriptions/none`, { token: accessToken })).toMatchObject({
      status: 404,
    });
  });

  it('ends one by its id alone, once and again, and knows no other', async () => {
    const { body } = await subscribe();
    const url = `${relay.url}/subscriptions/${body.id}`;
    expect(await call(url, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await call(url, { method: 'DELETE' })).toMatchObject({ status: 204 });
    expect(await call(`${relay.url}/subscriptions/none`, { method: 'DELETE' })).toMatchObject({
      status: 404,
      body: { error: 'unknown_subscription' },
    });
    expect(await rows()).toMatchObject([{ ended_reason: 'unsubscribed' }]);
    expect(await call(url, { token: sandbox.accessToken })).toMatchObject({ body: { active: false } });
  });

  it('takes a token that may read pipelines and not the location', async () => {
    const { accessToken } = sandbox.mintToken({ scopes: ['opportunities.readonly'] });
    expect(await subscribe({}, accessToken)).toMatchObject({ status: 201 });
    expect(asked()).toHaveLength(2);
  });

  it('takes an agency’s token for a location of the agency', async () => {
    const { accessToken } = sandbox.mintToken({ userType: 'Company' });
    expect(await subscribe({}, accessToken)).toMatchObject({ status: 201 });
  });

  it('takes a private integration’s token', async () => {
    const { accessToken } = sandbox.mintToken({ private: true });
    expect(await subscribe({}, accessToken)).toMatchObject({ status: 201 });
  });

  describe('refuses, and stores nothing', () => {
    const refused = async (answer: ReturnType<typeof call>, status: number, error: string) => {
      expect(await answer).toMatchObject({ status, body: { error, message: expect.any(String) } });
      expect(await rows()).toEqual([]);
    };

    it('a caller without a token', () =>
      refused(call(`${relay.url}/subscriptions`, { method: 'POST', body: body() }), 401, 'no_token'));

    it('a token that HighLevel does not know', () => refused(subscribe({}, 'made-up'), 401, 'token_refused'));

    it('an expired token, without a question to HighLevel', async () => {
      const { accessToken } = sandbox.mintToken({ expiresInSeconds: -10 });
      await refused(subscribe({}, accessToken), 401, 'token_refused');
      expect(asked()).toEqual([]);
    });

    it('a token that HighLevel took away', async () => {
      const { accessToken } = sandbox.mintToken();
      sandbox.context.tokens.revoke(sandbox.locationId);
      await refused(subscribe({}, accessToken), 401, 'token_refused');
      sandbox.accessToken = sandbox.mintToken().accessToken;
    });

    it('another location’s token', async () => {
      const { accessToken } = sandbox.mintToken({ locationId: sandbox.seeded.other.locationId });
      await refused(subscribe({}, accessToken), 403, 'not_your_location');
      expect(asked()).toEqual([]);
    });

    it('a token that claims to be of the location and is not HighLevel’s', async () => {
      const claims = { authClass: 'Location', authClassId: sandbox.locationId, exp: 9_999_999_999 };
      const forged = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.AAAA`;
      await refused(subscribe({}, forged), 401, 'token_refused');
    });

    it('a private integration’s token for another’s location, which HighLevel has to judge', async () => {
      const { accessToken } = sandbox.mintToken({ private: true });
      const { locationId } = sandbox.seeded.other;
      await refused(subscribe({ locationId }, accessToken), 403, 'not_your_location');
      expect(asked()).toEqual([`GET /locations/${locationId}`]);
    });

    it('a token with no permission that would show the location', async () => {
      const { accessToken } = sandbox.mintToken({ scopes: ['users.readonly'] });
      await refused(subscribe({}, accessToken), 403, 'not_your_location');
    });

    it.each([
      ['plain http', 'http://hooks.zapier.com/hooks/standard/1/'],
      ['another host', 'https://example.com/hooks/standard/1/'],
      ['a host that redirects', 'https://bit.ly/3abc'],
      ['an internal address', 'https://127.0.0.1/hooks/standard/1/'],
      ['the cloud’s metadata', 'http://169.254.169.254/latest/meta-data/'],
      ['a name of this machine', 'https://localhost/hooks/standard/1/'],
    ])('%s as a target', async (_, targetUrl) => {
      await refused(subscribe({ targetUrl }), 400, 'target_not_allowed');
      expect(asked()).toEqual([]);
    });

    it.each([
      ['no JSON', '{"locationId":', 400],
      ['an unknown event', bodyAnywhere({ event: 'opportunity_vanished' }), 400],
      ['an unknown filter', bodyAnywhere({ filters: { stage: 'x' } }), 400],
      ['a filter of another type', bodyAnywhere({ filters: { minValue: '5' } }), 400],
      ['a location that is a path', bodyAnywhere({ locationId: '../users' }), 400],
      ['a field of its own', bodyAnywhere({ admin: true }), 400],
      ['a mark with a NUL', bodyAnywhere({ zap: 'a\0' }), 400],
      ['a huge body', bodyAnywhere({ zap: 'a'.repeat(20_000) }), 413],
    ])('%s', async (_, body, status) => {
      const token = sandbox.accessToken;
      const answer = call(`${relay.url}/subscriptions`, { method: 'POST', body, token });
      await refused(answer, status, 'bad_request');
    });

    it('a body in another format', () =>
      refused(
        call(`${relay.url}/subscriptions`, {
          method: 'POST',
          body: 'locationId=1',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        }),
        415,
        'bad_request',
      ));

    it('anyone while HighLevel cannot be asked, and remembers nothing of that', async () => {
      const { accessToken } = sandbox.mintToken();
      for (const fault of [
        { status: 500 },
        { status: 429 },
        { cut: true },
        { status: 302, headers: { location: '/' } },
      ]) {
        sandbox.fault({ path: '/locations/*', ...fault });
        await refused(subscribe({}, accessToken), 503, 'unavailable');
      }
      const answer = await subscribe({}, accessToken);
      expect(answer).toMatchObject({ status: 201 });
    });

    it('an answer that shows another location than the one asked for', async () => {
      const { accessToken } = sandbox.mintToken();
      sandbox.fault({ path: '/locations/*', status: 200, body: { location: { id: 'another' } } });
      await refused(subscribe({}, accessToken), 403, 'not_your_location');
    });
  });

  it('stops at as many as one location may have', async () => {
    await relay.db.query(
      `insert into relay.subscriptions (id, location_id, event, filters, target_url, zap, queue_id)
       select 'full' || n, $1, 'stage_changed', '{}', '', 'z' || n, gen_random_uuid() from generate_series(1, $2) n`,
      [sandbox.locationId, MAX_PER_LOCATION],
    );
    expect(await subscribe()).toMatchObject({ status: 409, body: { error: 'too_many' } });
    expect(await running()).toHaveLength(MAX_PER_LOCATION);
    const { locationId } = sandbox.seeded.other;
    const { accessToken } = sandbox.mintToken({ locationId });
    expect(await subscribe({ locationId }, accessToken)).toMatchObject({ status: 201 });
  });

  it('counts those that were replaced within the hour, and leaves a Zap that is refused what it has', async () => {
    const { body: own } = await subscribe({ zap: 'A' });
    await relay.db.query(
      `insert into relay.subscriptions
         (id, location_id, event, filters, target_url, zap, queue_id, ended_at, ended_reason)
       select 'r' || n, $1, 'stage_changed', '{}', '', 'A', gen_random_uuid(), now(), 'replaced'
       from generate_series(1, $2) n`,
      [sandbox.locationId, MAX_PER_LOCATION],
    );
    expect(await subscribe({ zap: 'A' })).toMatchObject({ status: 409, body: { error: 'too_many' } });
    expect(await running()).toMatchObject([{ id: own.id }]);
    await relay.db.query(`update relay.subscriptions set ended_at = now() - interval '61 minutes'
      where ended_reason = 'replaced'`);
    expect(await subscribe({ zap: 'A' })).toMatchObject({ status: 201 });
  });

  it('answers 400 to a NUL in an address', async () => {
    for (const path of [
      '/subscriptions/%00',
      '/subscriptions/a%00b',
      '/operator/subscriptions?location=%00',
    ]) {
      const answer = await call(`${relay.url}${path}`, { token: sandbox.accessToken });
      expect([path, answer.status]).toEqual([path, 400]);
      const ended = await call(`${relay.url}${path}`, { method: 'DELETE' });
      expect([path, ended.status]).toEqual([path, 400]);
    }
  });

  it('ends what an uninstall leaves behind: a location’s, or a whole company’s', async () => {
    const { locationId } = sandbox.seeded.other;
    const { accessToken } = sandbox.mintToken({ locationId });
    await subscribe();
    await subscribe({ locationId }, accessToken);
    const at = new Date(Date.now() + 1_000);
    expect(await endUninstalled(relay.db, { locationId, at })).toHaveLength(1);
    expect(await endUninstalled(relay.db, { at })).toEqual([]);
    expect(await running()).toHaveLength(1);
    expect(await endUninstalled(relay.db, { companyId: sandbox.companyId, at })).toHaveLength(1);
    expect((await rows()).map(({ ended_reason }) => ended_reason)).toEqual(['uninstalled', 'uninstalled']);
  });
});

describe('an UNINSTALL', () => {
  it('ends what was subscribed before it happened, and nothing later', async () => {
    const relay = await startTestRelay(STORES[0]);
    try {
      await watchLocation(relay.db, 'loc');
      const left = async () =>
        (await relay.db.query('select from relay.subscriptions where ended_at is null')).length;
      const uninstall = async (timestamp: object) => {
        await sendWebhook(relay, { type: 'UNINSTALL', locationId: 'loc', ...timestamp });
        await relay.idle();
      };
      await uninstall({ timestamp: '2026-01-05T08:00:00.000Z' });
      expect(await left()).toBe(1);
      await uninstall({ timestamp: new Date(Date.now() + 1_000).toISOString() });
      expect(await left()).toBe(0);
      await watchLocation(relay.db, 'loc');
      await uninstall({});
      expect(await left()).toBe(0);
    } finally {
      await relay.stop();
    }
  });
});

function bodyAnywhere(fields: object): object {
  return { locationId: 'loc', event: 'stage_changed', targetUrl: TARGET, ...fields };
}

describe('a relay with a shared secret and targets of its own', () => {
  let sandbox: Sandbox;
  let relay: TestRelay;
  let receiver: Server;
  let target: string;
  const sharedSecret = 'a-shared-key-of-this-relay';

  beforeAll(async () => {
    sandbox = await startSandbox();
    receiver = createServer();
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    target = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    relay = await startTestRelay(STORES[0], {
      HIGHLEVEL_API_URL: sandbox.url,
      RELAY_SHARED_SECRET: sharedSecret,
      RELAY_TARGET_HOSTS: `hooks.zapier.com, ${target}`,
    });
  });
  afterAll(async () => {
    await relay.stop();
    await sandbox.close();
    receiver.close();
  });

  const subscribe = (headers: Record<string, string>, targetUrl = `${target}/hooks/standard/1/`) =>
    call(`${relay.url}/subscriptions`, {
      method: 'POST',
      token: sandbox.accessToken,
      headers,
      body: { locationId: sandbox.locationId, event: 'note_created', targetUrl },
    });

  it('lets in who knows the key, to the targets allowed', async () => {
    expect(await subscribe({ 'x-relay-secret': sharedSecret })).toMatchObject({ status: 201 });
    expect(await subscribe({ 'x-relay-secret': sharedSecret }, TARGET)).toMatchObject({ status: 201 });
    const elsewhere = await subscribe({ 'x-relay-secret': sharedSecret }, 'http://127.0.0.1:1/');
    expect(elsewhere).toMatchObject({ status: 400, body: { error: 'target_not_allowed' } });
  });

  it('refuses who does not, for all of its subscription calls', async () => {
    const answers = [
      await subscribe({}),
      await subscribe({ 'x-relay-secret': `${sharedSecret}x` }),
      await call(`${relay.url}/subscriptions/x`, { token: sandbox.accessToken }),
      await call(`${relay.url}/subscriptions/x`, { method: 'DELETE' }),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 403, body: { error: 'wrong_relay_secret' } });
    }
    expect(relay.logged()).not.toContain(sharedSecret);
  });
});
