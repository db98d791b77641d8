import { createContact, createdContactIsDone } from './create.ts';
import { findJustNamed } from './just-created.ts';
import {
  allNotes,
  canRelateNote,
  createContactNote,
  createOpportunityNote,
  getNote,
  listNotes,
  updateNote,
} from './notes.ts';
import { contactOfOpportunity } from './of-opportunity.ts';
import { presentContact } from './record.ts';
import { findContactBy, getContact, getContactIfThere, searchContacts } from './requests.ts';
import { allTasks, createTask, getTask, listTasks, updateTask } from './tasks.ts';
import { addToWorkflow, removeFromWorkflow } from './workflows.ts';
import {
  addTags,
  removeTags,
  updateContact,
  upsertContact,
  upsertedContactIsDone,
  wasUpsertedBefore,
} from './writes.ts';

/** The people of a sub-account, with their notes and tasks. */
export const contacts = {
  get: getContact,
  getIfThere: getContactIfThere,
  ofOpportunity: contactOfOpportunity,
  findBy: findContactBy,
  findJustNamed,
  search: searchContacts,
  present: presentContact,
  create: createContact,
  creationIsDone: createdContactIsDone,
  upsert: upsertContact,
  upsertIsDone: upsertedContactIsDone,
  wasUpsertedBefore,
  update: updateContact,
  addTags,
  removeTags,
  addToWorkflow,
  removeFromWorkflow,
  notes: {
    get: getNote,
    list: listNotes,
    all: allNotes,
    create: createContactNote,
    update: updateNote,
    createOnOpportunity: createOpportunityNote,
    canRelate: canRelateNote,
  },
  tasks: { get: getTask, list: listTasks, all: allTasks, create: createTask, update: updateTask },
};
