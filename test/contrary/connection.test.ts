/** Signing in, renewing and testing a connection, for both kinds of connection. */

import type { Connection } from '../support/connection.ts';
import { rowsOf } from './support/matrix.ts';
import type { Situation } from './support/situations.ts';

type AuthData = Record<string, string>;

const redirect_uri = 'https://zapier.com/dashboard/auth/oauth/return/App1CLIAPI/';
/** What Zapier says of the state that it sent, where it comes back. */
const STATE = 'state-1';

/** The browser's part: the consent page is opened, and its form is sent. */
async function consent({ run, sandbox }: Connection): Promise<string> {
  const input = { redirect_uri, state: STATE, login_host: 'gohighlevel' };
  const page = new URL(await run<string>('authentication.oauth2Config.authorizeUrl', input));
  const form = {
    ...Object.fromEntries(page.searchParams),
    decision: 'allow',
    location_id: sandbox.locationId,
  };
  const body = new URLSearchParams(form);
  const sent = await fetch(page.origin + page.pathname, { method: 'POST', body, redirect: 'manual' });
  const back = sent.headers.get('location');
  if (!back) throw new Error(`The sign-in page says: ${await sent.text()}`);
  return new URL(back).searchParams.get('code') ?? '';
}

async function signIn(connection: Connection): Promise<AuthData> {
  const code = await consent(connection);
  return connection.run<AuthData>('authentication.oauth2Config.getAccessToken', { code, redirect_uri });
}

const renew = ({ run }: Connection, authData: AuthData) =>
  run<AuthData>('authentication.oauth2Config.refreshAccessToken', {}, { bundle: { authData } });

const test = ({ run }: Connection, authData?: AuthData) =>
  run('authentication.test', {}, authData ? { bundle: { authData } } : {});

/** Tokens are new each time. */
function withoutTokens({ access_token, refresh_token, ...rest }: AuthData): object {
  return { ...rest, tokens: [typeof access_token, typeof refresh_token] };
}

function fresh({ sandbox, authData }: Connection): AuthData {
  const { accessToken, refreshToken } = sandbox.mintToken();
  return { ...authData, access_token: accessToken, refresh_token: refreshToken ?? '' };
}

const LATER_MS = 60_000;

const SIGN_IN: Record<string, Situation[]> = {
  authorize_and_exchange: [
    { name: 'a sign-in', steps: [async (connection) => withoutTokens(await signIn(connection))] },
    {
      name: 'a code that was used',
      steps: [
        async ({ run }) => run('authentication.oauth2Config.getAccessToken', { code: 'used', redirect_uri }),
      ],
    },
    {
      name: 'a sign-in, and its test',
      steps: [async (connection) => test(connection, await signIn(connection))],
    },
  ],
  refresh: [
    {
      name: 'once',
      steps: [async (connection) => withoutTokens(await renew(connection, fresh(connection)))],
    },
    {
      name: 'again, after another run did',
      steps: [
        async (connection) => {
          const authData = fresh(connection);
          await renew(connection, authData);
          connection.sandbox.moveClock({ by: LATER_MS });
          return renew(connection, authData);
        },
      ],
    },
    {
      name: 'again, where nobody remembers another run',
      steps: [
        async (connection) => {
          const authData = fresh(connection);
          await renew(connection, authData);
          connection.sandbox.moveClock({ by: LATER_MS });
          connection.forget();
          return renew(connection, authData);
        },
      ],
    },
  ],
  test: [{ name: 'a connection', steps: [(connection) => test(connection)] }],
};

const rows = (all: Record<string, Situation[]>) => () =>
  Object.entries(all).map(([key, situations]) => ({ key, situations }));

rowsOf(Object.keys(SIGN_IN), rows(SIGN_IN));
rowsOf(['test'], rows({ test: SIGN_IN.test ?? [] }), { build: 'private-token' });
