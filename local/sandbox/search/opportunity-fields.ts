import type { SandboxContext } from '../state/context.ts';
import { entryOf } from '../state/entry.ts';
import type { Contact, CustomField, Opportunity } from '../state/records.ts';
import type { IndexedRow } from '../state/search-index.ts';
import { anyTime } from '../state/time.ts';

/**
 * What a filter's value must look like: `id` one text or several, `text` one text, `number`, `date` (ISO or ms),
 * `list-only` a list of whole values.
 */
type FieldKind = 'id' | 'text' | 'number' | 'date' | 'list-only';

export interface SearchField {
  kind: FieldKind;
  operators: string[];
  /** The row's values: none if empty; dates in ms. */
  values(row: IndexedRow): (string | number)[];
}

const EXISTS = ['exists', 'not_exists'];
const EQ = ['eq', 'not_eq'];
const CONTAINS = ['contains', 'not_contains'];

function full(value: string | number | null | undefined): (string | number)[] {
  return value === null || value === undefined || value === '' ? [] : [value];
}

function ofOpportunity(
  kind: FieldKind,
  operators: string[],
  read: (one: Opportunity) => string | number | null,
): SearchField {
  return { kind, operators, values: ({ opportunity }) => full(read(opportunity)) };
}

function ofDate(read: (row: IndexedRow) => number): SearchField {
  return { kind: 'date', operators: ['range', ...EXISTS], values: (row) => [read(row)] };
}

/** The opportunity's own fields with the operators of the vendor's table [docs]; `contains` of `source` by [measured by others]. */
const FIELDS: Record<string, SearchField> = {
  id: ofOpportunity('id', EQ, (one) => one.id),
  name: ofOpportunity('text', [...EQ, ...CONTAINS, ...EXISTS], (one) => one.name),
  // 0 is what "no value" is stored as [recorded], so an opportunity always has one [assumed].
  monetary_value: ofOpportunity('number', [...EQ, 'range', ...EXISTS], (one) => one.monetaryValue),
  pipeline_id: ofOpportunity('id', [...EQ, ...EXISTS], (one) => one.pipelineId),
  pipeline_stage_id: ofOpportunity('id', [...EQ, ...EXISTS], (one) => one.pipelineStageId),
  status: ofOpportunity('id', [...EQ, ...EXISTS], (one) => one.status),
  lost_reason_id: ofOpportunity('id', [...EQ, ...EXISTS], (one) => one.lostReasonId),
  source: ofOpportunity('list-only', [...EQ, ...CONTAINS, ...EXISTS], (one) => one.source),
  assigned_to: ofOpportunity('id', [...EQ, ...EXISTS], (one) => one.assignedTo),
  contact_id: ofOpportunity('id', [...EQ, ...EXISTS], (one) => one.contactId),
  followers: {
    kind: 'id',
    operators: [...EQ, ...CONTAINS, ...EXISTS],
    values: ({ opportunity }) => opportunity.followers,
  },
  date_added: ofDate((row) => row.created),
  date_updated: ofDate((row) => row.updated),
  last_status_change_date: ofDate((row) => row.statusChanged),
  last_stage_change_date: ofDate((row) => row.stageChanged),
};

const CONTACT_FIELDS: Record<string, (contact: Contact) => string | null> = {
  contact_name: (contact) => [contact.firstName, contact.lastName].filter((part) => part).join(' '),
  company_name: (contact) => contact.companyName,
  email: (contact) => contact.email,
  phone: (contact) => contact.phone,
};

function customKind(field: CustomField): { kind: FieldKind; operators: string[] } {
  switch (field.dataType) {
    case 'NUMERICAL':
    case 'MONETORY':
      return { kind: 'number', operators: ['range', ...EXISTS, ...EQ] };
    case 'DATE':
      return { kind: 'date', operators: ['range', ...EXISTS] };
    case 'CHECKBOX':
    case 'MULTIPLE_OPTIONS':
      return { kind: 'id', operators: [...EQ, ...EXISTS] };
    default:
      return { kind: 'text', operators: [...EQ, ...CONTAINS, ...EXISTS] };
  }
}

function plain(kind: FieldKind, value: unknown): (string | number)[] {
  if (Array.isArray(value)) return value.flatMap((one) => plain(kind, one));
  if (kind === 'date') {
    const at = typeof value === 'number' ? value : anyTime(String(value));
    return at === null ? [] : [at];
  }
  if (kind === 'number') return value === null || value === '' ? [] : full(Number(value));
  return typeof value === 'string' || typeof value === 'number' ? full(String(value)) : [];
}

function customField(ctx: SandboxContext, locationId: string, path: string): SearchField | null {
  const [id = '', option] = path.split('.');
  const field = ctx.state.customFields.get(id);
  if (field === undefined || field.locationId !== locationId) return null;
  const { kind, operators } = customKind(field);
  return {
    kind,
    operators,
    values({ opportunity }) {
      const stored = opportunity.customFields.find((one) => one.id === id)?.value ?? null;
      const isObject = typeof stored === 'object' && stored !== null && !Array.isArray(stored);
      if (!isObject) return plain(kind, stored);
      // TEXTBOX_LIST is asked for by `custom_fields.{id}.{option}` [docs].
      return option === undefined ? [] : plain(kind, (stored as Record<string, unknown>)[option]);
    },
  };
}

/**
 * The field that a filter of POST /opportunities/search names.
 *
 * @returns null if the vendor's table has no such field, or the location no such custom field.
 */
export function fieldOf(ctx: SandboxContext, locationId: string, name: string): SearchField | null {
  const own = entryOf(FIELDS, name);
  if (own !== undefined) return own;
  const ofContact = entryOf(CONTACT_FIELDS, name);
  if (ofContact !== undefined) {
    return {
      kind: 'text',
      operators: [...EQ, ...CONTAINS, ...EXISTS],
      values({ opportunity }) {
        const contact = ctx.state.contacts.get(opportunity.contactId);
        return contact === undefined ? [] : full(ofContact(contact));
      },
    };
  }
  const prefix = 'custom_fields.';
  return name.startsWith(prefix) ? customField(ctx, locationId, name.slice(prefix.length)) : null;
}
