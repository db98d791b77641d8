/**
 * The keys that users' Zaps are built on, named once because dropdowns and searches refer to each other by key, in
 * text. A key is never changed: every Zap that uses it would break.
 */
export const TRIGGER = {
  newOpportunity: 'new_opportunity',
  stageChanged: 'stage_changed',
  statusChanged: 'status_changed',
  staleOpportunity: 'stale_opportunity',
  opportunityChanged: 'opportunity_changed',
  newOpportunityInstant: 'new_opportunity_instant',
  stageChangedInstant: 'stage_changed_instant',
  statusChangedInstant: 'status_changed_instant',
  valueChangedInstant: 'value_changed_instant',
  ownerChangedInstant: 'owner_changed_instant',
  opportunityDeletedInstant: 'opportunity_deleted_instant',
  newNoteInstant: 'new_note_instant',
  noteUpdatedInstant: 'note_updated_instant',
  taskCompletedInstant: 'task_completed_instant',
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
  createContactAndOpportunity: 'create_contact_and_opportunity',
  createOpportunity: 'create_opportunity',
  updateOpportunity: 'update_opportunity',
  updateOpportunityStatus: 'update_opportunity_status',
  deleteOpportunity: 'delete_opportunity',
  addFollowers: 'add_followers',
  removeFollowers: 'remove_followers',
  createNote: 'create_note',
  createTask: 'create_task',
  createOrUpdateContact: 'create_or_update_contact',
  uploadFile: 'upload_file',
  apiRequest: 'api_request',
  updateNote: 'update_note',
  updateTask: 'update_task',
  updateContact: 'update_contact',
  addContactTags: 'add_contact_tags',
  removeContactTags: 'remove_contact_tags',
  addToWorkflow: 'add_to_workflow',
  removeFromWorkflow: 'remove_from_workflow',
} as const;

export const SEARCH = {
  findOpportunity: 'find_opportunity',
  listOpportunities: 'list_opportunities',
  summarizeOpportunities: 'summarize_opportunities',
  findContact: 'find_contact',
  findUser: 'find_user',
  findPipelineStage: 'find_pipeline_stage',
  getApiUsage: 'get_api_usage',
  listNotes: 'list_notes',
} as const;
