import type { Fault, Sandbox } from '../../local/sandbox/index.ts';
import type { OpportunityEventKind } from '../../wire/kinds.ts';
import { noteDelivery, opportunityDelivery } from '../support/deliveries.ts';

/** What each operation of the app is run with, so that all that it can send is seen. */

export interface Run {
  /** `perform` if absent. */
  method?: 'perform' | 'performList';
  inputData?: Record<string, unknown>;
  meta?: Record<string, unknown>;
  /** More of the bundle: a hook's body, for example. */
  bundle?: Record<string, unknown>;
  /** What HighLevel does meanwhile. */
  fault?: Fault;
}

interface Runs {
  /** Together they set every input field that the operation has. */
  all: Run[];
  /** As little as it takes. */
  least: Run[];
}

export type RunsOf = (sandbox: Sandbox) => Runs;

const SEARCH_REFUSED: Fault = {
  method: 'POST',
  path: '/opportunities/search',
  status: 422,
  times: 1,
  body: { statusCode: 422, message: ['property filters should not exist'] },
};

const TURNED_ON = { isPopulatingDedupe: true };
const SAMPLE = { isLoadingSample: true };

function ids(sandbox: Sandbox) {
  const { pipelines, users, customFields, lostReasons, contactIds, opportunityIds } = sandbox.seeded;
  const [owner = '', follower = ''] = Object.values(users);
  const sales = pipelines.Sales ?? { id: '', stages: {} };
  const [firstStage = '', secondStage = ''] = Object.values(sales.stages);
  const lostReason = Object.values(lostReasons)[0] ?? '';
  const [contactId = ''] = contactIds;
  const [opportunityId = ''] = opportunityIds;
  return {
    sales,
    onboarding: pipelines.Onboarding ?? { id: '', stages: {} },
    firstStage,
    secondStage,
    owner,
    follower,
    lostReason,
    contactId,
    opportunityId,
    customFields,
  };
}

/** An opportunity that nothing else uses, and whose contact has no other. */
function newOpportunity(sandbox: Sandbox): { id: string; contactId: string } {
  const { onboarding } = ids(sandbox);
  const [id = ''] = sandbox.importOpportunities({ count: 1, pipelineId: onboarding.id });
  return { id, contactId: sandbox.opportunity(id).contactId };
}

/** Every filter of the polling triggers, by id. */
function filters(sandbox: Sandbox) {
  const { sales, firstStage, owner } = ids(sandbox);
  return { pipeline_id: sales.id, stage_id: firstStage, status: 'open', owner_id: owner };
}

const polled: RunsOf = (sandbox) => ({
  all: [
    { inputData: filters(sandbox) },
    { inputData: filters(sandbox), fault: SEARCH_REFUSED },
    { meta: TURNED_ON },
    { meta: TURNED_ON, fault: SEARCH_REFUSED },
    { meta: SAMPLE },
  ],
  least: [{}],
});

/** Whatever a list takes is what a person types to search it. */
const listed: RunsOf = () => ({
  all: [{ inputData: { search: 'import' } }, { inputData: { search: 'import' }, meta: { page: 1 } }],
  least: [{}],
});

/** A delivery of the relay; subscribing sends nothing to HighLevel beyond the names it looks up. */
const hooked =
  (
    event: OpportunityEventKind,
    from: string | number | null,
    to: string | number | null,
    more: (sandbox: Sandbox) => Record<string, unknown>,
  ): RunsOf =>
  (sandbox) => {
    const inputData = { ...filters(sandbox), ...more(sandbox) };
    const delivery = opportunityDelivery(
      event,
      ids(sandbox).opportunityId,
      {},
      { from, to, from_known: true },
    );
    return {
      all: [
        { inputData, bundle: { cleanedRequest: delivery } },
        { method: 'performList', inputData },
      ],
      least: [{ bundle: { cleanedRequest: delivery } }, { method: 'performList' }],
    };
  };

/** The person's own opportunity fields, one of every data type, under the keys of their inputs. */
function ownFields({ customFields }: ReturnType<typeof ids>): Record<string, unknown> {
  const key = (name: string) => `custom_field_${customFields[`opportunity.${name}`]}`;
  return {
    [key('external_id')]: 'HP-1',
    [key('project_brief')]: 'A calmer home page.',
    [key('seats')]: '12',
    [key('setup_fee')]: '250.50',
    [key('site_phone')]: '+12025550107',
    [key('checklist')]: ['Contract signed', 'Invoice sent'],
    [key('plan')]: 'Growth',
    [key('services')]: ['Website'],
    [key('priority')]: 'High',
    [key('contract_date')]: '2026-12-31',
    [`${key('decision_makers')}__Buyer`]: 'Dana',
    [`${key('decision_makers')}__Signer`]: 'Lee',
    [`${key('decision_makers')}__User`]: 'Kim',
    [key('proposal_file')]: 'https://files.example.com/proposal.pdf',
  };
}

