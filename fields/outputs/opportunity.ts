/** What an opportunity looks like in the Zap editor, for every operation that shows one. */

import type { Bundle, ZObject } from 'zapier-platform-core';
import { opportunityFields } from '../../highlevel/account/custom-fields.ts';
import { ATTRIBUTION_KEYS } from '../../highlevel/opportunities/attribution.ts';
import type { Opportunity } from '../../highlevel/opportunities/record.ts';
import { wantsContact } from '../inputs/include-contact.ts';
import { contactOfOpportunityOutputs } from './contact.ts';
import { customFieldOutputs } from './custom-fields.ts';

export const opportunitySample: Omit<Opportunity, 'custom_fields'> & {
  custom_fields: Record<string, never>;
} = {
  id: 'yWQobCRIhRguQtD2llvk',
  name: 'Website for Harbor Cafe',
  status: 'open',
  monetary_value: 4800,
  pipeline_id: 'VDm7RPYC2GLUvdpKmBfC',
  pipeline_name: 'Sales',
  stage_id: 'e93ba61a-53b3-45e7-985a-c7732dbcdb69',
  stage_name: 'Proposal Sent',
  owner_id: '082goXVW3lIExEQPOnd3',
  owner_name: 'Maria Lopez',
  owner_email: 'maria@example.com',
  contact_id: 'mTkSCb1UBjb5tk4OvB69',
  contact_name: 'Sam Reed',
  contact_email: 'sam@example.com',
  contact_phone: '+12025550107',
  contact_company_name: 'Harbor Cafe',
  contact_tags: ['newsletter'],
  source: 'Webinar',
  lost_reason_id: null,
  lost_reason_name: null,
  expected_close_date: '2026-12-31',
  probability: 60,
  effective_probability: 60,
  follower_ids: ['082goXVW3lIExEQPOnd3'],
  created_at: '2026-11-02T09:15:00.000Z',
  updated_at: '2026-11-20T14:30:00.000Z',
  last_stage_change_at: '2026-11-18T16:05:00.000Z',
  last_status_change_at: '2026-11-02T09:15:00.000Z',
  location_id: 've9EPM428h8vShlRW1KT',
  url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/opportunities/list?opportunity=yWQobCRIhRguQtD2llvk',
  custom_fields: {},
};

/** As a search shows it. */
export const opportunityRowSample = {
  ...opportunitySample,
  further_contacts: [],
  first_attribution: {},
  last_attribution: {},
};

const ATTRIBUTION_LABELS: Record<(typeof ATTRIBUTION_KEYS)[number], string> = {
  gclid: 'Google Click ID',
  fbclid: 'Facebook Click ID',
  fbc: 'Facebook Click Cookie',
  fbp: 'Facebook Browser ID',
  msclkid: 'Microsoft Click ID',
  utm_source: 'UTM Source',
  utm_medium: 'UTM Medium',
  utm_campaign: 'UTM Campaign',
  utm_content: 'UTM Content',
  utm_term: 'UTM Term',
  ad_id: 'Ad ID',
  ad_group_id: 'Ad Group ID',
  campaign_id: 'Campaign ID',
  landing_page: 'Landing Page',
  referrer: 'Referrer',
};

/**
 * The keys that stand in the definition itself: those that rows are told apart by, and what most Zaps use. Core copies
 * and freezes every object of the definition in each call, and no function.
 */
const KEY_OUTPUT = [
  { key: 'id', label: 'Opportunity ID', type: 'string', required: true },
  { key: 'name', label: 'Opportunity Name', type: 'string' },
  { key: 'status', label: 'Status', type: 'string' },
  { key: 'monetary_value', label: 'Value', type: 'number' },
  { key: 'contact_id', label: 'Contact ID', type: 'string' },
  { key: 'created_at', label: 'Created', type: 'datetime' },
  { key: 'updated_at', label: 'Updated', type: 'datetime' },
  { key: 'last_stage_change_at', label: 'Last Stage Change', type: 'datetime' },
  { key: 'last_status_change_at', label: 'Last Status Change', type: 'datetime' },
  { key: 'url', label: 'Link', type: 'string' },
] as const;

