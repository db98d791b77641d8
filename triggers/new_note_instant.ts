import { type Bundle, defineTrigger, type ZObject } from 'zapier-platform-core';
import { TRIGGER } from '../fields/keys.ts';
import { presentNote } from '../fields/outputs/note.ts';
import { connect } from '../highlevel/connect.ts';
import type { NoteRecord } from '../highlevel/contacts/notes.ts';
import { contactName } from '../highlevel/contacts/record.ts';
import { problemOf } from '../highlevel/http/problem.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { subscribe, unsubscribe } from '../relay-client/subscriptions.ts';
import { type NoteDelivery, noteDelivery } from '../wire/deliveries.ts';
import { hookPerform } from './support/delivery.ts';
import { listing } from './support/polling.ts';

/** Of the contacts of the newest opportunities so many are looked through for a sample. */
const SAMPLE_CONTACTS = 5;

const perform = hookPerform(noteDelivery, 'note_created', deliver, recent);

/** One that is gone by then is no row. */
async function deliver(z: ZObject, bundle: Bundle, { note_id: id, snapshot }: NoteDelivery) {
  const contactId = snapshot.contact_id;
  try {
    const note = await connect(z, bundle).contacts.notes.get({ contactId, id });
    return [await present(z, bundle, contactId, note)];
  } catch (error) {
    if (problemOf(error)?.kind === 'not_found') return [];
    throw error;
  }
}

const performList = listing(recent);

async function recent(z: ZObject, bundle: Bundle) {
  const highlevel = connect(z, bundle);
  for (const { contactId } of await highlevel.opportunities.readFirst({ where: {}, rows: SAMPLE_CONTACTS })) {
    const [note] = contactId ? await highlevel.contacts.notes.list(contactId) : [];
    if (contactId && note) return [await present(z, bundle, contactId, note)];
  }
  return [];
}

async function present(z: ZObject, bundle: Bundle, contactId: string, note: NoteRecord) {
  const highlevel = connect(z, bundle);
  const contact = await highlevel.contacts.get(contactId);
  const authors = await highlevel.account.usersWithIds(new Set(note.userId ? [note.userId] : []));
  return {
    ...presentNote(note, authors),
    contact_id: contactId,
    contact_name: contactName(contact),
    contact_email: contact.email || null,
    url: highlevel.connection.contactUrl(contactId),
  };
}

export default defineTrigger({
  key: TRIGGER.newNoteInstant,
  noun: 'Note',
  display: {
    label: 'New Note (Instant)',
    description: 'Triggers when a note is added to a contact, within seconds.',
    hidden: withoutRelay(),
  },
  operation: {
    type: 'hook',
    performSubscribe: async (z, bundle) => ({
      id: (await subscribe(z, bundle, 'note_created', {}, null)).id,
    }),
    performUnsubscribe: (z, bundle) => unsubscribe(z, bundle),
    perform,
    performList,
    outputFields: [
      { key: 'id', label: 'Note ID', type: 'string', required: true },
      { key: 'title', label: 'Title', type: 'string' },
      { key: 'body', label: 'Text', type: 'string' },
      { key: 'author_id', label: 'Author ID', type: 'string' },
      { key: 'author_name', label: 'Author Name', type: 'string' },
      { key: 'created_at', label: 'Created', type: 'datetime' },
      { key: 'contact_id', label: 'Contact ID', type: 'string' },
      { key: 'contact_name', label: 'Contact Name', type: 'string' },
      { key: 'contact_email', label: 'Contact Email', type: 'string' },
      { key: 'url', label: 'Link', type: 'string' },
    ],
    sample: {
      id: 'GCs5KuzPqTls7vWclkEV',
      title: 'Call summary',
      body: 'Wants an offer by Friday.',
      author_id: '082goXVW3lIExEQPOnd3',
      author_name: 'Maria Lopez',
      created_at: '2026-11-20T14:30:00.000Z',
      contact_id: 'mTkSCb1UBjb5tk4OvB69',
      contact_name: 'Sam Reed',
      contact_email: 'sam@example.com',
      url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
    },
  },
});
