import zapier, {
  type Authentication,
  type Create,
  defineApp,
  type Search,
  type Trigger,
} from 'zapier-platform-core';
import addContactTags from './creates/add_contact_tags.ts';
import addFollowers from './creates/add_followers.ts';
import addOpportunityContact from './creates/add_opportunity_contact.ts';
import addToWorkflow from './creates/add_to_workflow.ts';
import apiRequest from './creates/api_request.ts';
import createContactAndOpportunity from './creates/create_contact_and_opportunity.ts';
import createNote from './creates/create_note.ts';
import createOpportunity from './creates/create_opportunity.ts';
import createOrUpdateContact from './creates/create_or_update_contact.ts';
import createTask from './creates/create_task.ts';
import deleteOpportunity from './creates/delete_opportunity.ts';
import removeContactTags from './creates/remove_contact_tags.ts';
import removeFollowers from './creates/remove_followers.ts';
import removeFromWorkflow from './creates/remove_from_workflow.ts';
import removeOpportunityContact from './creates/remove_opportunity_contact.ts';
import updateContact from './creates/update_contact.ts';
import updateNote from './creates/update_note.ts';
import updateOpportunity from './creates/update_opportunity.ts';
import updateOpportunityStatus from './creates/update_opportunity_status.ts';
import updateTask from './creates/update_task.ts';
import uploadFile from './creates/upload_file.ts';
import { withHelpLinks } from './fields/help-links.ts';
import { lean } from './fields/outputs/lean.ts';
import { authorize } from './highlevel/http/authorize.ts';
import { hydrators } from './hydrators.ts';
import packageJson from './package.json' with { type: 'json' };
import { announceWrites } from './relay-client/announce.ts';
import findContact from './searches/find_contact.ts';
import findOpportunity from './searches/find_opportunity.ts';
import findPipelineStage from './searches/find_pipeline_stage.ts';
import findTask from './searches/find_task.ts';
import findUser from './searches/find_user.ts';
import getApiUsage from './searches/get_api_usage.ts';
import listNotes from './searches/list_notes.ts';
import listOpportunities from './searches/list_opportunities.ts';
import summarizeOpportunities from './searches/summarize_opportunities.ts';
import contactList from './triggers/contact_list.ts';
import lostReasonList from './triggers/lost_reason_list.ts';
import newNoteInstant from './triggers/new_note_instant.ts';
import newOpportunity from './triggers/new_opportunity.ts';
import newOpportunityInstant from './triggers/new_opportunity_instant.ts';
import noteList from './triggers/note_list.ts';
import noteUpdatedInstant from './triggers/note_updated_instant.ts';
import opportunityChanged from './triggers/opportunity_changed.ts';
import opportunityChangedInstant from './triggers/opportunity_changed_instant.ts';
import opportunityDeletedInstant from './triggers/opportunity_deleted_instant.ts';
import opportunityList from './triggers/opportunity_list.ts';
import ownerChangedInstant from './triggers/owner_changed_instant.ts';
import pipelineList from './triggers/pipeline_list.ts';
import stageChanged from './triggers/stage_changed.ts';
import stageChangedInstant from './triggers/stage_changed_instant.ts';
import stageList from './triggers/stage_list.ts';
import staleOpportunity from './triggers/stale_opportunity.ts';
import statusChanged from './triggers/status_changed.ts';
import statusChangedInstant from './triggers/status_changed_instant.ts';
import taskCompletedInstant from './triggers/task_completed_instant.ts';
import taskList from './triggers/task_list.ts';
import userList from './triggers/user_list.ts';
import valueChangedInstant from './triggers/value_changed_instant.ts';
import watchedFieldList from './triggers/watched_field_list.ts';
import workflowList from './triggers/workflow_list.ts';

