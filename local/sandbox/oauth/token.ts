import type { FastifyInstance } from 'fastify';
import { fail, HighLevelError } from '../server/errors.ts';
import { type ApiVersion, versionOf } from '../server/versions.ts';
import type { SandboxContext } from '../state/context.ts';
import { ACCESS_SECONDS, type Grant, type TokenPair } from '../state/tokens.ts';

/** The request's fields in the spelling of each version [spec]. */
const NAMES = {
  v2: {
    clientId: 'client_id',
    clientSecret: 'client_secret',
    grantType: 'grant_type',
    code: 'code',
    refreshToken: 'refresh_token',
    userType: 'user_type',
    redirectUri: 'redirect_uri',
  },
  v3: {
    clientId: 'clientId',
    clientSecret: 'clientSecret',
    grantType: 'grantType',
    code: 'code',
    refreshToken: 'refreshToken',
    userType: 'userType',
    redirectUri: 'redirectUri',
  },
} as const;

type Field = keyof (typeof NAMES)['v2'];

/** One field of the request; an empty one counts as missing. */
type Read = (field: Field) => string | undefined;

function reader(version: ApiVersion, body: unknown): Read {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  return (field) => {
    const value = fields[NAMES[version][field]];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
}

function demanded(version: ApiVersion, read: Read, field: Field): string {
  return read(field) ?? fail(400, `Missing parameter: ${NAMES[version][field]}`);
}

/** The granted scopes as one text; reports differ on the separator. */
function scopeOf(ctx: SandboxContext, { scopes }: Grant): string | string[] {
  if (ctx.contrary.has('scope-list')) return scopes;
  return scopes.join(ctx.contrary.has('scope-commas') ? ',' : ' ');
}

/** The token endpoint's answer, snake_case in v2 and camelCase in v3; the install's keys are camelCase in both [spec]. */
function answer(
  ctx: SandboxContext,
  version: ApiVersion,
  grant: Grant,
  pair: TokenPair,
): Record<string, unknown> {
  const install =
    grant.userType === 'Location'
      ? {
          userType: 'Location',
          locationId: grant.locationId,
          companyId: grant.companyId,
          isBulkInstallation: false,
        }
      : {
          userType: 'Company',
          companyId: grant.companyId,
          approvedLocations: [...ctx.state.locations.values()]
            .filter((location) => location.companyId === grant.companyId)
            .map((location) => location.id),
          isBulkInstallation: true,
          installToFutureLocations: true,
          approveAllLocations: true,
        };
  const rest = {
    refreshTokenId: pair.refreshTokenId,
    scope: scopeOf(ctx, grant),
    ...install,
    userId: grant.userId,
  };
  return version === 'v3'
    ? {
        accessToken: pair.accessToken,
        tokenType: 'Bearer',
        expiresIn: ACCESS_SECONDS,
        refreshToken: pair.refreshToken,
        ...rest,
      }
    : {
        access_token: pair.accessToken,
        token_type: 'Bearer',
        expires_in: ACCESS_SECONDS,
        refresh_token: pair.refreshToken,
        ...rest,
      };
}

function demandActive(ctx: SandboxContext, grant: Grant): void {
  const location = grant.locationId === null ? undefined : ctx.state.locations.get(grant.locationId);
  if (location?.active === false) fail(400, 'Location is not active');
}

function exchange(ctx: SandboxContext, version: ApiVersion, read: Read): { grant: Grant; pair: TokenPair } {
  const code = demanded(version, read, 'code');
  const grant = ctx.tokens.redeem(code) ?? fail(400, 'Invalid grant: authorization code is invalid');
  const redirectUri = read('redirectUri');
  if (redirectUri !== undefined && redirectUri !== grant.redirectUri) {
    fail(400, 'Invalid grant: redirect uri does not match');
  }
  demandActive(ctx, grant);
  const { userType, companyId, locationId, userId, scopes, clientId } = grant;
  if (locationId !== null && ctx.contrary.has('narrows-earlier-tokens'))
    ctx.tokens.narrow(locationId, scopes);
  const plain = { userType, companyId, locationId, userId, scopes, clientId };
  return { grant: plain, pair: ctx.tokens.pair(plain) };
}

function refuseRefresh(ctx: SandboxContext): never {
  // The keys of RFC 6749 in place of HighLevel's [measured by others].
  if (ctx.contrary.has('refresh-401')) {
    const described = { error: 'invalid_grant', error_description: 'This refresh token is invalid' };
    throw new HighLevelError(401, 'Unauthorized', described);
  }
  return fail(400, 'Invalid grant: refresh token is invalid');
}

function refresh(ctx: SandboxContext, version: ApiVersion, read: Read): { grant: Grant; pair: TokenPair } {
  const token = demanded(version, read, 'refreshToken');
  // Looked at before it is used up: while the location is paused the token stays good [spec].
  demandActive(ctx, ctx.tokens.peekRefresh(token) ?? refuseRefresh(ctx));
  return ctx.tokens.rotate(token, ctx.settings.graceMs) ?? refuseRefresh(ctx);
}

/**
 * POST /oauth/token: form or JSON; without `Version: v3` the v2 spelling [spec]. Codes work once; refresh tokens too,
 * except that for 30 s the old one gives the same new one [docs]. The 400 messages of v3 are [spec], those of v2 and
 * of codes follow them [assumed], as does 401 for a wrong secret. A `user_type` is checked and otherwise without
 * effect: the code was made for a location or a company [assumed].
 */
export function registerTokenRoute(app: FastifyInstance, ctx: SandboxContext): void {
  app.post('/oauth/token', { config: { open: true } }, async (request) => {
    const version = versionOf(request.headers.version) ?? 'v2';
    const read = reader(version, request.body);
    const clientId = demanded(version, read, 'clientId');
    const clientSecret = demanded(version, read, 'clientSecret');
    const grantType = demanded(version, read, 'grantType');
    const userType = read('userType');
    if (userType !== undefined && userType !== 'Company' && userType !== 'Location') {
      fail(400, `Invalid parameter: ${NAMES[version].userType}`);
    }
    if (clientId !== ctx.client.clientId || clientSecret !== ctx.client.clientSecret) {
      fail(401, 'Invalid client: client is invalid');
    }
    if (grantType === 'authorization_code') {
      const { grant, pair } = exchange(ctx, version, read);
      return answer(ctx, version, grant, pair);
    }
    if (grantType === 'refresh_token') {
      const { grant, pair } = refresh(ctx, version, read);
      return answer(ctx, version, grant, pair);
    }
    // `client_credentials` is in the specification's list without an explanation, so it is refused here.
    return fail(400, `Invalid parameter: ${NAMES[version].grantType}`);
  });
}
