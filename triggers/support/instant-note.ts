/** What the instant triggers on notes share: they differ in the event. */

import type { Bundle, ZObject } from 'zapier-platform-core';
import { noteOutput, presentNote } from '../../fields/outputs/note.ts';
import { connect } from '../../highlevel/connect.ts';
import type { NoteRecord } from '../../highlevel/contacts/notes.ts';
import { unsubscribe } from '../../relay-client/subscriptions.ts';
import { type NoteDelivery, noteDelivery } from '../../wire/deliveries.ts';
import type { NoteEventKind } from '../../wire/kinds.ts';
import { hookPerform, noneIfGone, subscribeToContacts } from './delivery.ts';
import { CONTACT_SAMPLE, contactOutputs, presentContactOf, sampleOfContacts } from './instant-contact.ts';
import { listing } from './polling.ts';

/** The parts of a hook trigger on notes; each call makes functions of its own, as core finds them by identity. */
export function noteOperation(event: NoteEventKind) {
  return {
    type: 'hook' as const,
    performSubscribe: async (z: ZObject, bundle: Bundle) => subscribeToContacts(z, bundle, event),
    performUnsubscribe: async (z: ZObject, bundle: Bundle) => unsubscribe(z, bundle),
    perform: hookPerform(noteDelivery, event, deliver, recent),
    performList: listing(async (z: ZObject, bundle: Bundle) => recent(z, bundle)),
    outputFields: [...noteOutput, contactOutputs],
    sample: {
      id: 'GCs5KuzPqTls7vWclkEV',
      title: 'Call summary',
      body: 'Wants an offer by Friday.',
      author_id: '082goXVW3lIExEQPOnd3',
      author_name: 'Maria Lopez',
      created_at: '2026-11-20T14:30:00.000Z',
      ...CONTACT_SAMPLE,
    },
  };
}

async function deliver(z: ZObject, bundle: Bundle, { note_id: id, snapshot }: NoteDelivery) {
  const contactId = snapshot.contact_id;
  return noneIfGone(async () => {
    const note = await connect(z, bundle).contacts.notes.get({ contactId, id });
    return present(z, bundle, contactId, note);
  });
}

async function recent(z: ZObject, bundle: Bundle) {
  return sampleOfContacts(z, bundle, async (contactId) => {
    const [note] = await connect(z, bundle).contacts.notes.list(contactId);
    return note && present(z, bundle, contactId, note);
  });
}

async function present(z: ZObject, bundle: Bundle, contactId: string, note: NoteRecord) {
  const contact = await presentContactOf(z, bundle, contactId);
  const authors = await connect(z, bundle).account.usersWithIds(new Set(note.userId ? [note.userId] : []));
  return { ...presentNote(note, authors), ...contact };
}
