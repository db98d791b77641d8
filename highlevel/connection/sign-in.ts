import type { Bundle, ZObject } from 'zapier-platform-core';
import * as s from 'zod/mini';
import { zapierCache } from '../http/cache.ts';
import { apiUrl, authorizePage, USER_AGENT } from '../http/environment.ts';
import { WHILE_PAUSED } from '../http/errors.ts';
import { wantedScopes } from '../http/permissions.ts';
import { isPausedIn } from '../http/problem.ts';

/** What a connection keeps: all of it on the top level, because Zapier drops nested values. [docs] */
export interface ConnectionData {
  access_token: string;
  refresh_token: string;
  /** The permissions granted, separated by spaces. */
  scope: string;
  locationId: string;
  companyId: string;
  userId: string;
}

/** Snake case without a Version header; v3 of this endpoint speaks camelCase, which Zapier's OAuth does not. [spec] */
const tokenAnswer = s.lazy(() =>
  s.looseObject({
    access_token: s.string(),
    refresh_token: s.nullish(s.string()),
    /** Separated by spaces or commas, or a list. [measured by others] */
    scope: s.nullish(s.union([s.string(), s.array(s.string())])),
    userType: s.nullish(s.string()),
    locationId: s.nullish(s.string()),
    companyId: s.nullish(s.string()),
    userId: s.nullish(s.string()),
  }),
);

/** The page on which a person allows the connection, with all that Zapier and HighLevel want in it. [docs] */
export function authorizeUrl(bundle: Bundle): string {
  const input = bundle.inputData as Record<string, string | undefined>;
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: process.env.CLIENT_ID ?? '',
    redirect_uri: input.redirect_uri ?? '',
    state: input.state ?? '',
    scope: wantedScopes(input.access),
    loginWindowOpenMode: 'self',
    // Without it the page of an app that has no published version says error.noAppVersionIdFound. [measured by others: six projects]
    version_id: (process.env.CLIENT_ID ?? '').split('-', 1)[0] ?? '',
  });
  const page = new URL(authorizePage(input.login_host));
  // What a portal's own link says of the app stays; what is of this sign-in is set.
  for (const [name, value] of page.searchParams) if (!query.get(name)) query.set(name, value);
  return `${page.origin}${page.pathname}?${query.toString().replaceAll('+', '%20')}`;
}

/**
 * Trades the code of the consent page for tokens.
 *
 * @throws z.errors.Error where HighLevel refuses the code, or where an agency was chosen instead of a sub-account
 */
export async function exchangeCode(z: ZObject, bundle: Bundle): Promise<ConnectionData> {
  const { code, redirect_uri } = bundle.inputData as Record<string, string | undefined>;
  const response = await askForToken(z, { grant_type: 'authorization_code', code, redirect_uri });
  if (response.status >= 300) {
    const { message, status } = tokenProblem(response);
    throw new z.errors.Error(
      `HighLevel did not accept the sign-in (${message}). Close this window and connect HighLevel once more.`,
      'sign_in_failed',
      status,
    );
  }
  return connectionData(z, response);
}

/**
 * Renews the tokens. A refresh token counts once, and the answer brings the next one. [docs]
 *
 * Two Zap runs may refresh with the same token at the same moment. Within 30 s HighLevel gives both the same answer
 * [docs]; later it calls the token invalid, which must not end a connection that the other run has just renewed.
 *
 * @throws ThrottledError where trying later helps: a lost race, a paused sub-account, trouble at HighLevel
 * @throws ExpiredAuthError where only the person can help, by connecting again
 */
export async function refreshTokens(z: ZObject, bundle: Bundle): Promise<ConnectionData> {
  const oldToken = bundle.authData.refresh_token ?? '';
  const renewed = `renewed:${z.hash('sha256', oldToken)}`;
  const response = await askForToken(z, { grant_type: 'refresh_token', refresh_token: oldToken });
  if (response.status < 300) {
    const data = connectionData(z, response, bundle.authData);
    await zapierCache(z, bundle).remember(renewed, true, RACE_MEMORY_SECONDS);
    return data;
  }
  const { message, status } = tokenProblem(response);
  if (isPausedIn([message])) {
    throw new z.errors.ThrottledError(
      `HighLevel could not renew the connection (${message}). ${WHILE_PAUSED}`,
      INACTIVE_DELAY_SECONDS,
    );
  }
  if (status === 429 || status === 408 || status >= 500) {
    throw new z.errors.ThrottledError(
      `HighLevel could not renew the connection just now (${message}).`,
      RACE_DELAY_SECONDS,
    );
  }
  if (await zapierCache(z, bundle).recall(renewed)) {
    throw new z.errors.ThrottledError(
      'Another run of a Zap has just renewed this HighLevel connection; this run starts again with the new one.',
      RACE_DELAY_SECONDS,
    );
  }
  throw new z.errors.ExpiredAuthError(
    `HighLevel no longer accepts this connection (${message}). Open My Apps in Zapier and reconnect HighLevel.`,
  );
}

