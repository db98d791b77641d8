import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { booleanText, check, numberText, optionalText } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import { ACCESS_SECONDS, type Grant, type TokenPair } from '../state/tokens.ts';

function locationPair(ctx: SandboxContext, request: FastifyRequest): { grant: Grant; pair: TokenPair } {
  const schema = z.strictObject({ companyId: z.string().min(1), locationId: z.string().min(1) });
  const { companyId, locationId } = check(schema, request.body);
  const { caller } = request;
  if (companyId !== caller.companyId) fail(403, 'The token does not have access to this company.');
  ownLocation(ctx, caller, locationId);
  if (ctx.state.locations.get(locationId)?.active === false) fail(400, 'Location is not active');
  const { userId, scopes, clientId } = caller;
  const grant: Grant = { userType: 'Location', companyId, locationId, userId, scopes, clientId };
  return { grant, pair: ctx.tokens.pair(grant) };
}

function installedOf(
  ctx: SandboxContext,
  companyId: string,
  query: string | undefined,
): Record<string, unknown>[] {
  const part = query?.toLowerCase() ?? '';
  return [...ctx.state.locations.values()]
    .filter((one) => one.companyId === companyId && one.name.toLowerCase().includes(part))
    .map(({ id, name }) => ({ _id: id, name, address: '', isInstalled: true }));
}

const installedQuery = z.strictObject({
  companyId: z.string().min(1),
  appId: z.string().min(1),
  query: optionalText,
  isInstalled: booleanText,
  skip: numberText,
  limit: numberText,
  versionId: optionalText,
  onTrial: booleanText,
  planId: optionalText,
  locationId: optionalText,
});

/**
 * What an Agency token can do: get a Location token, and list the locations with the app. v3 renamed both paths; the
 * old ones answer 400 under v3 [issue #304], the new ones 404 under v2 [assumed].
 */
export function registerAgencyRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  const more = { appId: ctx.client.appId, versionId: ctx.client.versionId };

  app.post('/oauth/locationToken', { config: { removedInV3: true } }, async (request) => {
    const { grant, pair } = locationPair(ctx, request);
    const { scopes, locationId, userId } = grant;
    return {
      access_token: pair.accessToken,
      token_type: 'Bearer',
      expires_in: ACCESS_SECONDS,
      refresh_token: pair.refreshToken,
      scope: scopes.join(' '),
      locationId,
      userId,
      ...more,
    };
  });

  app.post('/oauth/location-token', async (request) => {
    if (request.caller.version !== 'v3') fail(404, 'Cannot POST /oauth/location-token');
    const { grant, pair } = locationPair(ctx, request);
    const { scopes, locationId, userId } = grant;
    return {
      accessToken: pair.accessToken,
      tokenType: 'Bearer',
      expiresIn: ACCESS_SECONDS,
      refreshToken: pair.refreshToken,
      scope: scopes.join(' '),
      locationId,
      userId,
      ...more,
    };
  });

  app.get('/oauth/installedLocations', { config: { removedInV3: true } }, async (request) => {
    const { query, skip = 0, limit = 20 } = check(installedQuery, request.query);
    const all = installedOf(ctx, request.caller.companyId, query);
    return { locations: all.slice(skip, skip + limit), count: all.length, installToFutureLocations: true };
  });

  app.get('/oauth/installed-locations', async (request) => {
    if (request.caller.version !== 'v3') fail(404, 'Cannot GET /oauth/installed-locations');
    const { query } = request.query as { query?: string };
    const items = installedOf(ctx, request.caller.companyId, query);
    // An account here has two locations: there is never a second page.
    const pagination = {
      totalRecords: items.length,
      hasNextPage: false,
      hasPrevPage: false,
      currentPageSize: items.length,
    };
    return { items, pagination, installToFutureLocations: true };
  });
}
