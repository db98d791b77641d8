/** A small definition with nothing wrong. */

import type { Definition, Facts, Field } from './definition.ts';

export const SOUND_FACTS: Facts = {
  coreVersion: '19.1.0',
  files: [
    'triggers/new_opportunity.ts',
    'triggers/opportunity_won_instant.ts',
    'triggers/stage_list.ts',
    'creates/create_opportunity.ts',
    'creates/save_opportunity.ts',
    'searches/find_opportunity.ts',
  ],
};

const sample = () => ({
  id: 'a1',
  name: 'Website',
  email: 'sam@example.com',
  phone: '+12025550107',
  stage_id: 's1',
  tags: ['new'],
  created_at: '2026-11-02T09:15:00.000Z',
  items: [{ name: 'Hosting', price: 5 }],
  url: 'https://app.example.com/opportunities/a1',
  custom_fields: {},
});

const outputFields = (): Field[] => [
  { key: 'id', label: 'Opportunity ID', type: 'string', required: true },
  { key: 'name', label: 'Name', type: 'string' },
  { key: 'email', label: 'Email', type: 'string' },
  { key: 'phone', label: 'Phone', type: 'string' },
  { key: 'stage_id', label: 'Stage ID', type: 'string' },
  { key: 'tags', label: 'Tags', type: 'string', list: true },
  { key: 'created_at', label: 'Created', type: 'datetime' },
  {
    key: 'items',
    label: 'Items',
    children: [
      { key: 'name', label: 'Name', type: 'string' },
      { key: 'price', label: 'Price', type: 'number' },
    ],
  },
  { key: 'url', label: 'Link', type: 'string' },
  { key: 'custom_fields__x1', label: 'their own field', type: 'string', ofAccount: true },
];

const name: Field = { key: 'name', label: 'Name', type: 'string', helpText: 'As on the board.' };
const stage: Field = {
  key: 'stage_id',
  label: 'Stage',
  type: 'string',
  dynamic: 'stage_list.id.name',
  helpText: 'Leave empty for all stages.',
};
export const own: Field = {
  key: 'custom_field_x1',
  label: 'their own field',
  type: 'string',
  ofAccount: true,
};

export function sound(): Definition {
  return structuredClone({
    platformVersion: '19.1.0',
    flags: { cleanInputData: false },
    authentication: {
      type: 'oauth2',
      connectionLabel: '{{name}}',
      fields: [{ key: 'host', label: 'Where Do You Sign In?' }],
    },
    triggers: {
      new_opportunity: {
        key: 'new_opportunity',
        noun: 'Opportunity',
        display: { label: 'New Opportunity', description: 'Triggers when a new opportunity is created.' },
        operation: {
          type: 'polling',
          inputFields: [{ ...stage }],
          outputFields: outputFields(),
          sample: sample(),
        },
      },
      opportunity_won_instant: {
        key: 'opportunity_won_instant',
        noun: 'Opportunity',
        display: { label: 'Opportunity Won (Instant)', description: 'Triggers when an opportunity is won.' },
        operation: {
          type: 'hook',
          performList: '$func$2$f$',
          performSubscribe: '$func$2$f$',
          performUnsubscribe: '$func$2$f$',
          outputFields: outputFields(),
          sample: sample(),
        },
      },
      stage_list: {
        key: 'stage_list',
        noun: 'Stage',
        display: { label: 'Stage List', description: 'Triggers when stages are listed.', hidden: true },
        operation: { type: 'polling', sample: { id: 's1', name: 'Won' } },
      },
    },
    creates: {
      create_opportunity: {
        key: 'create_opportunity',
        noun: 'Opportunity',
        display: { label: 'Create Opportunity', description: 'Creates a new opportunity.' },
        operation: {
          inputFields: [
            { key: 'warning', type: 'copy', helpText: 'This costs money.' },
            { ...name, required: true },
            { ...stage, search: 'find_opportunity.stage_id', group: 'more' },
            { ...own, group: 'more' },
          ],
          inputFieldGroups: [{ key: 'more', label: 'More Fields' }],
          outputFields: outputFields(),
          sample: sample(),
        },
      },
      save_opportunity: {
        key: 'save_opportunity',
        noun: 'Opportunity',
        display: { label: 'Save Opportunity', description: 'Saves an opportunity.' },
        operation: { inputFields: [{ ...name }], outputFields: outputFields(), sample: sample() },
      },
    },
    searches: {
      find_opportunity: {
        key: 'find_opportunity',
        noun: 'Opportunity',
        display: { label: 'Find Opportunity', description: 'Finds an opportunity by name or stage.' },
        operation: {
          inputFields: [{ ...name }, { ...stage }],
          outputFields: outputFields(),
          sample: sample(),
        },
      },
    },
    searchOrCreates: {
      find_opportunity: {
        key: 'find_opportunity',
        display: {
          label: 'Find or Create Opportunity',
          description: 'Finds an opportunity, or creates one.',
        },
        search: 'find_opportunity',
        create: 'save_opportunity',
        update: 'save_opportunity',
        updateInputFromSearchOutput: { name: 'name' },
        searchUniqueInputToOutputConstraint: { name: 'name' },
      },
    },
  });
}
