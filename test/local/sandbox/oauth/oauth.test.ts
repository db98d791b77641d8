import { type Sandbox, startSandbox } from '../../../../local/sandbox/index.ts';
import { type Answer, answerOf, call, postForm } from '../support/call.ts';

const REDIRECT = 'https://app.example/return';

describe('letting an app in', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterAll(() => sandbox.close());

  function ask(changes: Record<string, string> = {}): Record<string, string> {
    return {
      response_type: 'code',
      client_id: sandbox.clientId,
      redirect_uri: REDIRECT,
      scope: 'opportunities.readonly contacts.readonly',
      state: 'state & more',
      ...changes,
    };
  }

  async function codeFor(locationId = sandbox.locationId): Promise<string> {
    const fields = { ...ask({ scope: 'opportunities.readonly oauth.write' }), location_id: locationId };
    const response = await postForm(`${sandbox.url}/v2/oauth/chooselocation`, fields);
    return new URL(response.headers.get('location') ?? '').searchParams.get('code') ?? '';
  }

  async function token(
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const client: Record<string, string> =
      headers.version === 'v3'
        ? { clientId: sandbox.clientId, clientSecret: sandbox.clientSecret }
        : { client_id: sandbox.clientId, client_secret: sandbox.clientSecret };
    const response = await postForm(`${sandbox.url}/oauth/token`, { ...client, ...fields }, headers);
    return answerOf(response);
  }

  async function install(): Promise<{ access: string; refresh: string }> {
    const { body } = await token({ grant_type: 'authorization_code', code: await codeFor() });
    return { access: body.access_token, refresh: body.refresh_token };
  }

  it.each([
    '/oauth/chooselocation',
    '/v2/oauth/chooselocation',
  ])('shows the consent page at %s', async (path) => {
    const response = await fetch(`${sandbox.url}${path}?${new URLSearchParams(ask())}`);
    const page = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    for (const part of [
      'Harbor &amp; Pine Consulting',
      'contacts.readonly',
      sandbox.locationId,
      'state &amp; more',
    ]) {
      expect(page).toContain(part);
    }
  });

  it.each([
    ['another client', { client_id: 'nobody' }],
    ['another response type', { response_type: 'token' }],
    ['an unsafe redirect', { redirect_uri: 'http://app.example/return' }],
    ['no redirect', { redirect_uri: 'nonsense' }],
    ['an unknown scope', { scope: 'everything.write' }],
    ['no scope', { scope: '' }],
  ])('refuses %s on a page, without going anywhere', async (_what, changes) => {
    const query = new URLSearchParams(ask(changes));
    const shown = await fetch(`${sandbox.url}/oauth/chooselocation?${query}`);
    const sent = await postForm(`${sandbox.url}/oauth/chooselocation`, {
      ...ask(changes),
      location_id: sandbox.locationId,
    });
    expect([shown.status, sent.status]).toEqual([400, 400]);
  });

  it('returns code and state to the app, or a refusal', async () => {
    const fields = { ...ask(), location_id: sandbox.locationId };
    const allowed = await postForm(`${sandbox.url}/oauth/chooselocation`, { ...fields, decision: 'allow' });
    const back = new URL(allowed.headers.get('location') ?? '');
    expect([allowed.status, back.origin + back.pathname]).toEqual([302, REDIRECT]);
    expect(back.searchParams.get('state')).toBe('state & more');
    expect(back.searchParams.get('code')).toMatch(/^\w+$/);
    const denied = await postForm(`${sandbox.url}/oauth/chooselocation`, { ...fields, decision: 'deny' });
    expect(denied.headers.get('location')).toContain('error=access_denied');
  });

  it('changes a code for tokens once, and only for the address it was sent to', async () => {
    const code = await codeFor();
    const fields = { grant_type: 'authorization_code', code, user_type: 'Location', redirect_uri: REDIRECT };
    const first = await token(fields);
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 86_399,
      userType: 'Location',
      locationId: sandbox.locationId,
      companyId: sandbox.companyId,
      scope: 'opportunities.readonly oauth.write',
    });
    expect((await token(fields)).status).toBe(400);
    const elsewhere = { ...fields, code: await codeFor(), redirect_uri: 'https://other.example/' };
    expect((await token(elsewhere)).status).toBe(400);
  });

  it('lets a code grow old', async () => {
    const code = await codeFor();
    sandbox.moveClock({ by: 11 * 60_000 });
    expect((await token({ grant_type: 'authorization_code', code })).status).toBe(400);
  });

  it('mints tokens with readable claims, which work', async () => {
    const { access } = await install();
    const claims = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ authClass: 'Location', authClassId: sandbox.locationId });
    expect(claims.oauthMeta.scopes).toContain('opportunities.readonly');
    const path = `/opportunities/pipelines?locationId=${sandbox.locationId}`;
    expect((await call(sandbox, 'GET', path, { token: access })).status).toBe(200);
  });

  it('rotates refresh tokens, and for 30 seconds gives the same new one again', async () => {
    const { refresh } = await install();
    const fields = { grant_type: 'refresh_token', refresh_token: refresh };
    const first = await token(fields);
    expect(first.body.refresh_token).not.toBe(refresh);
    sandbox.moveClock({ by: 29_000 });
    const again = await token(fields);
    expect(again.body.refresh_token).toBe(first.body.refresh_token);
    sandbox.moveClock({ by: 2_000 });
    const late = await token(fields);
    expect([late.status, late.body.message]).toEqual([400, 'Invalid grant: refresh token is invalid']);
    const next = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token });
    expect(next.status).toBe(200);
  });

  it('does not refresh a paused location, and does so with the same token when it is active again', async () => {
    const { refresh } = await install();
    const fields = { grant_type: 'refresh_token', refresh_token: refresh };
    sandbox.setLocation(sandbox.locationId, { active: false });
    const paused = await token(fields);
    expect([paused.status, paused.body.message]).toEqual([400, 'Location is not active']);
    sandbox.setLocation(sandbox.locationId, { active: true });
    expect((await token(fields)).status).toBe(200);
  });

  it('speaks camelCase under v3, in a form and in JSON', async () => {
    const fields = { grantType: 'authorization_code', code: await codeFor() };
    const form = await token(fields, { version: 'v3' });
    expect(form.body).toMatchObject({ tokenType: 'Bearer', expiresIn: 86_399, userType: 'Location' });
    const response = await fetch(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      headers: { version: 'v3', 'content-type': 'application/json' },
      body: JSON.stringify({
        clientId: sandbox.clientId,
        clientSecret: sandbox.clientSecret,
        grantType: 'refresh_token',
        refreshToken: form.body.refreshToken,
      }),
    });
    const { status, body } = await answerOf(response);
    expect([status, typeof body.accessToken]).toEqual([200, 'string']);
    const snake = await token({ grant_type: 'refresh_token' }, { version: 'v3' });
    expect([snake.status, snake.body.message]).toEqual([400, 'Missing parameter: grantType']);
  });

  it.each([
    ['grant type', {}, 400, 'Missing parameter: grant_type'],
    ['code', { grant_type: 'authorization_code' }, 400, 'Missing parameter: code'],
    ['refresh token', { grant_type: 'refresh_token' }, 400, 'Missing parameter: refresh_token'],
    ['other grant', { grant_type: 'password' }, 400, 'Invalid parameter: grant_type'],
    [
      'other user type',
      { grant_type: 'refresh_token', user_type: 'Agency' },
      400,
      'Invalid parameter: user_type',
    ],
    [
      'wrong secret',
      { grant_type: 'refresh_token', client_secret: 'x' },
      401,
      'Invalid client: client is invalid',
    ],
  ])('says what is wrong: %s', async (_what, fields, status, message) => {
    const answer = await token(fields as Record<string, string>);
    expect([answer.status, answer.body.message]).toEqual([status, message]);
  });

  it('gives an agency a token of its own, and for that a token of a location', async () => {
    const code = await codeFor('company');
    const { body } = await token({ grant_type: 'authorization_code', code });
    expect(body).toMatchObject({ userType: 'Company', isBulkInstallation: true });
    expect(body.locationId).toBeUndefined();
    expect(body.approvedLocations).toContain(sandbox.locationId);

    const wanted = { companyId: sandbox.companyId, locationId: sandbox.locationId };
    const old = { token: body.access_token, version: '2021-07-28', body: wanted };
    const v2 = await call(sandbox, 'POST', '/oauth/locationToken', old);
    expect(v2.body).toMatchObject({ token_type: 'Bearer', locationId: sandbox.locationId });
    const v3 = await call(sandbox, 'POST', '/oauth/location-token', { ...old, version: 'v3' });
    expect(v3.body).toMatchObject({ tokenType: 'Bearer', locationId: sandbox.locationId });
    const gone = await call(sandbox, 'POST', '/oauth/locationToken', { ...old, version: 'v3' });
    expect(gone.status).toBe(400);
    expect(gone.body.message).toContain('not available in API version v3');

    const path = `/opportunities/pipelines?locationId=${sandbox.locationId}`;
    expect((await call(sandbox, 'GET', path, { token: v3.body.accessToken })).status).toBe(200);
  });

  it('keeps no secret in the log', async () => {
    const { refresh } = await install();
    await token({ grant_type: 'refresh_token', refresh_token: refresh });
    const log = JSON.stringify(sandbox.requests());
    expect(log).not.toContain(refresh);
    expect(log).not.toContain(sandbox.clientSecret);
    expect(log).not.toContain(sandbox.accessToken);
  });
});
