/** The Zaps between a deal of 4Degrees and an opportunity of HighLevel. */

import type { Path, Zap } from '../../local/zap-runner/index.ts';
import type { Sample } from '../harness/story.ts';
import type { StoryZap } from '../harness/zap.ts';
import { ifAnything, known, merge, remember } from './fourdegrees_merge.ts';

const DEAL_IN = '4Degrees deal → HighLevel opportunity';
const DEAL_NEW = 'New HighLevel opportunity → 4Degrees deal';
export const DEAL_OUT = {
  stage: 'HighLevel stage → 4Degrees deal',
  status: 'HighLevel status → 4Degrees deal',
  value: 'HighLevel value → 4Degrees deal',
  owner: 'HighLevel owner → 4Degrees deal',
  rest: 'HighLevel name or close date → 4Degrees deal',
};

/** What the other Zap wrote is not sent back. */
const IGNORE_OWN = { ignore_own_changes: 'yes' };

export const deal: Sample = {
  app: '4Degrees',
  what: 'A record of a deals list',
  source:
    '4Degrees help center, "Automations - triggers and actions" (support.4degrees.ai/article/279): records with stage, number and select fields, and whom they are assigned to; zapier.com template "Create new deal in 4Degrees from Ninja Forms submission"',
  known: 'assumed',
  payload: {
    name: 'Series A of Lumen Grid',
    value: '250000',
    stage: 'Contacted',
    status: 'open',
    owner: 'dana.whitfield@harborpine.example',
    close_date: '2027-02-26',
    company: 'Lumen Grid',
    contact_name: 'Imani Okoro',
    contact_email: 'imani@lumengrid.example',
  },
};

const linked: Path = {
  name: 'It is in HighLevel already',
  rules: [{ field: '{{deal.highlevel_id}}', op: 'exists' }],
  steps: [
    {
      id: 'opportunity',
      title: 'Read the opportunity as it stands',
      kind: 'search',
      key: 'find_opportunity',
      input: { opportunity_id: '{{deal.highlevel_id}}' },
    },
    known('{{deal.id}}'),
    merge('HighLevel', 'opportunity'),
    remember('agree', 'Remember what is the same', '{{deal.id}}', '{{merge.agreed}}'),
    ifAnything,
    {
      id: 'update',
      kind: 'create',
      key: 'update_opportunity',
      input: {
        opportunity_id: '{{deal.highlevel_id}}',
        pipeline_id: 'Sales',
        stage_id: '{{merge.write.stage}}',
        name: '{{merge.write.name}}',
        status: '{{merge.write.status}}',
        monetary_value: '{{merge.write.value}}',
        owner_id: '{{merge.write.owner}}',
        expected_close_date: '{{merge.write.close_date}}',
      },
    },
    remember('written', 'Remember what was written', '{{deal.id}}', '{{merge.write}}'),
  ],
};

const unknown: Path = {
  name: 'It is not in HighLevel yet',
  rules: [{ field: '{{deal.highlevel_id}}', op: 'not_exists' }],
  steps: [
    {
      id: 'stage',
      title: 'Make sure of the stage before anything is written',
      kind: 'search',
      key: 'find_pipeline_stage',
      input: { pipeline_name: 'Sales', stage_name: '{{deal.stage}}' },
    },
    {
      id: 'contact',
      kind: 'create',
      key: 'create_or_update_contact',
      input: {
        email: '{{deal.contact_email}}',
        name: '{{deal.contact_name}}',
        company_name: '{{deal.company}}',
        source: '4Degrees',
      },
    },
    {
      id: 'created',
      kind: 'searchOrCreate',
      key: 'find_opportunity',
      input: {
        search_field: '[External ID]',
        search_field_value: '{{deal.id}}',
        match_by: 'custom_field',
        prefer: 'newest_first',
        contact_id: '{{contact.id}}',
        pipeline_id: 'Sales',
        stage_id: '{{stage.id}}',
        name: '{{deal.name}}',
        status: '{{deal.status}}',
        monetary_value: '{{deal.value}}',
        owner_id: '{{deal.owner}}',
        expected_close_date: '{{deal.close_date}}',
        'custom_field_[External ID]': '{{deal.id}}',
      },
    },
    {
      id: 'link',
      title: 'Keep the opportunity’s ID and link in 4Degrees',
      kind: 'other',
      app: '4Degrees',
      action: 'Update Deal',
      does: 'update',
      things: 'deals',
      input: { id: '{{deal.id}}', highlevel_id: '{{created.id}}', highlevel_link: '{{created.url}}' },
    },
    remember('first', 'Remember what both sides have now', '{{deal.id}}', {
      name: '{{created.name}}',
      value: '{{created.monetary_value}}',
      stage: '{{created.stage_name}}',
      status: '{{created.status}}',
      owner: '{{created.owner_email}}',
      close_date: '{{created.expected_close_date}}',
    }),
  ],
};

