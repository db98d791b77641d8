/** The input fields that several operations share, so that one thing has one name and one help text everywhere. */

import { defineInputField } from 'zapier-platform-core';
import { LABELS } from '../../highlevel/http/labels.ts';
import { SEARCH, TRIGGER } from '../keys.ts';
import { DAY_EXAMPLES } from './read-day.ts';

const STATUS_CHOICES = { open: 'Open', won: 'Won', lost: 'Lost', abandoned: 'Abandoned' };

export const pipelineFilter = defineInputField({
  key: 'pipeline_id',
  label: LABELS.pipelineId,
  type: 'string',
  required: false,
  dynamic: `${TRIGGER.pipelineList}.id.name`,
  helpText: 'Only opportunities in this pipeline. Leave empty for all pipelines.',
});

export const stageFilter = defineInputField({
  key: 'stage_id',
  label: LABELS.pipelineStageId,
  type: 'string',
  required: false,
  dynamic: `${TRIGGER.stageList}.id.name`,
  helpText:
    'Only opportunities in this stage; choose a pipeline first to see its stages. Leave empty for all stages.',
});

export const statusFilter = defineInputField({
  key: 'status',
  label: LABELS.status,
  type: 'string',
  required: false,
  choices: STATUS_CHOICES,
  helpText: 'Only opportunities with this status. Leave empty for any status.',
});

export const ownerFilter = defineInputField({
  key: 'owner_id',
  label: LABELS.assignedTo,
  type: 'string',
  required: false,
  dynamic: `${TRIGGER.userList}.id.name`,
  helpText: 'Only opportunities that this user owns. Leave empty for all owners.',
});

export const opportunity = defineInputField({
  key: 'opportunity_id',
  label: 'Opportunity',
  type: 'string',
  required: true,
  dynamic: `${TRIGGER.opportunityList}.id.label`,
  search: `${SEARCH.findOpportunity}.id`,
  helpText:
    'The dropdown shows the newest opportunities first. To use one from an earlier step, map that step’s opportunity ID, or add a step that finds it.',
});

export const contact = defineInputField({
  key: 'contact_id',
  label: LABELS.contactId,
  type: 'string',
  required: true,
  dynamic: `${TRIGGER.contactList}.id.label`,
  search: `${SEARCH.findContact}.id`,
  helpText:
    'The contact that the opportunity is for; the dropdown shows the newest first. To use one from an earlier step, map that step’s contact ID.',
});

/** For a contact that is changed, and not one that an opportunity is made for. */
export const existingContactHelp =
  'The dropdown shows the newest contacts first. To use one from an earlier step, map that step’s contact ID, or add a step that finds it.';

export const pipeline = defineInputField({
  key: 'pipeline_id',
  label: LABELS.pipelineId,
  type: 'string',
  required: true,
  dynamic: `${TRIGGER.pipelineList}.id.name`,
  helpText: 'Choose a pipeline, or map a pipeline’s ID or exact name from an earlier step.',
});

export const stage = defineInputField({
  key: 'stage_id',
  label: LABELS.pipelineStageId,
  type: 'string',
  required: false,
  dynamic: `${TRIGGER.stageList}.id.name`,
  helpText:
    'Choose a stage of the pipeline, or map a stage’s ID or exact name. Leave empty for the pipeline’s first stage.',
});

export const name = defineInputField({
  key: 'name',
  label: LABELS.name,
  type: 'string',
  required: true,
  helpText: 'What the opportunity is called on the board, for example `Website for Harbor Cafe`.',
});

export const status = defineInputField({
  key: 'status',
  label: LABELS.status,
  type: 'string',
  required: false,
  choices: STATUS_CHOICES,
  helpText: 'Leave empty for Open.',
});

export const lostReason = defineInputField({
  key: 'lost_reason_id',
  label: LABELS.lostReasonId,
  type: 'string',
  required: false,
  dynamic: `${TRIGGER.lostReasonList}.id.name`,
  helpText:
    'Why the opportunity was lost: choose a reason, or map its ID or exact name. Used only with the status Lost, where some sub-accounts require one; otherwise leave it empty.',
});

export const value = defineInputField({
  key: 'monetary_value',
  label: LABELS.monetaryValue,
  type: 'string',
  required: false,
  helpText:
    'What the opportunity is worth in your sub-account’s currency, for example `1250.50` or `1,250.50`.',
});

export const owner = defineInputField({
  key: 'owner_id',
  label: LABELS.assignedTo,
  type: 'string',
  required: false,
  dynamic: `${TRIGGER.userList}.id.name`,
  helpText:
    'The user who owns the opportunity, and the contact too unless your sub-account keeps the two apart: choose one, or map a user’s ID, exact name or email address. Leave empty to set none.',
});

/** For the owner of a contact that may be there already. */
export const contactOwnerHelp =
  'The user who is to own the contact, and its opportunities too unless your sub-account keeps the two apart: choose one, or map a user’s ID, exact name or email address. Leave empty to keep the owner it has.';

export const expectedCloseDate = defineInputField({
  key: 'expected_close_date',
  label: LABELS.forecastExpectedCloseDate,
  type: 'string',
  required: false,
  helpText: `The day you expect to win the opportunity, ${DAY_EXAMPLES}. A time of day is ignored.`,
});

export const probability = defineInputField({
  key: 'probability',
  label: LABELS.forecastProbability,
  type: 'string',
  required: false,
  helpText:
    'How likely the opportunity is won, in percent from 0 to 100. Leave empty to let the stage decide.',
});

export const source = defineInputField({
  key: 'source',
  label: LABELS.source,
  type: 'string',
  required: false,
  helpText:
    'Where the opportunity came from, for example `Webinar`. Some sub-accounts do not let integrations set it: it is then left out, and the output "Notice" says so.',
});
