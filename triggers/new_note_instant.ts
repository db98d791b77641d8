import { defineTrigger } from 'zapier-platform-core';
import { withoutRelay } from '../relay-client/address.ts';
import { noteOperation } from './support/instant-note.ts';

export default defineTrigger({
  key: 'new_note_instant',
  noun: 'Note',
  display: {
    label: 'New Note (Instant)',
    description: 'Triggers when a note is added to a contact, within seconds.',
    hidden: withoutRelay(),
  },
  operation: noteOperation('note_created'),
});
