/** What a contact looks like in the Zap editor, for every operation that shows one. */

import type { Bundle, ZObject } from 'zapier-platform-core';
import { contactFields } from '../../highlevel/account/custom-fields.ts';
import type { Contact } from '../../highlevel/contacts/record.ts';
import { customFieldOutputs } from './custom-fields.ts';

type ContactSample = Omit<Contact, 'custom_fields'> & { custom_fields: Record<string, never> };

export const existingContactSample: ContactSample = {
  id: 'mTkSCb1UBjb5tk4OvB69',
  name: 'Sam Reed',
  first_name: 'Sam',
  last_name: 'Reed',
  email: 'sam@example.com',
  phone: '+12025550107',
  company_name: 'Harbor Cafe',
  address: '12 Pier Road',
  city: 'Portland',
  state: 'ME',
  postal_code: '04101',
  country: 'US',
  website: 'https://harborcafe.example.com',
  date_of_birth: '1988-04-17',
  do_not_disturb: false,
  tags: ['newsletter'],
  owner_id: '082goXVW3lIExEQPOnd3',
  owner_name: 'Maria Lopez',
  source: 'Webinar',
  created_at: '2026-11-02T09:15:00.000Z',
  updated_at: '2026-11-20T14:30:00.000Z',
  url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
  custom_fields: {},
};

export const contactSample = { ...existingContactSample, was_created: false };

/** What stands in the definition itself, which core copies and freezes in each call, unlike functions. */
const KEY_OUTPUT = [
  { key: 'id', label: 'Contact ID', type: 'string', required: true },
  { key: 'name', label: 'Name', type: 'string' },
  { key: 'email', label: 'Email', type: 'string' },
  { key: 'phone', label: 'Phone', type: 'string' },
  { key: 'url', label: 'Link', type: 'string' },
] as const;

const FURTHER = [
  { key: 'first_name', label: 'First Name', type: 'string' },
  { key: 'last_name', label: 'Last Name', type: 'string' },
  { key: 'company_name', label: 'Company', type: 'string' },
  { key: 'address', label: 'Address', type: 'string' },
  { key: 'city', label: 'City', type: 'string' },
  { key: 'state', label: 'State', type: 'string' },
  { key: 'postal_code', label: 'Postal Code', type: 'string' },
  { key: 'country', label: 'Country', type: 'string' },
  { key: 'website', label: 'Website', type: 'string' },
  { key: 'date_of_birth', label: 'Date of Birth', type: 'string' },
  { key: 'do_not_disturb', label: 'Do Not Disturb', type: 'boolean' },
  { key: 'tags', label: 'Tags', type: 'string', list: true },
  { key: 'owner_id', label: 'Owner ID', type: 'string' },
  { key: 'owner_name', label: 'Owner Name', type: 'string' },
  { key: 'source', label: 'Source', type: 'string' },
  { key: 'created_at', label: 'Created', type: 'datetime' },
  { key: 'updated_at', label: 'Updated', type: 'datetime' },
] as const;

const ownOutputs = customFieldOutputs(contactFields);

const furtherOutputs = async (z: ZObject, bundle: Bundle) => [...FURTHER, ...(await ownOutputs(z, bundle))];

const CONTACT = 'contact__';
const ownOutputsOfContact = customFieldOutputs(contactFields, CONTACT);

/** The contact of an opportunity, where it is read as well: under `contact`, one function for all operations. */
export const contactOfOpportunityOutputs = async (z: ZObject, bundle: Bundle) => [
  ...[...KEY_OUTPUT, ...FURTHER].map(({ key, label, type, ...field }) => ({
    key: `${CONTACT}${key}`,
    label: `Contact: ${label.replace(/^Contact /, '')}`,
    type,
    ...('list' in field ? { list: true } : {}),
  })),
  ...(await ownOutputsOfContact(z, bundle)).map((field) => ({ ...field, label: `Contact: ${field.label}` })),
];

/** For actions on a contact that is there. */
export const existingContactOutputFields = [...KEY_OUTPUT, furtherOutputs];

export const contactOutputFields = [
  ...existingContactOutputFields,
  { key: 'was_created', label: 'Was Created', type: 'boolean' as const },
];
