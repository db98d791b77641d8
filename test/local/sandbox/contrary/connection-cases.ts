import type { ContraryName } from '../../../../local/sandbox/index.ts';
import { type Answer, answerOf, call, postForm } from '../support/call.ts';
import type { Case, Tools } from './cases.ts';

const scopes = ['opportunities.readonly', 'contacts.readonly'];

function signIn({ sandbox }: Tools, more: Record<string, string> = {}): Record<string, string> {
  return {
    response_type: 'code',
    client_id: sandbox.clientId,
    redirect_uri: 'https://example.com/back',
    scope: scopes.join(' '),
    location_id: sandbox.locationId,
    decision: 'allow',
    state: 'kept?',
    ...more,
  };
}

/** Signs in with these permissions and takes the tokens. */
async function exchange(tools: Tools, scope: string, location_id?: string): Promise<Answer> {
  const { sandbox } = tools;
  const where: Record<string, string> = location_id === undefined ? {} : { location_id };
  const page = await postForm(`${sandbox.url}/v2/oauth/chooselocation`, signIn(tools, { scope, ...where }));
  const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
  const response = await postForm(`${sandbox.url}/oauth/token`, {
    client_id: sandbox.clientId,
    client_secret: sandbox.clientSecret,
    grant_type: 'authorization_code',
    code,
  });
  return answerOf(response);
}

const refreshedScope = async ({ sandbox, refresh }: Tools) => {
  const { refreshToken } = sandbox.mintToken({ scopes });
  return (await refresh(refreshToken ?? '')).body.scope;
};

const failsOnce =
  (status: number): Case =>
  async ({ getSearch, postSearch, send }) => {
    expect((await getSearch()).status).toBe(status);
    expect((await getSearch('limit=5')).status).toBe(200);
    expect((await postSearch()).status).toBe(status);
    expect((await postSearch()).status).toBe(201);
    expect((await send('PUT', '/opportunities/none', {})).status).toBe(404);
  };

const paused =
  (status: number): Case =>
  async ({ sandbox }) => {
    const path = `/locations/${sandbox.locationId}`;
    const location = sandbox.state.locations.get(sandbox.locationId);
    expect((await call(sandbox, 'GET', path)).status).toBe(200);
    if (location) location.active = false;
    expect(await call(sandbox, 'GET', path)).toMatchObject({
      status,
      body: { message: 'Location is not active' },
    });
    if (location) location.active = true;
    expect((await call(sandbox, 'GET', path)).status).toBe(200);
  };

const html =
  (status: number, words: string): Case =>
  async ({ sandbox }) => {
    const headers = { authorization: `Bearer ${sandbox.accessToken}`, version: 'v3' };
    const response = await fetch(`${sandbox.url}/locations/${sandbox.locationId}`, { headers });
    expect([response.status, response.headers.get('content-type')]).toEqual([
      status,
      'text/html; charset=utf-8',
    ]);
    expect(await response.text()).toContain(words);
  };

export const connectionCases = {
  'no-rate-headers': async ({ getSearch }) => {
    const { status, headers } = await getSearch();
    expect(status).toBe(200);
    expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  },
  'refresh-401': async ({ sandbox, refresh }) => {
    sandbox.setSettings({ graceMs: 0 });
    const { refreshToken } = sandbox.mintToken();
    expect((await refresh(refreshToken ?? '')).status).toBe(200);
    sandbox.moveClock({ by: 1 });
    expect(await refresh(refreshToken ?? '')).toMatchObject({
      status: 401,
      body: { error: 'invalid_grant', error_description: 'This refresh token is invalid' },
    });
    sandbox.setSettings({ graceMs: 30_000 });
  },
  'scope-commas': async (tools) => expect(await refreshedScope(tools)).toBe(scopes.join(',')),
  'scope-list': async (tools) => expect(await refreshedScope(tools)).toEqual(scopes),
  'grants-all-scopes': async (tools) => {
    const { body } = await exchange(tools, 'contacts.readonly');
    expect(body.scope.split(' ')).toContain('opportunities.write');
  },
  'narrows-earlier-tokens': async (tools) => {
    const { sandbox } = tools;
    // The other location, as the token of the main one serves the other cases.
    const { locationId } = sandbox.seeded.other;
    const path = `/opportunities/pipelines?locationId=${locationId}`;
    const wide = await exchange(tools, 'contacts.readonly opportunities.readonly', locationId);
    const first = wide.body.access_token;
    expect((await call(sandbox, 'GET', path, { token: first })).status).toBe(200);
    await exchange(tools, 'contacts.readonly', locationId);
    expect((await call(sandbox, 'GET', path, { token: first })).status).toBe(401);
    const third = sandbox.mintToken({ locationId }).accessToken;
    expect((await call(sandbox, 'GET', path, { token: third })).status).toBe(200);
  },
  'version-id-required': async (tools) => {
    const { sandbox } = tools;
    const page = `${sandbox.url}/v2/oauth/chooselocation`;
    const without = await fetch(`${page}?${new URLSearchParams(signIn(tools))}`);
    expect([without.status, await without.text()]).toEqual([
      400,
      expect.stringContaining('error.noAppVersionIdFound'),
    ]);
    expect((await postForm(page, signIn(tools))).status).toBe(400);
    const version_id = sandbox.clientId.split('-')[0] ?? '';
    const shown = await fetch(`${page}?${new URLSearchParams(signIn(tools, { version_id }))}`);
    // The page's form carries it along, so that pressing its button works as well.
    expect(await shown.text()).toContain(`name="version_id" value="${version_id}"`);
    expect((await postForm(page, signIn(tools, { version_id }))).status).toBe(302);
  },
  'state-lost': async (tools) => {
    const response = await postForm(`${tools.sandbox.url}/oauth/chooselocation`, signIn(tools));
    const back = new URL(response.headers.get('location') ?? '');
    expect([...back.searchParams.keys()]).toEqual(['code']);
  },
  'v3-401': async ({ sandbox }) => {
    const path = `/locations/${sandbox.locationId}`;
    expect(await call(sandbox, 'GET', path)).toMatchObject({
      status: 401,
      body: { message: 'version header is invalid.' },
    });
    expect((await call(sandbox, 'GET', path, { version: '2021-07-28' })).status).toBe(200);
  },
  'read-502-once': failsOnce(502),
  'read-503-once': failsOnce(503),
  'read-504-once': failsOnce(504),
  'read-cut-once': async ({ getSearch, send }) => {
    await expect(getSearch()).rejects.toThrow();
    expect((await getSearch()).status).toBe(200);
    expect((await send('PUT', '/opportunities/none', {})).status).toBe(404);
  },
  'paused-400': paused(400),
  'paused-401': paused(401),
  'paused-403': paused(403),
  'html-login-page': html(200, 'Sign in to your account'),
  'html-blocked-403': html(403, 'error code: 1010'),
} satisfies Partial<Record<ContraryName, Case>>;
