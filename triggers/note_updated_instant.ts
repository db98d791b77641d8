import { defineTrigger } from 'zapier-platform-core';
import { withoutRelay } from '../relay-client/address.ts';
import { noteOperation } from './support/instant-note.ts';

export default defineTrigger({
  key: 'note_updated_instant',
  noun: 'Note',
  display: {
    label: 'Note Edited (Instant)',
    description: 'Triggers when a note of a contact is edited, within seconds.',
    hidden: withoutRelay(),
  },
  operation: noteOperation('note_updated'),
});