interface TokenAnswer {
  status: number;
  data: unknown;
}

/** A run that lost the race ends within Zapier's 30 s; an hour is ample. */
const RACE_MEMORY_SECONDS = 60 * 60;
const RACE_DELAY_SECONDS = 30;
const INACTIVE_DELAY_SECONDS = 15 * 60;

/**
 * core makes an empty "refresh me" error of a 401 even here, where it would mean refreshing for ever; HighLevel
 * answers a wrong client secret so, and a used refresh token. [measured by others] It is asked again in words, for the caller to explain. [run: core 19.1.0]
 */
async function askForToken(z: ZObject, fields: Record<string, string | undefined>): Promise<TokenAnswer> {
  const form = {
    ...fields,
    client_id: process.env.CLIENT_ID,
    client_secret: process.env.CLIENT_SECRET,
    user_type: 'Location',
  };
  const present = Object.entries(form).filter((entry): entry is [string, string] => Boolean(entry[1]));
  try {
    return await z.request({
      method: 'POST',
      url: `${apiUrl()}/oauth/token`,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        'user-agent': USER_AGENT,
      },
      body: new URLSearchParams(present).toString(),
      timeout: 20_000,
      redirect: 'manual',
      skipThrowForStatus: true,
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'RefreshAuthError') return askInWords(z, present);
    throw new z.errors.ThrottledError(
      'HighLevel could not be reached to sign in or to renew the connection. Try again in a minute.',
      RACE_DELAY_SECONDS,
    );
  }
}

/**
 * Asks once more for what was refused with 401, to read why: a refused request has used nothing up.
 *
 * @throws ExpiredAuthError where HighLevel does not know this integration
 */
async function askInWords(z: ZObject, form: [string, string][]): Promise<TokenAnswer> {
  const answer = await fetch(`${apiUrl()}/oauth/token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'user-agent': USER_AGENT },
    body: new URLSearchParams(form),
    redirect: 'manual',
    signal: AbortSignal.timeout(5000),
  }).catch(() => null);
  const again = {
    status: answer?.status ?? 401,
    data: (await answer?.json().catch(() => undefined)) as unknown,
  };
  if (again.status < 300 || !/client/i.test(tokenProblem(again).message)) return again;
  throw new z.errors.ExpiredAuthError(
    'HighLevel does not accept this integration’s client ID and secret. Whoever runs the integration has to check ' +
      'CLIENT_ID and CLIENT_SECRET in its environment.',
  );
}

function tokenProblem({ status, data }: TokenAnswer): { status: number; message: string } {
  const { message: said, error_description: described, error } = (data ?? {}) as Record<string, unknown>;
  const message = [described, said, error].find((words) => typeof words === 'string');
  return { status, message: typeof message === 'string' ? message : `status ${status}` };
}

function scopesIn(scope: string | string[] | null | undefined): string {
  return [scope ?? []]
    .flat()
    .join(' ')
    .split(/[\s,]+/)
    .filter(Boolean)
    .join(' ');
}

/** A refresh answer need not repeat what the first one said; what it leaves out stays as it was. */
function connectionData(
  z: ZObject,
  response: TokenAnswer,
  known: Record<string, string> = {},
): ConnectionData {
  const read = s.safeParse(tokenAnswer, response.data);
  if (!read.success) {
    throw new z.errors.Error(
      'HighLevel answered the sign-in with something this integration cannot read. Try again in a few minutes.',
    );
  }
  const token = read.data;
  const locationId = token.locationId || known.locationId;
  if (token.userType === 'Company' || !locationId) {
    throw new z.errors.Error(
      'You connected a whole HighLevel agency. This integration works in one sub-account at a time: connect again and ' +
        'choose a sub-account (location) in the list that HighLevel shows, not the agency.',
      'agency_chosen',
      400,
    );
  }
  return {
    access_token: token.access_token,
    refresh_token: token.refresh_token || known.refresh_token || '',
    scope: scopesIn(token.scope) || known.scope || '',
    locationId,
    companyId: token.companyId || known.companyId || '',
    userId: token.userId || known.userId || '',
  };
}