export const dealIn: StoryZap = {
  startedBy: { app: '4Degrees', things: 'deals', when: 'either' },
  mostRequests: 7,
  zap: {
    name: DEAL_IN,
    trigger: { kind: 'other', app: '4Degrees', event: 'New or Updated Deal' },
    steps: [
      {
        id: 'deal',
        title: 'Read the deal as it stands',
        kind: 'other',
        app: '4Degrees',
        action: 'Find Deal',
        does: 'find',
        things: 'deals',
        input: { id: '{{trigger.id}}' },
      },
      { id: 'which', kind: 'paths', paths: [unknown, linked] },
    ],
  },
};

export const dealNew: StoryZap = {
  mostRequests: 4,
  zap: {
    name: DEAL_NEW,
    trigger: { key: 'new_opportunity_instant', input: { pipeline_id: 'Sales', ...IGNORE_OWN } },
    steps: [
      {
        id: 'deal',
        kind: 'other',
        app: '4Degrees',
        action: 'Find or Create Deal',
        does: 'find_or_create',
        things: 'deals',
        by: ['highlevel_id'],
        input: {
          highlevel_id: '{{trigger.id}}',
          highlevel_link: '{{trigger.url}}',
          name: '{{trigger.name}}',
          value: '{{trigger.monetary_value}}',
          stage: '{{trigger.stage_name}}',
          status: '{{trigger.status}}',
          owner: '{{trigger.owner_email}}',
          close_date: '{{trigger.expected_close_date}}',
          company: '{{trigger.contact_company_name}}',
          contact_name: '{{trigger.contact_name}}',
          contact_email: '{{trigger.contact_email}}',
        },
      },
      {
        id: 'keep',
        title: 'Keep the deal’s ID in HighLevel',
        kind: 'create',
        key: 'update_opportunity',
        input: { opportunity_id: '{{trigger.id}}', 'custom_field_[External ID]': '{{deal.id}}' },
      },
      remember('first', 'Remember what both sides have now', '{{deal.id}}', {
        name: '{{trigger.name}}',
        value: '{{trigger.monetary_value}}',
        stage: '{{trigger.stage_name}}',
        status: '{{trigger.status}}',
        owner: '{{trigger.owner_email}}',
        close_date: '{{trigger.expected_close_date}}',
      }),
    ],
  },
};

const out = (name: string, key: string, input: Record<string, unknown>): Zap => ({
  name,
  trigger: { key, input: { pipeline_id: 'Sales', ...input } },
  steps: [
    {
      id: 'deal',
      title: 'Read the deal as it stands; where 4Degrees has none, the Zap stops',
      kind: 'other',
      app: '4Degrees',
      action: 'Find Deal',
      does: 'find',
      things: 'deals',
      input: { highlevel_id: '{{trigger.id}}' },
    },
    known('{{deal.id}}'),
    merge('4Degrees', 'trigger'),
    remember('agree', 'Remember what is the same', '{{deal.id}}', '{{merge.agreed}}'),
    ifAnything,
    {
      id: 'update',
      title: 'Change in 4Degrees what changed here, and nothing else',
      kind: 'other',
      app: '4Degrees',
      action: 'Update Deal',
      does: 'update',
      things: 'deals',
      input: {
        id: '{{deal.id}}',
        name: '{{merge.write.name}}',
        value: '{{merge.write.value}}',
        stage: '{{merge.write.stage}}',
        status: '{{merge.write.status}}',
        owner: '{{merge.write.owner}}',
        close_date: '{{merge.write.close_date}}',
        replaced: '{{merge.overruled}}',
      },
    },
    remember('written', 'Remember what was written', '{{deal.id}}', '{{merge.write}}'),
  ],
});

const dealOutInstant: StoryZap[] = (['stage', 'status', 'value', 'owner'] as const).map((field) => ({
  zap: out(DEAL_OUT[field], `${field}_changed_instant`, IGNORE_OWN),
  mostRequests: 0,
  ...(field === 'stage' ? {} : { like: DEAL_OUT.stage }),
}));

/** HighLevel sends no webhook that tells of these. */
const dealOutPolled: StoryZap = {
  zap: out(DEAL_OUT.rest, 'opportunity_changed', {
    watched_fields: ['Opportunity Name', 'Expected Close Date'],
  }),
  mostRequests: 0,
};

export const dealOut: StoryZap[] = [...dealOutInstant, dealOutPolled];

export const BEFORE = [
  'In HighLevel, an opportunity field "External ID".',
  'In 4Degrees, fields "HighLevel ID", "HighLevel Link", "Status" (open, won, lost, abandoned) and "Replaced" on the list of deals.',
  'Stages of the same names on both sides; people who own deals have the same e-mail address on both sides. Where names differ, put a lookup table of Formatter by Zapier before the comparison.',
];
