import zapier, { defineApp } from 'zapier-platform-core';
import authentication from './authentication.ts';
import createOpportunity from './creates/create_opportunity.ts';
import { afterResponse, beforeRequest } from './highlevel/middleware.ts';
import packageJson from './package.json' with { type: 'json' };
import findOpportunity from './searches/find_opportunity.ts';
import contactList from './triggers/contact_list.ts';
import lostReasonList from './triggers/lost_reason_list.ts';
import newOpportunity from './triggers/new_opportunity.ts';
import opportunityList from './triggers/opportunity_list.ts';
import pipelineList from './triggers/pipeline_list.ts';
import stageChanged from './triggers/stage_changed.ts';
import stageList from './triggers/stage_list.ts';
import staleOpportunity from './triggers/stale_opportunity.ts';
import statusChanged from './triggers/status_changed.ts';
import userList from './triggers/user_list.ts';

export default defineApp({
  version: packageJson.version,
  platformVersion: zapier.version,
  flags: {
    // Empty input is told apart from absent input here, and a person's empty text is never guessed away.
    cleanInputData: false,
    // The error map computes the delay of a 429 itself, from HighLevel's rate headers.
    throwForThrottlingEarly: false,
  },
  authentication,
  beforeRequest,
  afterResponse,
  triggers: {
    [newOpportunity.key]: newOpportunity,
    [stageChanged.key]: stageChanged,
    [statusChanged.key]: statusChanged,
    [staleOpportunity.key]: staleOpportunity,
    [pipelineList.key]: pipelineList,
    [stageList.key]: stageList,
    [userList.key]: userList,
    [contactList.key]: contactList,
    [opportunityList.key]: opportunityList,
    [lostReasonList.key]: lostReasonList,
  },
  creates: {
    [createOpportunity.key]: createOpportunity,
  },
  searches: {
    [findOpportunity.key]: findOpportunity,
  },
});
