import { contactFields, opportunityFields } from './custom-fields.ts';
import { lostReasons } from './lost-reasons.ts';
import { pipelines } from './pipelines.ts';
import {
  resolveFollowers,
  resolveLostReason,
  resolveLostReasonFilter,
  resolveOpportunityField,
  resolveOwner,
  resolveOwnerFilter,
  resolvePipeline,
  resolvePipelineStages,
  resolveStage,
  resolveUser,
  resolveUserOrGone,
  resolveWorkflow,
} from './resolve.ts';
import { users, usersWithIds } from './users.ts';
import { workflows } from './workflows.ts';

/** What a sub-account is set up with: its lists, and the one thing in them that a person means. */
export const account = {
  pipelines,
  users,
  usersWithIds,
  lostReasons,
  workflows,
  opportunityFields,
  contactFields,
  resolvePipeline,
  resolvePipelineStages,
  resolveStage,
  resolveUser,
  resolveUserOrGone,
  resolveOwner,
  resolveOwnerFilter,
  resolveFollowers,
  resolveLostReason,
  resolveLostReasonFilter,
  resolveOpportunityField,
  resolveWorkflow,
};
