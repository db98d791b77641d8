import type { FastifyInstance, FastifyReply } from 'fastify';
import { ALL_SCOPES } from '../server/scopes.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Grant } from '../state/tokens.ts';
import { consentPage, refusalPage } from './consent-page.ts';

/** Scopes that the vendor lists and of which the sandbox has no endpoint [docs]. */
const MORE_SCOPES = [
  'pipelines.create',
  'pipelines.write',
  'locations/tags.write',
  'locations/tasks.readonly',
  'associations.write',
];

interface Ask {
  redirectUri: string;
  scopes: string[];
  state: string | null;
  /** As they came, for the form to send again. */
  hidden: Record<string, string>;
}

function isRegistered(redirectUri: string): boolean {
  try {
    const { protocol, hostname } = new URL(redirectUri);
    // https, and http for local development alone [docs].
    return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));
  } catch {
    return false;
  }
}

/** What the link asks for, or the reason why it cannot be followed. */
function readAsk(ctx: SandboxContext, input: Record<string, string | undefined>): Ask | string {
  if (input.response_type !== 'code') return 'response_type must be "code".';
  if (input.client_id !== ctx.client.clientId) return 'There is no app with this client_id.';
  const redirectUri = input.redirect_uri ?? '';
  if (!isRegistered(redirectUri)) return 'redirect_uri must be an https address, or http on localhost.';
  const { appId, versionId } = ctx.client;
  // Most send the app's id, which stands before the hyphen of the client id [measured by others].
  const known = [appId, versionId].includes(input.version_id ?? '');
  if (ctx.contrary.has('version-id-required') && !known) return 'error.noAppVersionIdFound';
  const scopes = (input.scope ?? '').split(/\s+/).filter((scope) => scope !== '');
  if (scopes.length === 0) return 'scope must name at least one scope.';
  const unknown = scopes.filter((scope) => !ALL_SCOPES.includes(scope) && !MORE_SCOPES.includes(scope));
  if (unknown.length > 0) return `There is no scope ${unknown.join(', ')}.`;
  const hidden: Record<string, string> = {
    response_type: 'code',
    client_id: ctx.client.clientId,
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
  };
  if (input.state !== undefined) hidden.state = input.state;
  if (input.version_id !== undefined) hidden.version_id = input.version_id;
  return { redirectUri, scopes, state: input.state ?? null, hidden };
}

function grantFor(ctx: SandboxContext, picked: string, scopes: string[]): Grant | null {
  const location = ctx.state.locations.get(picked);
  const companyId = location?.companyId ?? [...ctx.state.locations.values()][0]?.companyId;
  if (companyId === undefined || (location === undefined && picked !== 'company')) return null;
  const installer = [...ctx.state.users.values()].find(
    (user) => !user.deleted && (location === undefined || user.locationIds.includes(location.id)),
  );
  return {
    userType: location === undefined ? 'Company' : 'Location',
    companyId,
    locationId: location?.id ?? null,
    userId: installer?.id ?? '',
    scopes,
    clientId: ctx.client.clientId,
  };
}

function html(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(body);
}

/**
 * The page where a person lets the app in, at the link with and without `/v2` [docs: both are in use].
 *
 * GET takes `response_type=code`, `client_id`, `redirect_uri`, `scope` (separated by spaces) and `state`, and shows the
 * sub-accounts. The page's form posts the same fields, form-encoded, to the same path, with `location_id` (a location's
 * id, or `company` for the whole agency) and `decision` (`allow` or `deny`); a script can post it without the page. The
 * answer is 302 to `redirect_uri` with `code` and the `state` that was sent. That HighLevel returns `state`, and that a
 * refusal comes back as `error=access_denied`, is [assumed].
 */
export function registerConsent(app: FastifyInstance, ctx: SandboxContext): void {
  for (const path of ['/oauth/chooselocation', '/v2/oauth/chooselocation']) {
    app.get(path, { config: { open: true } }, async (request, reply) => {
      const ask = readAsk(ctx, request.query as Record<string, string | undefined>);
      if (typeof ask === 'string') return html(reply, 400, refusalPage(ask));
      const locations = [...ctx.state.locations.values()].filter((location) => location.active);
      const { hidden, scopes } = ask;
      return html(reply, 200, consentPage({ action: path, scopes, locations, hidden }));
    });

    app.post(path, { config: { open: true } }, async (request, reply) => {
      const input = (request.body ?? {}) as Record<string, string | undefined>;
      const ask = readAsk(ctx, input);
      if (typeof ask === 'string') return html(reply, 400, refusalPage(ask));
      const back = new URL(ask.redirectUri);
      // An install that begins in the portal or the marketplace comes back without one. [measured by others]
      if (ask.state !== null && !ctx.contrary.has('state-lost')) back.searchParams.set('state', ask.state);
      if (input.decision === 'deny') {
        back.searchParams.set('error', 'access_denied');
        return reply.redirect(back.href, 302);
      }
      const scopes = ctx.contrary.has('grants-all-scopes') ? ALL_SCOPES : ask.scopes;
      const grant = grantFor(ctx, input.location_id ?? '', scopes);
      if (grant === null) return html(reply, 400, refusalPage('There is no such sub-account.'));
      back.searchParams.set('code', ctx.tokens.code(grant, ask.redirectUri));
      const { companyId, userId, locationId } = grant;
      ctx.webhooks.install({ companyId, userId, locationId: locationId ?? undefined });
      return reply.redirect(back.href, 302);
    });
  }
}