const values = {
  status: 'open',
  monetary_value: '1250.50',
  expected_close_date: '2026-12-31',
  probability: '40',
};

/** What the searches for opportunities have in common. */
const searched: RunsOf = (sandbox) => {
  const known = ids(sandbox);
  const days = { from: '2024-01-01', to: '2030-01-01' };
  const dates = {
    created_from: days.from,
    created_to: days.to,
    updated_from: days.from,
    updated_to: days.to,
    status_changed_from: days.from,
    status_changed_to: days.to,
    close_date_from: days.from,
    close_date_to: days.to,
  };
  const more = {
    min_value: '1',
    max_value: '100000',
    source: 'Webinar',
    contact_tag: 'newsletter',
    lost_reason_id: known.lostReason,
  };
  const plain = { ...filters(sandbox), name: 'Website (new)', contact_id: known.contactId };
  const own = Object.entries(known.customFields)
    .filter(([key]) => key.startsWith('opportunity.'))
    .map(([key, id]) => ({
      search_field: id,
      search_field_value: /seats|setup_fee/.test(key) ? '12' : /date/.test(key) ? '2026-12-31' : 'Website',
    }));
  return {
    all: [
      { inputData: plain },
      { inputData: { ...plain, ...more, ...dates } },
      { inputData: { ...more, ...dates }, fault: SEARCH_REFUSED },
      ...own.map((inputData) => ({ inputData })),
    ],
    least: [{ inputData: { name: 'Website' } }],
  };
};

