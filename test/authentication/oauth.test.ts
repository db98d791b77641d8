import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LOGIN_HOSTS } from '../../highlevel/http/environment.ts';
import { wantedScopes } from '../../highlevel/http/permissions.ts';
import { AMPLE } from '../support/ample.ts';
import { type Connection, connect, errorOf, sentenceOf } from '../support/connection.ts';

const REDIRECT = 'https://zapier.com/dashboard/auth/oauth/return/App1CLIAPI/';
const AUTHORIZE = 'authentication.oauth2Config.authorizeUrl';
const EXCHANGE = 'authentication.oauth2Config.getAccessToken';
const REFRESH = 'authentication.oauth2Config.refreshAccessToken';
const TEST = 'authentication.test';

type AuthData = Record<string, string>;

describe('connecting HighLevel', () => {
  let connection: Connection;
  let now = Date.parse('2026-11-21T12:00:00Z');

  beforeAll(async () => {
    connection = await connect({
      now: () => now,
      ...AMPLE,
    });
  });
  afterAll(() => connection.close());
  beforeEach(() => {
    connection.sandbox.context.log.clear();
  });

  /** The browser's part: the consent page is opened, and its form is sent with a choice. */
  const consent = async (authorizeUrl: string, choice: Record<string, string>): Promise<URL> => {
    const page = await fetch(authorizeUrl);
    expect(page.status).toBe(200);
    const form = new URLSearchParams({
      ...Object.fromEntries(new URL(authorizeUrl).searchParams),
      decision: 'allow',
      ...choice,
    });
    const { origin, pathname } = new URL(authorizeUrl);
    const answer = await fetch(origin + pathname, { method: 'POST', body: form, redirect: 'manual' });
    expect(answer.status).toBe(302);
    return new URL(answer.headers.get('location') ?? '');
  };

  const authorize = () =>
    connection.run<string>(AUTHORIZE, {
      redirect_uri: REDIRECT,
      state: 'state-1',
      login_host: 'gohighlevel',
    });

  const signIn = async (location_id = connection.sandbox.locationId): Promise<AuthData> => {
    const back = await consent(await authorize(), { location_id });
    expect(back.searchParams.get('state')).toBe('state-1');
    return connection.run<AuthData>(EXCHANGE, {
      code: back.searchParams.get('code'),
      redirect_uri: REDIRECT,
    });
  };

  const refresh = (authData: AuthData) => connection.run<AuthData>(REFRESH, {}, { bundle: { authData } });

  it('asks for each permission it needs, on the page the person chose', async () => {
    const url = new URL(await authorize());
    expect(url.origin + url.pathname).toBe(`${connection.sandbox.url}/v2/oauth/chooselocation`);
    expect(url.searchParams.get('scope')).toBe(wantedScopes());
    expect(url.search).toContain('opportunities.readonly%20contacts.readonly');
    expect(LOGIN_HOSTS.leadconnector).toBe('https://marketplace.leadconnectorhq.com');
  });

  it('asks a connection that is for reading alone for the permissions to read, and for no other', async () => {
    const asked = async (access?: string) => {
      const input = { redirect_uri: REDIRECT, state: 'state-1', access };
      const url = new URL(await connection.run<string>(AUTHORIZE, input));
      return (url.searchParams.get('scope') ?? '').split(' ');
    };
    expect(await asked('read')).toEqual([
      'opportunities.readonly',
      'contacts.readonly',
      'users.readonly',
      'locations.readonly',
      'locations/customFields.readonly',
    ]);
    expect(await asked('read_write')).toEqual(
      expect.arrayContaining(['opportunities.write', 'contacts.write']),
    );
    expect(await asked()).toEqual(await asked('read_write'));
  });

  it('keeps tokens, ids and the granted permissions, and labels the connection', async () => {
    const authData = await signIn();
    expect(authData).toEqual({
      access_token: expect.any(String),
      refresh_token: expect.any(String),
      scope: wantedScopes(),
      locationId: connection.sandbox.locationId,
      companyId: connection.sandbox.companyId,
      userId: expect.any(String),
    });
    const token = connection.sandbox.context.log.entries.find(({ path }) => path === '/oauth/token');
    expect(token?.headers).toMatchObject({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(token?.body).toMatchObject({ user_type: 'Location', grant_type: 'authorization_code' });
    expect(token?.token.present).toBe(false);

    const me = await connection.run<AuthData>(TEST, {}, { bundle: { authData } });
    expect(me).toMatchObject({
      name: connection.sandbox.seeded.locationName,
      short_id: connection.sandbox.locationId.slice(-6),
    });
  });

  it('labels a connection whose sub-account has no name, and tells its time zone where it has one', async () => {
    const authData = await signIn();
    const { locationId } = connection.sandbox;
    const tested = async (location: object) => {
      const body = { location: { id: locationId, ...location } };
      connection.sandbox.fault({ path: `/locations/${locationId}`, status: 200, body });
      return connection.run<AuthData>(TEST, {}, { bundle: { authData } });
    };
    expect(await tested({})).toEqual({
      id: locationId,
      name: 'HighLevel sub-account',
      short_id: locationId.slice(-6),
      timezone: null,
    });
    expect(await tested({ name: 'Harbor', timezone: 'Europe/Berlin' })).toMatchObject({
      name: 'Harbor',
      timezone: 'Europe/Berlin',
    });
  });

  it('proves a connection without locations.readonly by its pipelines', async () => {
    const authData = { ...(await signIn()), scope: 'opportunities.readonly' };
    connection.requests();
    expect(await connection.run(TEST, {}, { bundle: { authData } })).toMatchObject({
      name: 'HighLevel sub-account',
    });
    expect(connection.requests()).toEqual(['GET /opportunities/pipelines']);
  });

  it('tells a person who chose the agency to choose a sub-account', async () => {
    const error = await errorOf(signIn('company'));
    expect(sentenceOf(error)).toMatch(/whole HighLevel agency.*choose a sub-account/);
  });

  it('says what to do when the code is stale', async () => {
    const error = await errorOf(connection.run(EXCHANGE, { code: 'stale', redirect_uri: REDIRECT }));
    expect(sentenceOf(error)).toMatch(/did not accept the sign-in.*connect HighLevel once more/);
  });

  it('refuses an address that is none before it signs in', async () => {
    const error = await errorOf(connection.run(EXCHANGE, { code: 'x', app_host: 'javascript:alert(1)' }));
    expect(sentenceOf(error)).toMatch(/is not a web address.*app\.youragency\.com/);
    expect(connection.requests()).toEqual([]);
  });

  it('renews with a new refresh token each time and keeps what the answer leaves out', async () => {
    const first = await signIn();
    now += 24 * 3600 * 1000;
    expect((await errorOf(connection.run(TEST, {}, { bundle: { authData: first } }))).name).toBe(
      'RefreshAuthError',
    );
    const second = await refresh(first);
    expect(second).toMatchObject({
      locationId: first.locationId,
      companyId: first.companyId,
      scope: first.scope,
    });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    await connection.run(TEST, {}, { bundle: { authData: second } });
  });

  it('gives two runs that renew at the same moment the same tokens', async () => {
    const first = await signIn();
    const [one, other] = await Promise.all([refresh(first), refresh(first)]);
    expect(one).toEqual(other);
  });

  it('does not kill the connection for a run that lost the race by a minute', async () => {
    const first = await signIn();
    await refresh(first);
    now += 60_000;
    const error = await errorOf(refresh(first));
    expect(error.name).toBe('ThrottledError');
    expect(sentenceOf(error)).toMatch(/just renewed this HighLevel connection/);
  });

  it('ends a connection that HighLevel has truly revoked, and says how to mend it', async () => {
    const first = await signIn();
    connection.sandbox.context.tokens.revoke(connection.sandbox.locationId);
    const error = await errorOf(refresh(first));
    expect(error.name).toBe('ExpiredAuthError');
    expect(error.message).toMatch(/reconnect HighLevel/);
  });

  it('waits for a paused sub-account, and the same tokens work again', async () => {
    const first = await signIn();
    const location = connection.sandbox.state.locations.get(connection.sandbox.locationId);
    if (location) location.active = false;
    const error = await errorOf(refresh(first));
    expect(error.name).toBe('ThrottledError');
    expect(sentenceOf(error)).toMatch(/not active.*nothing needs to be reconnected/);
    if (location) location.active = true;
    expect(await refresh(first)).toMatchObject({ access_token: expect.any(String) });
  });

  it.each([429, 500, 503])('tries later when the token endpoint answers %i', async (status) => {
    const first = await signIn();
    connection.sandbox.context.faults.add({ path: '/oauth/token', status });
    expect((await errorOf(refresh(first))).name).toBe('ThrottledError');
    await refresh(first);
  });

  it('does not ask to be refreshed for ever when its own secret is wrong', async () => {
    const first = await signIn();
    connection.sandbox.context.faults.add({
      path: '/oauth/token',
      status: 401,
      body: { message: 'Invalid client' },
      times: 2,
    });
    const error = await errorOf(refresh(first));
    expect(error.name).toBe('ExpiredAuthError');
    expect(error.message).toMatch(/CLIENT_ID and CLIENT_SECRET/);
  });

  describe('where the sub-account itself is not to be read', () => {
    afterEach(() => connection.sandbox.context.faults.clear());

    const answers = (status: number, message: string) =>
      connection.sandbox.context.faults.add({
        path: `/locations/${connection.sandbox.locationId}`,
        status,
        body: { message },
        times: 10,
      });

    it.each([
      [401, 'The token is not authorized for this scope.'],
      [401, 'Invalid JWT'],
    ])('proves the connection by the pipelines: %i %s', async (status, message) => {
      const authData = await signIn();
      answers(status, message);
      connection.sandbox.context.log.clear();
      expect(await connection.run(TEST, {}, { bundle: { authData } })).toEqual({
        id: connection.sandbox.locationId,
        name: 'HighLevel sub-account',
        short_id: connection.sandbox.locationId.slice(-6),
      });
      expect(connection.requests().at(-1)).toBe('GET /opportunities/pipelines');
    });

    it('fails where HighLevel is only out of order', async () => {
      const authData = await signIn();
      answers(500, 'Internal server error');
      expect(sentenceOf(await errorOf(connection.run(TEST, {}, { bundle: { authData } })))).toMatch(
        /HighLevel/,
      );
      expect(connection.requests()).not.toContain('GET /opportunities/pipelines');
    });
  });
});
