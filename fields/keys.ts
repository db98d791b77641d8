/**
 * The keys of operations that others refer to in text, as a field does to its dropdown. Every other operation has its key
 * in its own file alone.
 */
export const TRIGGER = {
  pipelineList: 'pipeline_list',
  stageList: 'stage_list',
  userList: 'user_list',
  contactList: 'contact_list',
  opportunityList: 'opportunity_list',
  lostReasonList: 'lost_reason_list',
  workflowList: 'workflow_list',
  noteList: 'note_list',
  taskList: 'task_list',
  watchedFieldList: 'watched_field_list',
} as const;

export const CREATE = {
  apiRequest: 'api_request',
} as const;

export const SEARCH = {
  findOpportunity: 'find_opportunity',
  findContact: 'find_contact',
} as const;
