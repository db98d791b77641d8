import { contactFields } from '../../highlevel/account/custom-fields.ts';
import type { Contact } from '../../highlevel/contacts/record.ts';
import { customFieldOutputs } from './custom-fields.ts';

/** What a contact looks like in the Zap editor, for every operation that shows one. */

export const contactSample: Omit<Contact, 'custom_fields'> & {
  custom_fields: Record<string, never>;
  was_created: boolean;
} = {
  id: 'mTkSCb1UBjb5tk4OvB69',
  name: 'Sam Reed',
  first_name: 'Sam',
  last_name: 'Reed',
  email: 'sam@example.com',
  phone: '+12025550107',
  company_name: 'Harbor Cafe',
  tags: ['newsletter'],
  owner_id: '082goXVW3lIExEQPOnd3',
  owner_name: 'Maria Lopez',
  source: 'Webinar',
  created_at: '2026-11-02T09:15:00.000Z',
  updated_at: '2026-11-20T14:30:00.000Z',
  url: 'https://app.gohighlevel.com/v2/location/ve9EPM428h8vShlRW1KT/contacts/detail/mTkSCb1UBjb5tk4OvB69',
  custom_fields: {},
  was_created: false,
};

export const contactOutputFields = [
  { key: 'id', label: 'Contact ID', type: 'string', required: true },
  { key: 'name', label: 'Name', type: 'string' },
  { key: 'first_name', label: 'First Name', type: 'string' },
  { key: 'last_name', label: 'Last Name', type: 'string' },
  { key: 'email', label: 'Email', type: 'string' },
  { key: 'phone', label: 'Phone', type: 'string' },
  { key: 'company_name', label: 'Company', type: 'string' },
  { key: 'tags', label: 'Tags', type: 'string', list: true },
  { key: 'owner_id', label: 'Owner ID', type: 'string' },
  { key: 'owner_name', label: 'Owner Name', type: 'string' },
  { key: 'source', label: 'Source', type: 'string' },
  { key: 'created_at', label: 'Created', type: 'datetime' },
  { key: 'updated_at', label: 'Updated', type: 'datetime' },
  { key: 'url', label: 'Link', type: 'string' },
  { key: 'was_created', label: 'Was Created', type: 'boolean' },
  customFieldOutputs(contactFields),
] as const;
