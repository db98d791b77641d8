/**
 * The keys that users' Zaps are built on, named once because dropdowns refer to triggers by key, in text.
 * A key is never changed: every Zap that uses it would break.
 */
export const TRIGGER = {
  newOpportunity: 'new_opportunity',
  pipelineList: 'pipeline_list',
  stageList: 'stage_list',
  userList: 'user_list',
  contactList: 'contact_list',
} as const;

export const CREATE = {
  createOpportunity: 'create_opportunity',
} as const;

export const SEARCH = {
  findOpportunity: 'find_opportunity',
} as const;
