import { canRelateNote, createContactNote, createOpportunityNote, getNote, listNotes } from './notes.ts';
import { presentContact } from './record.ts';
import { findContactBy, getContact, searchContacts } from './requests.ts';
import { createTask, listTasks } from './tasks.ts';
import { addTags, upsertContact } from './writes.ts';

/** The people of a sub-account, with their notes and tasks. */
export const contacts = {
  get: getContact,
  findBy: findContactBy,
  search: searchContacts,
  present: presentContact,
  upsert: upsertContact,
  addTags,
  notes: {
    get: getNote,
    list: listNotes,
    create: createContactNote,
    createOnOpportunity: createOpportunityNote,
    canRelate: canRelateNote,
  },
  tasks: { list: listTasks, create: createTask },
};