/** By the operation's key. */
export const OPERATIONS: Record<string, RunsOf> = {
  new_opportunity: polled,
  stage_changed: polled,
  status_changed: polled,
  stale_opportunity: (sandbox) => {
    const inputData = { ...filters(sandbox), days: '14', movement: 'update' };
    return {
      all: [
        { inputData },
        { inputData, fault: SEARCH_REFUSED },
        { inputData: { days: '1' }, meta: TURNED_ON },
        { inputData: { days: '1' }, meta: SAMPLE },
      ],
      least: [{ inputData: { days: '14' } }],
    };
  },
  new_opportunity_instant: hooked('opportunity_created', null, null, () => ({})),
  stage_changed_instant: hooked('stage_changed', null, null, (sandbox) => ({
    from_stage_id: ids(sandbox).secondStage,
  })),
  status_changed_instant: hooked('status_changed', 'open', 'won', () => ({})),
  value_changed_instant: hooked('value_changed', 100, 200, () => ({ direction: 'up', min_value: '100' })),
  owner_changed_instant: hooked('owner_changed', null, null, () => ({})),
  opportunity_deleted_instant: hooked('opportunity_deleted', null, null, () => ({})),
  new_note_instant: (sandbox) => {
    const [note] = sandbox.state.notes.values();
    const [relation] = note?.relations.filter(({ objectKey }) => objectKey === 'contact') ?? [];
    const delivery = noteDelivery(note?.id ?? '', relation?.recordId ?? '');
    const delivered = { bundle: { cleanedRequest: delivery } };
    return { all: [delivered, { method: 'performList' }], least: [delivered] };
  },
  pipeline_list: () => ({ all: [{}], least: [{}] }),
  stage_list: (sandbox) => {
    const run = { inputData: { pipeline_id: ids(sandbox).sales.id } };
    return { all: [run], least: [run] };
  },
  user_list: () => ({ all: [{}], least: [{}] }),
  lost_reason_list: () => ({ all: [{}], least: [{}] }),
  contact_list: listed,
  opportunity_list: listed,

  create_opportunity: (sandbox) => {
    const known = ids(sandbox);
    const input = (contactId: string) => ({
      contact_id: contactId,
      pipeline_id: known.sales.id,
      name: 'Website for Harbor Cafe',
    });
    const full = (contactId: string) => ({
      ...input(contactId),
      ...values,
      ...ownFields(known),
      stage_id: known.secondStage,
      owner_id: known.owner,
      if_exists: 'update',
    });
    const { contactId } = newOpportunity(sandbox);
    sandbox.setSettings({ acceptSource: true });
    return {
      all: [{ inputData: { ...full(contactId), source: 'Webinar' } }, { inputData: full(contactId) }],
      least: [{ inputData: input(newOpportunity(sandbox).contactId) }],
    };
  },
  update_opportunity: (sandbox) => {
    const known = ids(sandbox);
    const { id } = newOpportunity(sandbox);
    const place = { pipeline_id: known.sales.id, stage_id: known.secondStage };
    const inputData = {
      opportunity_id: id,
      ...place,
      ...values,
      ...ownFields(known),
      name: 'New name',
      owner_id: known.owner,
    };
    const clears = [
      'monetary_value',
      'owner_id',
      'expected_close_date',
      'probability',
      ...Object.keys(ownFields(known)).filter((key) => !key.includes('__')),
    ];
    return {
      all: [{ inputData }, { inputData: { opportunity_id: id, fields_to_clear: clears } }],
      least: [{ inputData: { opportunity_id: id, name: 'Another name' } }],
    };
  },
  update_opportunity_status: (sandbox) => {
    const { id } = newOpportunity(sandbox);
    return {
      all: [{ inputData: { opportunity_id: id, status: 'lost', lost_reason_id: ids(sandbox).lostReason } }],
      least: [{ inputData: { opportunity_id: id, status: 'won' } }],
    };
  },
  delete_opportunity: (sandbox) => ({
    all: [{ inputData: { opportunity_id: newOpportunity(sandbox).id } }],
    least: [{ inputData: { opportunity_id: newOpportunity(sandbox).id } }],
  }),
  add_followers: (sandbox) => {
    const { owner, follower, opportunityId } = ids(sandbox);
    const run = (follower_ids: string[]) => ({ inputData: { opportunity_id: opportunityId, follower_ids } });
    return { all: [run([owner, follower])], least: [run([owner])] };
  },
  remove_followers: (sandbox) => {
    const { owner, opportunityId } = ids(sandbox);
    const run = (input: object) => ({ inputData: { opportunity_id: opportunityId, ...input } });
    return {
      all: [run({ follower_ids: [owner] }), run({ remove_all: 'yes' })],
      least: [run({ follower_ids: [owner] })],
    };
  },
  create_note: (sandbox) => {
    const { id, contactId } = newOpportunity(sandbox);
    const inputData = {
      body: 'Asked for a second quote.',
      title: 'Follow-up',
      author_id: ids(sandbox).owner,
    };
    return {
      all: [
        { inputData: { ...inputData, opportunity_id: id } },
        { inputData: { ...inputData, contact_id: contactId } },
      ],
      least: [{ inputData: { body: 'Called.', contact_id: contactId } }],
    };
  },
  create_task: (sandbox) => {
    const { id, contactId } = newOpportunity(sandbox);
    const inputData = { title: 'Call back', due_date: '2026-12-01T15:00:00Z' };
    const more = { body: 'About the quote.', owner_id: ids(sandbox).owner };
    return {
      all: [
        { inputData: { ...inputData, ...more, opportunity_id: id } },
        { inputData: { ...inputData, ...more, contact_id: contactId } },
      ],
      least: [{ inputData: { ...inputData, contact_id: contactId } }],
    };
  },
  create_or_update_contact: (sandbox) => {
    const { customFields, owner } = ids(sandbox);
    const key = (name: string) => `custom_field_${customFields[`contact.${name}`]}`;
    const inputData = {
      email: 'kim@example.com',
      phone: '+12025550199',
      first_name: 'Kim',
      last_name: 'Reed',
      name: 'Kim Reed',
      company_name: 'Harbor Cafe',
      tags: ['newsletter', 'cafe'],
      owner_id: owner,
      source: 'Webinar',
      [key('account_number')]: '4711',
      [key('customer_since')]: '2024-02-29',
      [key('preferred_channel')]: 'Email',
      [key('interests')]: ['Website', 'Ads'],
    };
    return { all: [{ inputData }], least: [{ inputData: { email: 'lee@example.com' } }] };
  },

  find_opportunity: (sandbox) => {
    const { all, least } = searched(sandbox);
    const { opportunityId } = ids(sandbox);
    const [first, second] = all;
    return {
      all: [
        ...all,
        { inputData: { ...first?.inputData, opportunity_id: opportunityId, match_by: 'identity' } },
        { inputData: { ...second?.inputData, prefer: 'newest_first' } },
      ],
      least: [...least, { inputData: { opportunity_id: opportunityId } }],
    };
  },
  list_opportunities: (sandbox) => {
    const { all } = searched(sandbox);
    return {
      all: [...all.map((run) => ({ ...run, inputData: { ...run.inputData, limit: '500' } }))],
      least: [{}, { inputData: { limit: '500' } }],
    };
  },
  summarize_opportunities: (sandbox) => {
    const inputData = {
      period: 'custom',
      pipeline_id: ids(sandbox).sales.id,
      period_start: '2024-01-01',
      period_end: '2030-01-01',
      time_zone: 'zap',
    };
    return {
      all: [{ inputData }, { inputData, fault: SEARCH_REFUSED }],
      least: [{ inputData: { period: 'today' } }],
    };
  },
  find_contact: () => ({
    all: [
      { inputData: { email: 'nobody@example.com', phone: '+12025550100' } },
      { inputData: { name: 'Import' } },
    ],
    least: [{ inputData: { phone: '+12025550100' } }],
  }),
  find_user: () => ({
    all: [{ inputData: { email: 'dana@example.com', name: 'Dana' } }],
    least: [{ inputData: { name: 'Dana' } }],
  }),
  find_pipeline_stage: () => ({
    all: [{ inputData: { pipeline_name: 'Sales', stage_name: 'New Lead' } }],
    least: [{ inputData: { pipeline_name: 'Sales' } }],
  }),
};
