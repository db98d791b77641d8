import { registerLocationRoutes } from './account/locations.ts';
import { registerPipelineRoutes } from './account/pipelines.ts';
import { registerUploadRoutes } from './account/uploads.ts';
import { registerUserRoutes } from './account/users.ts';
import { registerWorkflowRoutes } from './account/workflows.ts';
import { registerContactRoutes } from './contacts/routes.ts';
import { registerContactTasks } from './contacts/tasks.ts';
import { registerContactWorkflows } from './contacts/workflows.ts';
import { addContraries } from './contrary/plugin.ts';
import { registerContactNotes } from './notes/contact-notes.ts';
import { registerNoteRoutes } from './notes/record-notes.ts';
import { registerAgencyRoutes } from './oauth/agency.ts';
import { registerConsent } from './oauth/consent.ts';
import { registerTokenRoute } from './oauth/token.ts';
import { registerAssociationRoutes } from './opportunities/associations.ts';
import { registerRelationRoutes } from './opportunities/relations.ts';
import { registerOpportunityRoutes } from './opportunities/routes.ts';
import { registerContactSearch } from './search/contacts.ts';
import { registerGetSearch } from './search/opportunities-get.ts';
import { registerPostSearch } from './search/opportunities-post.ts';
import type { RoutePlugin } from './server/app.ts';

/** Every part of the API that the sandbox answers. */
export const ROUTES: RoutePlugin[] = [
  // First, as its hooks hold for the routes that follow.
  addContraries,
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
  registerAssociationRoutes,
  registerRelationRoutes,
  registerWorkflowRoutes,
  registerContactWorkflows,
  registerUploadRoutes,
];
