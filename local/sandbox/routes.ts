import type { FastifyInstance } from 'fastify';
import { registerContactNotes } from './contact-notes.ts';
import { registerContactRoutes } from './contact-routes.ts';
import { registerContactSearch } from './contact-search.ts';
import { registerContactTasks } from './contact-tasks.ts';
import type { SandboxContext } from './context.ts';
import { registerLocationRoutes } from './location-routes.ts';
import { registerNoteRoutes } from './note-routes.ts';
import { registerAgencyRoutes } from './oauth-agency.ts';
import { registerConsent } from './oauth-consent.ts';
import { registerTokenRoute } from './oauth-token.ts';
import { registerGetSearch } from './opportunity-get-search.ts';
import { registerPostSearch } from './opportunity-post-search.ts';
import { registerOpportunityRoutes } from './opportunity-routes.ts';
import { registerPipelineRoutes } from './pipeline-routes.ts';
import { registerRelationRoutes } from './relation-routes.ts';
import { registerUserRoutes } from './user-routes.ts';
import { registerWebhookControl } from './webhook-control.ts';

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
  registerContactRoutes,
  registerContactSearch,
  registerContactNotes,
  registerContactTasks,
  registerNoteRoutes,
  registerUserRoutes,
  registerLocationRoutes,
  registerRelationRoutes,
  registerWebhookControl,
];
