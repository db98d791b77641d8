import { defineTrigger } from 'zapier-platform-core';
import { TRIGGER } from '../fields/keys.ts';
import { withoutRelay } from '../relay-client/address.ts';
import { noteOperation } from './support/instant-note.ts';

export default defineTrigger({
  key: TRIGGER.newNoteInstant,
  noun: 'Note',
  display: {
    label: 'New Note (Instant)',
    description: 'Triggers when a note is added to a contact, within seconds.',
    hidden: withoutRelay(),
  },
  operation: noteOperation('note_created'),
});