/** All of the app but its connection, with every output and sample in sight. */
export const app = defineApp({
  version: packageJson.version,
  platformVersion: zapier.version,
  flags: {
    // Empty input is told apart from absent input here, and a person's empty text is never guessed away.
    cleanInputData: false,
    // The error map computes the delay of a 429 itself, from HighLevel's rate headers.
    throwForThrottlingEarly: false,
  },
  beforeRequest: [authorize, announceWrites],
  hydrators,
  triggers: {
    [newOpportunity.key]: newOpportunity,
    [stageChanged.key]: stageChanged,
    [statusChanged.key]: statusChanged,
    [staleOpportunity.key]: staleOpportunity,
    [opportunityChanged.key]: opportunityChanged,
    [newOpportunityInstant.key]: newOpportunityInstant,
    [stageChangedInstant.key]: stageChangedInstant,
    [statusChangedInstant.key]: statusChangedInstant,
    [valueChangedInstant.key]: valueChangedInstant,
    [ownerChangedInstant.key]: ownerChangedInstant,
    [opportunityChangedInstant.key]: opportunityChangedInstant,
    [opportunityDeletedInstant.key]: opportunityDeletedInstant,
    [newNoteInstant.key]: newNoteInstant,
    [noteUpdatedInstant.key]: noteUpdatedInstant,
    [taskCompletedInstant.key]: taskCompletedInstant,
    [pipelineList.key]: pipelineList,
    [stageList.key]: stageList,
    [userList.key]: userList,
    [contactList.key]: contactList,
    [opportunityList.key]: opportunityList,
    [lostReasonList.key]: lostReasonList,
    [workflowList.key]: workflowList,
    [noteList.key]: noteList,
    [taskList.key]: taskList,
    [watchedFieldList.key]: watchedFieldList,
  },
  creates: {
    [createContactAndOpportunity.key]: createContactAndOpportunity,
    [createOpportunity.key]: createOpportunity,
    [updateOpportunity.key]: updateOpportunity,
    [updateOpportunityStatus.key]: updateOpportunityStatus,
    [deleteOpportunity.key]: deleteOpportunity,
    [addFollowers.key]: addFollowers,
    [removeFollowers.key]: removeFollowers,
    [addOpportunityContact.key]: addOpportunityContact,
    [removeOpportunityContact.key]: removeOpportunityContact,
    [createNote.key]: createNote,
    [createTask.key]: createTask,
    [createOrUpdateContact.key]: createOrUpdateContact,
    [uploadFile.key]: uploadFile,
    [apiRequest.key]: apiRequest,
    [updateContact.key]: updateContact,
    [addContactTags.key]: addContactTags,
    [removeContactTags.key]: removeContactTags,
    [updateNote.key]: updateNote,
    [updateTask.key]: updateTask,
    [addToWorkflow.key]: addToWorkflow,
    [removeFromWorkflow.key]: removeFromWorkflow,
  },
  searches: {
    [findOpportunity.key]: findOpportunity,
    [listOpportunities.key]: listOpportunities,
    [summarizeOpportunities.key]: summarizeOpportunities,
    [findContact.key]: findContact,
    [findUser.key]: findUser,
    [findTask.key]: findTask,
    [findPipelineStage.key]: findPipelineStage,
    [getApiUsage.key]: getApiUsage,
    [listNotes.key]: listNotes,
  },
  searchOrCreates: {
    [findOpportunity.key]: {
      key: findOpportunity.key,
      search: findOpportunity.key,
      create: createOpportunity.key,
      update: updateOpportunity.key,
      updateInputFromSearchOutput: { opportunity_id: 'id' },
      display: {
        label: 'Find or Create Opportunity',
        description:
          'Finds an opportunity and updates it with what is filled in (a won one only if you choose so), or creates one.',
      },
    },
    // No update of what was found: found by name it may be another person of that name, and saving it is a step of its own.
    [findContact.key]: {
      key: findContact.key,
      search: findContact.key,
      create: createOrUpdateContact.key,
      display: {
        label: 'Find or Create Contact',
        description: 'Finds a contact by email address, phone number or name, or creates one.',
      },
    },
  },
});

export interface Build {
  authentication: Authentication;
  /** Whether the instant triggers can ever fire; they are hidden where they cannot. */
  instant: boolean;
}

/**
 * The app with one kind of connection. The builds differ in that, in what cannot work with it, and in nothing else:
 * one integration of Zapier's has one kind of connection. [docs]
 */
export function appWith({ authentication, instant }: Build) {
  return {
    ...app,
    authentication,
    triggers: mapped(app.triggers, (trigger) => pushed(instant ? trigger : withoutInstant(trigger))),
    creates: mapped(app.creates, pushed),
    searches: mapped(app.searches, pushed),
  };
}

function withoutInstant(trigger: Trigger): Trigger {
  if (trigger.operation.type !== 'hook') return trigger;
  return { ...trigger, display: { ...trigger.display, hidden: true } };
}

function pushed<T extends Trigger | Create | Search>(row: T): T {
  const operation = lean(row.operation);
  const { inputFields } = operation;
  return {
    ...row,
    operation: inputFields ? { ...operation, inputFields: withHelpLinks(inputFields) } : operation,
  };
}

function mapped<T extends object>(rows: T, change: (row: never) => unknown): T {
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, change(row as never)])) as T;
}