const FURTHER = [
  { key: 'pipeline_id', label: 'Pipeline ID', type: 'string' },
  { key: 'pipeline_name', label: 'Pipeline Name', type: 'string' },
  { key: 'stage_id', label: 'Stage ID', type: 'string' },
  { key: 'stage_name', label: 'Stage Name', type: 'string' },
  { key: 'owner_id', label: 'Owner ID', type: 'string' },
  { key: 'owner_name', label: 'Owner Name', type: 'string' },
  { key: 'owner_email', label: 'Owner Email', type: 'string' },
  { key: 'contact_name', label: 'Contact Name', type: 'string' },
  { key: 'contact_email', label: 'Contact Email', type: 'string' },
  { key: 'contact_phone', label: 'Contact Phone', type: 'string' },
  { key: 'contact_company_name', label: 'Contact Company', type: 'string' },
  { key: 'contact_tags', label: 'Contact Tags', type: 'string', list: true },
  { key: 'source', label: 'Source', type: 'string' },
  { key: 'lost_reason_id', label: 'Lost Reason ID', type: 'string' },
  { key: 'lost_reason_name', label: 'Lost Reason', type: 'string' },
  { key: 'expected_close_date', label: 'Expected Close Date', type: 'string' },
  { key: 'probability', label: 'Probability', type: 'number' },
  { key: 'effective_probability', label: 'Probability (Stage’s if Empty)', type: 'number' },
  { key: 'follower_ids', label: 'Follower IDs', type: 'string', list: true },
  { key: 'location_id', label: 'Sub-Account ID', type: 'string' },
] as const;

/** The keys that every account has. */
export const opportunityOutput = [...KEY_OUTPUT, ...FURTHER];

const ownOutputs = customFieldOutputs(opportunityFields);

/** What rows of a search tell, and a read by id does not. [recorded] */
const furtherContactOutputs = [
  { key: 'further_contacts[]id', label: 'Additional Contacts: ID', type: 'string' },
  { key: 'further_contacts[]name', label: 'Additional Contacts: Name', type: 'string' },
  { key: 'further_contacts[]email', label: 'Additional Contacts: Email', type: 'string' },
  { key: 'further_contacts[]phone', label: 'Additional Contacts: Phone', type: 'string' },
] as const;

/** As `furtherContactOutputs`. */
export const attributionOutputs = [
  ...(['first', 'last'] as const).flatMap((which) =>
    ATTRIBUTION_KEYS.map((key) => ({
      key: `${which}_attribution__${key}`,
      label: `${which === 'first' ? 'First' : 'Last'} Attribution: ${ATTRIBUTION_LABELS[key]}`,
      type: 'string' as const,
    })),
  ),
];

/** The other keys and the person's own fields: one function for all operations, so that none pays for them. */
const furtherOutputs = async (z: ZObject, bundle: Bundle) => [
  ...FURTHER,
  ...(await ownOutputs(z, bundle)),
  ...(wantsContact(z, bundle) ? await contactOfOpportunityOutputs(z, bundle) : []),
];

/** What every operation that shows an opportunity describes as its output. */
export const opportunityOutputFields = [...KEY_OUTPUT, furtherOutputs];

const furtherRowOutputs = async (z: ZObject, bundle: Bundle) => [
  ...(await furtherOutputs(z, bundle)),
  ...furtherContactOutputs,
  ...attributionOutputs,
];

/** What those describe that show rows of a search. */
export const opportunityRowOutputFields = [...KEY_OUTPUT, furtherRowOutputs];

type Key = (typeof opportunityOutput)[number]['key'];

/** The same for an operation that could never fill some of them: a person would map those and get nothing, for ever. */
export function outputFieldsWithout(keys: readonly Key[]) {
  const has = ({ key }: { key: string }) => !(keys as readonly string[]).includes(key);
  return [
    ...KEY_OUTPUT.filter(has),
    async (z: ZObject, bundle: Bundle) => [...FURTHER.filter(has), ...(await ownOutputs(z, bundle))],
  ];
}
