import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxContext } from '../state/context.ts';
import type { Grant } from '../state/tokens.ts';
import { fail } from './errors.ts';
import type { RateLimiter } from './rate-limit.ts';
import { type RequiredScope, requiredScope } from './scopes.ts';
import { type ApiVersion, versionOf } from './versions.ts';

/** Who calls, and in which generation of the API. */
export interface Caller extends Grant {
  version: ApiVersion;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before every API handler; never on routes with `config: {open: true}`. */
    caller: Caller;
    traceId: string;
  }
  interface FastifyContextConfig {
    /** No token, no Version header, no limits: pages, the token endpoint, the control plane. */
    open?: boolean;
    /** The old path of v2 that v3 no longer has. */
    removedInV3?: boolean;
  }
}

function bearer(request: FastifyRequest): string {
  const header = request.headers.authorization;
  const token = header?.match(/^Bearer\s+(.+)$/i)?.[1];
  // The wording without any token is one of the vendor's, for which case is not stated [assumed].
  return token ?? fail(401, 'Invalid JWT');
}

function grantOf(ctx: SandboxContext, token: string): Grant {
  if (!token.startsWith('pit-') && token.split('.').length !== 3) fail(401, 'Invalid JWT');
  const found = ctx.tokens.find(token);
  if (found === null || found.expiresAt <= ctx.now()) fail(401, 'Invalid token: access token is invalid');
  return found;
}

function demandScope(grant: Grant, { scope, access }: RequiredScope): void {
  const wrongClass =
    (access === 'location' && grant.userType !== 'Location') ||
    (access === 'agency' && grant.userType !== 'Company');
  if (wrongClass) {
    fail(
      401,
      'This authClass type is not allowed to access this scope. Please reach out to the Platform team to get it added.',
    );
  }
  // 401, not 403, although the token is good [issue #217; issue #245].
  if (!grant.scopes.includes(scope)) fail(401, 'The token is not authorized for this scope.');
}

/**
 * The guard before every API handler: token, Version, limits, scope, in this order [assumed]; messages are
 * the vendor's, the body of the 429 is [assumed]. A missing or unknown Version is 401 [measured by others].
 *
 * @throws HighLevelError 400, 401 or 429.
 */
export function guard(ctx: SandboxContext, limiter: RateLimiter) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (request.is404 || request.routeOptions.config.open === true) return;
    const grant = grantOf(ctx, bearer(request));

    const standing = limiter.count(`${grant.clientId}/${grant.locationId ?? grant.companyId}`);
    reply.headers(standing.headers);
    if (!standing.allowed) fail(429, 'Too Many Requests');

    const version = versionOf(request.headers.version);
    if (version === null) {
      fail(
        401,
        request.headers.version === undefined
          ? 'version header was not found.'
          : 'version header is invalid.',
      );
    }
    const path = request.routeOptions.url ?? request.url;
    if (version === 'v3' && request.routeOptions.config.removedInV3 === true) {
      // [issue #304]
      fail(
        400,
        `Endpoint ${path} not available in API version v3. This endpoint was removed in version v3. Please use a version before v3.`,
      );
    }
    const required = requiredScope(request.method, path);
    if (required !== null) demandScope(grant, required);
    request.caller = { ...grant, version };
  };
}

/**
 * Whether the caller may touch this location's records.
 *
 * @throws HighLevelError 403 with the vendor's message, also for locations that do not exist [measured by others].
 */
export function ownLocation(ctx: SandboxContext, caller: Caller, locationId: string): void {
  const mine =
    caller.userType === 'Location'
      ? caller.locationId === locationId
      : ctx.state.locations.get(locationId)?.companyId === caller.companyId;
  if (!mine) fail(403, 'The token does not have access to this location.');
}
