import type { FastifyInstance } from 'fastify';
import type { SandboxContext } from './context.ts';
import { registerAgencyRoutes } from './oauth-agency.ts';
import { registerConsent } from './oauth-consent.ts';
import { registerTokenRoute } from './oauth-token.ts';
import { registerGetSearch } from './opportunity-get-search.ts';
import { registerPostSearch } from './opportunity-post-search.ts';
import { registerOpportunityRoutes } from './opportunity-routes.ts';
import { registerPipelineRoutes } from './pipeline-routes.ts';
import { webhookControl } from './webhook-control.ts';

/** One part of HighLevel's API, put on the server. */
export type RoutePlugin = (app: FastifyInstance, ctx: SandboxContext) => void;

/** Every part of the API that the sandbox answers. */
export const ROUTES: RoutePlugin[] = [
  registerConsent,
  registerTokenRoute,
  registerAgencyRoutes,
  registerGetSearch,
  registerPostSearch,
  registerPipelineRoutes,
  registerOpportunityRoutes,
  webhookControl,
];
