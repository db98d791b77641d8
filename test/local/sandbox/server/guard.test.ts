import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { call } from '../support/call.ts';

const RATE_HEADERS = [
  'x-ratelimit-max',
  'x-ratelimit-remaining',
  'x-ratelimit-interval-milliseconds',
  'x-ratelimit-limit-daily',
  'x-ratelimit-daily-remaining',
  'x-ratelimit-daily-reset',
];

describe('the guard before every call', () => {
  let sandbox: Sandbox;
  let pipelines: string;
  beforeAll(async () => {
    sandbox = await startSandbox();
    pipelines = `/opportunities/pipelines?locationId=${sandbox.locationId}`;
  });
  beforeEach(() => sandbox.moveClock({ by: 11_000 }));
  afterAll(() => sandbox.close());

  it('gives every answer a traceId and the six rate headers', async () => {
    for (const path of [pipelines, '/nowhere', '/opportunities/none']) {
      const { headers, body } = await call(sandbox, 'GET', path);
      expect(body.traceId).toMatch(/^[0-9a-f-]{36}$/);
      for (const name of RATE_HEADERS) expect(headers.get(name)).toMatch(/^\d+$/);
    }
  });

  it.each([
    ['no token', null, 'Invalid JWT'],
    ['something that is no token', 'abc', 'Invalid JWT'],
    ['a token of nobody', 'a.b.c', 'Invalid token: access token is invalid'],
  ])('refuses %s with 401', async (_what, token, message) => {
    const { status, body } = await call(sandbox, 'GET', pipelines, { token });
    expect(status).toBe(401);
    expect(body).toMatchObject({ statusCode: 401, message, error: 'Unauthorized' });
  });

  it('lets a token expire by its own clock', async () => {
    const { accessToken: token } = sandbox.mintToken({ expiresInSeconds: 60 });
    expect((await call(sandbox, 'GET', pipelines, { token })).status).toBe(200);
    sandbox.moveClock({ by: 60_000 });
    const { status, body } = await call(sandbox, 'GET', pipelines, { token });
    expect([status, body.message]).toEqual([401, 'Invalid token: access token is invalid']);
  });

  it('answers a missing scope with 401 and its own message', async () => {
    const { accessToken: token } = sandbox.mintToken({ scopes: ['contacts.readonly'] });
    const { status, body } = await call(sandbox, 'GET', pipelines, { token });
    expect([status, body.message]).toEqual([401, 'The token is not authorized for this scope.']);
  });

  it('keeps an agency token out of what is for sub-accounts', async () => {
    const { accessToken: token } = sandbox.mintToken({ userType: 'Company' });
    const { status, body } = await call(sandbox, 'GET', pipelines, { token });
    expect(status).toBe(401);
    expect(body.message).toContain('authClass');
  });

  it("keeps a token out of another location's records", async () => {
    const { other } = sandbox.seeded;
    const message = 'The token does not have access to this location.';
    for (const path of [
      `/opportunities/pipelines?locationId=${other.locationId}`,
      '/opportunities/pipelines?locationId=none',
      `/opportunities/${other.opportunityId}`,
    ]) {
      const { status, body } = await call(sandbox, 'GET', path);
      expect([path, status, body.message]).toEqual([path, 403, message]);
    }
  });

  it.each(['2021-07-28', '2021-04-15', '2023-02-21', 'v3'])('takes Version %s', async (version) => {
    expect((await call(sandbox, 'GET', pipelines, { version })).status).toBe(200);
  });

  it.each([null, 'v4'])('refuses Version %s', async (version) => {
    expect((await call(sandbox, 'GET', pipelines, { version })).status).toBe(401);
  });

  it('takes a private integration token', async () => {
    const { accessToken: token, refreshToken } = sandbox.mintToken({ private: true });
    expect(token).toMatch(/^pit-/);
    expect(refreshToken).toBeNull();
    expect((await call(sandbox, 'GET', pipelines, { token })).status).toBe(200);
  });

  it('answers 404 for a path that is not there, and 400 for a body that is not JSON', async () => {
    expect((await call(sandbox, 'GET', '/nowhere')).status).toBe(404);
    const response = await fetch(`${sandbox.url}/opportunities/`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${sandbox.accessToken}`,
        version: 'v3',
        'content-type': 'application/json',
      },
      body: '{',
    });
    expect(response.status).toBe(400);
  });

  it('answers 400 for a body that is too long', async () => {
    const body = { name: 'x'.repeat(3_000_000) };
    expect((await call(sandbox, 'POST', '/opportunities/', { body })).status).toBe(400);
  });

  it('does not mistake an announced but empty JSON body for a broken one', async () => {
    const headers = { 'content-type': 'application/json' };
    const id = sandbox.seeded.opportunityIds[29] ?? '';
    expect((await call(sandbox, 'DELETE', `/opportunities/${id}`, { headers })).status).toBe(200);
  });

  it('stops after 100 calls in 10 seconds, for each location by itself, and begins anew', async () => {
    const answers = await Promise.all(Array.from({ length: 105 }, () => call(sandbox, 'GET', pipelines)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(refused[0]?.body.traceId).toBeDefined();

    const { other } = sandbox.seeded;
    const { accessToken: token } = sandbox.mintToken({ locationId: other.locationId });
    const elsewhere = `/opportunities/pipelines?locationId=${other.locationId}`;
    expect((await call(sandbox, 'GET', elsewhere, { token })).status).toBe(200);

    sandbox.moveClock({ by: 10_000 });
    const { status, headers } = await call(sandbox, 'GET', pipelines);
    expect([status, headers.get('x-ratelimit-remaining')]).toEqual([200, '99']);
  });

  it('stops when the day is used up', async () => {
    sandbox.moveClock({ by: 86_400_000 });
    const { accessToken: token } = sandbox.mintToken();
    sandbox.setSettings({ rateLimit: { max: 100, intervalMs: 10_000, daily: 2 } });
    await call(sandbox, 'GET', pipelines, { token });
    await call(sandbox, 'GET', pipelines, { token });
    const { status, headers } = await call(sandbox, 'GET', pipelines, { token });
    expect([status, headers.get('x-ratelimit-daily-remaining')]).toEqual([429, '0']);
  });
});
