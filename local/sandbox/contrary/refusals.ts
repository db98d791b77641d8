import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../server/errors.ts';
import type { SandboxContext } from '../state/context.ts';
import { LIST_STATUSES, type ListName } from '../state/contraries.ts';
import { isRead, LIST_ROUTES, routeOf } from './calls.ts';

const LOGIN_PAGE =
  '<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in to your account</h1></body></html>';
const BLOCKED_PAGE =
  '<!doctype html><html><head><title>Access denied</title></head><body>error code: 1010</body></html>';

/** The sentences of the refusals here are [assumed] unless a line says otherwise. */
function refuseSearch(ctx: SandboxContext, body: unknown): void {
  const { contrary } = ctx;
  const asked = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  if (contrary.has('search-post-400')) fail(400, 'Bad Request');
  // [issue #74]
  if (contrary.has('search-post-401')) {
    fail(401, 'This route is not yet supported by the IAM Service. Please update your IAM config.');
  }
  if (contrary.has('search-post-403')) fail(403, 'Forbidden resource');
  if (contrary.has('search-post-404')) fail(404, 'Cannot POST /opportunities/search');
  if (contrary.has('search-post-422')) fail(422, ['filters is invalid']);
  // [issue #333]
  if (contrary.has('search-post-removed')) fail(400, 'API endpoint has been removed');
  if (contrary.has('search-post-wants-page')) {
    if (typeof asked.page !== 'number') fail(400, ['page should not be empty', 'page must be a number']);
    if (Array.isArray(asked.searchAfter) && asked.searchAfter.length > 0) {
      fail(400, 'page should not be provided with searchAfter');
    }
  }
  const filtered = Array.isArray(asked.filters) && asked.filters.length > 0;
  if (filtered && contrary.has('search-filter-400')) fail(400, 'Invalid filters');
  if (filtered && contrary.has('search-filter-422')) fail(422, ['filters.0.field is not supported']);
}

function refuseLists(ctx: SandboxContext, route: string): void {
  for (const [list, { route: own }] of Object.entries(LIST_ROUTES)) {
    if (own !== route) continue;
    const status = LIST_STATUSES.find((one) => ctx.contrary.has(`${list as ListName}-${one}`));
    if (status !== undefined)
      fail(status, status === 500 ? 'Internal server error' : `The ${list} are not available`);
  }
}

/** The sandbox lets a token of a paused sub-account be used until it runs out. [assumed] */
function refusePaused({ contrary, state }: SandboxContext, { caller }: FastifyRequest): void {
  const isPaused = state.locations.get(caller.locationId ?? '')?.active === false;
  for (const status of [400, 401, 403] as const) {
    if (isPaused && contrary.has(`paused-${status}`)) fail(status, 'Location is not active');
  }
}

/**
 * Refuses calls before they do any work, as the active contrary answers say.
 *
 * @returns true if the call has its answer already.
 * @throws HighLevelError with the status that the contrary answer names.
 */
export async function refuse(
  ctx: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  const { contrary } = ctx;
  const route = routeOf(request);
  if (request.routeOptions.config.open === true) return false;
  if (contrary.has('html-login-page') || contrary.has('html-blocked-403')) {
    const blocked = contrary.has('html-blocked-403');
    await reply
      .code(blocked ? 403 : 200)
      .type('text/html; charset=utf-8')
      .send(blocked ? BLOCKED_PAGE : LOGIN_PAGE);
    return true;
  }
  // [measured by others]
  if (contrary.has('v3-401') && request.caller.version === 'v3') fail(401, 'version header is invalid.');
  refusePaused(ctx, request);
  if (isRead(request)) {
    const key = `read ${request.method} ${request.url.split('?')[0]}`;
    for (const status of [502, 503, 504] as const) {
      if (contrary.has(`read-${status}-once`) && contrary.isFirst(key))
        fail(status, 'Please try again later');
    }
    if (contrary.has('read-cut-once') && contrary.isFirst(key)) {
      reply.hijack();
      request.raw.socket.destroy();
      return true;
    }
  }
  if (route === 'POST /opportunities/search') refuseSearch(ctx, request.body);
  if (route === 'GET /locations/:locationId' && contrary.has('location-401')) {
    fail(401, 'The token is not authorized for this scope.');
  }
  refuseLists(ctx, route);
  return false;
}
