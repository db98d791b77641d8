/** The Zaps between a note of 4Degrees and a note of HighLevel. */

import type { Sample } from '../harness/story.ts';
import type { StoryZap } from '../harness/zap.ts';

export const IN = '4Degrees note → HighLevel note';
export const OUT = 'HighLevel note → 4Degrees note';
const EDIT_IN = '4Degrees note edited → HighLevel note';
const EDIT_OUT = 'HighLevel note edited → 4Degrees note';

/** What a note that came from the other side bears at its end, with the note's own ID there. */
const MARKS = { there: '(4Degrees note ', here: '(HighLevel note ' };

/** What the copy of a note says, the same when it is written and when it is edited. */
const COPY = {
  here: `{{trigger.text}}\n\n{{trigger.author}}, {{trigger.written_at}} ${MARKS.there}{{trigger.id}})`,
  there: `{{trigger.body}}\n\n{{trigger.author_name}}, {{trigger.created_at}} ${MARKS.here}{{trigger.id}})`,
};

export const note: Sample = {
  app: '4Degrees',
  what: 'A note on a deal',
  source:
    'support.4degrees.ai (deals, lists and notes); zapier.com pages of 4Degrees templates name a trigger "New Note". No public page spells the fields',
  known: 'assumed',
  payload: {
    deal_id: '(the deal’s ID)',
    text: 'Partners want the cohort numbers before Friday.',
    author: 'Jordan Hale',
    written_at: '2026-11-20T15:12:00.000Z',
  },
};

const once = (id: string, store: string) =>
  [
    {
      id,
      title: 'Count how often this note came',
      kind: 'storage',
      action: 'increment_value',
      storeKey: `${store}-{{trigger.id}}`,
    },
    {
      id: `${id}_first`,
      title: 'Go on only the first time',
      kind: 'filter',
      field: `{{${id}.value}}`,
      op: 'equals',
      value: '1',
    },
  ] as const;

/** Lets a note of 4Degrees go on that was written there, on a deal that HighLevel has. */
const writtenThere = [
  {
    id: 'own',
    title: 'Go on only with notes that do not come from HighLevel',
    kind: 'filter',
    field: '{{trigger.text}}',
    op: 'not_contains',
    value: MARKS.here,
  },
  {
    id: 'deal',
    kind: 'other',
    app: '4Degrees',
    action: 'Find Deal',
    does: 'find',
    things: 'deals',
    input: { id: '{{trigger.deal_id}}' },
  },
  {
    id: 'linked',
    title: 'Go on only where HighLevel has it',
    kind: 'filter',
    field: '{{deal.highlevel_id}}',
    op: 'exists',
  },
] as const;

const writtenHere = {
  id: 'own',
  title: 'Go on only with notes that do not come from 4Degrees',
  kind: 'filter',
  field: '{{trigger.body}}',
  op: 'not_contains',
  value: MARKS.there,
} as const;

export const noteIn: StoryZap = {
  startedBy: { app: '4Degrees', things: 'notes', when: 'made' },
  // Two, and two more where a run is replayed.
  mostRequests: 4,
  zap: {
    name: IN,
    trigger: { kind: 'other', app: '4Degrees', event: 'New Note' },
    steps: [
      ...writtenThere,
      ...once('times', 'note-from-4degrees'),
      {
        id: 'note',
        kind: 'create',
        key: 'create_note',
        input: { opportunity_id: '{{deal.highlevel_id}}', body: COPY.here },
      },
    ],
  },
};

export const noteOut: StoryZap = {
  mostRequests: 2,
  zap: {
    name: OUT,
    trigger: { key: 'new_note_instant' },
    steps: [
      writtenHere,
      {
        id: 'opportunity',
        kind: 'search',
        key: 'find_opportunity',
        input: { contact_id: '{{trigger.contact_id}}', pipeline_id: 'Sales' },
      },
      {
        id: 'deal',
        kind: 'other',
        app: '4Degrees',
        action: 'Find Deal',
        does: 'find',
        things: 'deals',
        input: { highlevel_id: '{{opportunity.id}}' },
      },
      ...once('times', 'note-from-highlevel'),
      {
        id: 'note',
        kind: 'other',
        app: '4Degrees',
        action: 'Create Note',
        does: 'create',
        things: 'notes',
        input: {
          deal_id: '{{deal.id}}',
          text: COPY.there,
          author: '{{trigger.author_name}}',
          written_at: '{{trigger.created_at}}',
          original_id: '{{trigger.id}}',
        },
      },
    ],
  },
};

export const editIn: StoryZap = {
  startedBy: { app: '4Degrees', things: 'notes', when: 'changed' },
  mostRequests: 4,
  zap: {
    name: EDIT_IN,
    trigger: { kind: 'other', app: '4Degrees', event: 'Updated Note' },
    steps: [
      ...writtenThere,
      {
        id: 'copies',
        title: 'Find its copy by the mark; where there is none, the Zap stops',
        kind: 'search',
        key: 'list_notes',
        input: {
          opportunity_id: '{{deal.highlevel_id}}',
          text: `${MARKS.there}{{trigger.id}})`,
          limit: '1',
        },
      },
      {
        id: 'edit',
        kind: 'create',
        key: 'update_note',
        input: {
          contact_id: '{{copies.contact_id}}',
          note_id: '{{copies.notes[].id}}',
          body: COPY.here,
        },
      },
    ],
  },
};

export const editOut: StoryZap = {
  mostRequests: 0,
  zap: {
    name: EDIT_OUT,
    trigger: { key: 'note_updated_instant' },
    steps: [
      writtenHere,
      {
        id: 'copy',
        title: 'Find its copy; where there is none, the Zap stops',
        kind: 'other',
        app: '4Degrees',
        action: 'Find Note',
        does: 'find',
        things: 'notes',
        input: { original_id: '{{trigger.id}}' },
      },
      {
        id: 'edit',
        kind: 'other',
        app: '4Degrees',
        action: 'Update Note',
        does: 'update',
        things: 'notes',
        input: { id: '{{copy.id}}', text: COPY.there },
      },
    ],
  },
};
