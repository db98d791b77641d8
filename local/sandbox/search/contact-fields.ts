import { fullName } from '../contacts/views.ts';
import type { SandboxContext } from '../state/context.ts';
import { entryOf } from '../state/entry.ts';
import type { Contact } from '../state/records.ts';
import { anyTime } from '../state/time.ts';

type Value = string | number | boolean;

/** A field of POST /contacts/search: what can be asked of it, and what a contact has in it. */
export interface ContactField {
  operators: readonly string[];
  /** None where it is empty; dates in ms since the epoch. */
  values(contact: Contact): Value[];
}

const EXISTS = ['exists', 'not_exists'];
const EQ = ['eq', 'not_eq', ...EXISTS];
const TEXT = [...EQ, 'contains', 'not_contains'];
const DATE = ['range', ...EXISTS];

function full(value: unknown): Value[] {
  const isValue = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isValue && value !== '' ? [value] : [];
}

function time(value: unknown): Value[] {
  const ms = typeof value === 'number' ? value : anyTime(String(value));
  return value === null || ms === null ? [] : [ms];
}

function detail(key: string, operators: readonly string[]): ContactField {
  return { operators, values: (contact) => full(contact.details?.[key]) };
}

/** Fields and their operators by the vendor's page on this search [docs]; the rarer ones are left out. */
const FIELDS: Record<string, ContactField> = {
  id: { operators: ['eq', 'not_eq'], values: ({ id }) => [id] },
  contactName: { operators: TEXT, values: (contact) => full(fullName(contact)) },
  firstNameLowerCase: { operators: TEXT, values: ({ firstName }) => full(firstName?.toLowerCase()) },
  lastNameLowerCase: { operators: TEXT, values: ({ lastName }) => full(lastName?.toLowerCase()) },
  email: { operators: TEXT, values: ({ email }) => full(email) },
  phone: { operators: TEXT, values: ({ phone }) => full(phone) },
  companyName: { operators: TEXT, values: ({ companyName }) => full(companyName) },
  source: { operators: TEXT, values: ({ source }) => full(source) },
  assignedTo: { operators: EQ, values: ({ assignedTo }) => full(assignedTo) },
  tags: { operators: TEXT, values: ({ tags }) => tags },
  type: { operators: EQ, values: () => ['lead'] },
  dnd: { operators: EQ, values: (contact) => full(contact.details?.dnd ?? false) },
  address: detail('address1', TEXT),
  city: detail('city', TEXT),
  state: detail('state', TEXT),
  country: detail('country', EQ),
  postalCode: detail('postalCode', TEXT),
  website: detail('website', EQ),
  timezone: detail('timezone', EQ),
  dateAdded: { operators: DATE, values: ({ dateAdded }) => time(dateAdded) },
  dateUpdated: { operators: DATE, values: ({ dateUpdated }) => time(dateUpdated) },
  dateOfBirth: { operators: DATE, values: (contact) => time(contact.details?.dateOfBirth ?? null) },
};

/** The fields by which rows can be sorted [docs], of those that the sandbox keeps. */
export const SORT_FIELDS = [
  'firstNameLowerCase',
  'lastNameLowerCase',
  'dateAdded',
  'dateUpdated',
  'email',
  'dnd',
  'source',
];

const OPERATORS_OF_TYPE: Record<string, readonly string[]> = {
  NUMERICAL: ['range', ...EQ],
  MONETORY: ['range', ...EQ],
  DATE,
  CHECKBOX: EQ,
  MULTIPLE_OPTIONS: EQ,
};

/** The field of this name, `customFields.{id}` among them; null if the location has none such. */
export function contactField(ctx: SandboxContext, locationId: string, name: string): ContactField | null {
  const own = entryOf(FIELDS, name);
  if (own !== undefined) return own;
  const [head, id = '', option] = name.split('.');
  const field = ctx.state.customFields.get(id);
  if (head !== 'customFields' || field === undefined) return null;
  if (field.locationId !== locationId || field.model !== 'contact') return null;
  return {
    operators: entryOf(OPERATORS_OF_TYPE, field.dataType) ?? TEXT,
    values(contact) {
      const stored = contact.customFields.find((one) => one.id === id)?.value;
      if (field.dataType === 'DATE') return stored === undefined ? [] : time(stored);
      if (field.dataType === 'NUMERICAL' || field.dataType === 'MONETORY') {
        return stored === undefined || stored === '' ? [] : full(Number(stored));
      }
      if (Array.isArray(stored)) return stored.flatMap(full);
      const isObject = typeof stored === 'object' && stored !== null && option !== undefined;
      return full(isObject ? (stored as Record<string, unknown>)[option] : stored);
    },
  };
}
