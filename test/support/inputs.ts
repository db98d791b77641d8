/** Parts of what operations are run with in their tests, which several of them share. */
import type { Fault, Sandbox } from '../../local/sandbox/index.ts';
import type { OpportunityEventKind } from '../../wire/kinds.ts';
import { opportunityDelivery } from './deliveries.ts';
import type { RunsOf } from './operation.ts';

export const SEARCH_REFUSED: Fault = {
  method: 'POST',
  path: '/opportunities/search',
  status: 422,
  times: 1,
  body: { statusCode: 422, message: ['property filters should not exist'] },
};

/** What an opportunity has where it is a row of a search, beyond what it always has. */
export const OF_ROWS = ['further_contacts', 'first_attribution', 'last_attribution'];

export const TURNED_ON = { isPopulatingDedupe: true };
export const SAMPLE = { isLoadingSample: true };

export function idsOf(sandbox: Sandbox) {
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
export function newOpportunity(sandbox: Sandbox): { id: string; contactId: string } {
  const { onboarding } = idsOf(sandbox);
  const [id = ''] = sandbox.importOpportunities({ count: 1, pipelineId: onboarding.id });
  return { id, contactId: sandbox.opportunity(id).contactId };
}

/** Every filter of the polling triggers, by id. */
export function filters(sandbox: Sandbox) {
  const { sales, firstStage, owner } = idsOf(sandbox);
  return { pipeline_id: sales.id, stage_id: firstStage, status: 'open', owner_id: owner };
}

export const pollRuns: RunsOf = (sandbox) => ({
  all: [
    { inputData: { ...filters(sandbox), include_contact: 'yes' } },
    { inputData: filters(sandbox), fault: SEARCH_REFUSED },
    { meta: TURNED_ON },
    { meta: TURNED_ON, fault: SEARCH_REFUSED },
    { meta: SAMPLE },
  ],
  least: [{}],
});

/** Whatever a list takes is what a person types to search it. */
export const listRuns: RunsOf = () => ({
  all: [{ inputData: { search: 'import' } }, { inputData: { search: 'import' }, meta: { page: 1 } }],
  least: [{}],
});

/** A delivery of the relay; subscribing sends nothing to HighLevel beyond the names it looks up. */
export const hookRuns =
  (
    event: OpportunityEventKind,
    from: string | number | null,
    to: string | number | null,
    more: (sandbox: Sandbox) => Record<string, unknown>,
  ): RunsOf =>
  (sandbox) => {
    const inputData = {
      ...filters(sandbox),
      include_contact: 'yes',
      ignore_own_changes: 'yes',
      ...more(sandbox),
    };
    const delivery = opportunityDelivery(
      event,
      idsOf(sandbox).opportunityId,
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
export function ownFields({ customFields }: ReturnType<typeof idsOf>): Record<string, unknown> {
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

export const values = {
  status: 'open',
  monetary_value: '1250.50',
  expected_close_date: '2026-12-31',
  probability: '40',
};

/** What the searches for opportunities have in common. */
export const searchRuns: RunsOf = (sandbox) => {
  const known = idsOf(sandbox);
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
  const contact = sandbox.state.contacts.get(known.contactId);
  const plain = { ...filters(sandbox), name: 'Website (new)', contact_id: known.contactId };
  const person = { contact_email: contact?.email ?? 'nobody@example.com', contact_phone: '+12025550100' };
  const own = Object.entries(known.customFields)
    .filter(([key]) => key.startsWith('opportunity.'))
    .map(([key, id]) => ({
      search_field: id,
      search_field_value: /seats|setup_fee/.test(key) ? '12' : /date/.test(key) ? '2026-12-31' : 'Website',
    }));
  return {
    all: [
      { inputData: { ...plain, name_match: 'part' } },
      { inputData: { ...plain, ...more, ...dates } },
      { inputData: { pipeline_id: known.sales.id, ...person } },
      { inputData: { ...more, ...dates }, fault: SEARCH_REFUSED },
      { inputData: { pipeline_id: known.sales.id, without_owner: 'yes' } },
      ...own.map((inputData) => ({ inputData })),
    ],
    least: [{ inputData: { name: 'Website' } }],
  };
};
