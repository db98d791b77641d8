import { asKind, kindOf } from '../account/custom-field-value.ts';
import type { CustomField } from '../account/custom-fields.ts';
import { asRead, simplify } from '../account/resolve.ts';
import { momentMs } from '../http/time.ts';
import type { Filter, FilterField, Range } from './advanced-search.ts';
import type { ListFilters } from './list-search.ts';
import { normalise, type Opportunity, type OpportunityRecord, type Status } from './record.ts';

/** A stretch of time in ms since the epoch; open at an end that is not given. */
export interface Span {
  from?: number;
  /** The first moment after it. */
  before?: number;
}

/** What an opportunity must be like. HighLevel narrows down by as much of it as it can; `meets` decides. */
export interface Criteria {
  id?: string;
  /** The name or a part of it, whatever its capitals. */
  name?: string;
  /** Whether the name must be the whole one. */
  wholeName?: boolean;
  contactId?: string;
  pipelineId?: string;
  stageId?: string;
  status?: Status;
  ownerId?: string;
  /** Whether it must belong to nobody. */
  withoutOwner?: true;
  lostReasonId?: string;
  /** The whole source. */
  source?: string;
  contactTag?: string;
  /** A number for fields of numbers, YYYY-MM-DD for days, else text. */
  customField?: { field: CustomField; value: string | number };
  minValue?: number;
  maxValue?: number;
  created?: Span;
  updated?: Span;
  statusChanged?: Span;
  stageChanged?: Span;
  /** Open now, or created or changed in its status within this stretch. */
  openOr?: Span;
  /** YYYY-MM-DD, both days included. */
  expectedClose?: { from?: string; to?: string };
}

type Criterion = keyof Criteria;

/** What HighLevel's two searches can do for one criterion, and what decides in the end. */
interface Searchable<V> {
  /** The parameters of GET /opportunities/search; null where it has none. [spec] */
  list: ((value: V, all: Criteria) => ListFilters) | null;
  /** The filters of POST /opportunities/search; null where it has none. [docs] */
  advanced: ((value: V) => Filter[]) | null;
  /** Which of the searches give exactly what meets the criterion, so that their totals are those of the matches. */
  exact: (value: V) => { list: boolean; advanced: boolean };
  /** Whether a record meets it; null where the record does not say. */
  meets: (opportunity: Opportunity, value: V, all: Criteria) => boolean | null;
}

const both = () => ({ list: true, advanced: true });
const advancedOnly = () => ({ list: false, advanced: true });
const neither = () => ({ list: false, advanced: false });

function equal<K extends keyof Opportunity>(
  key: K,
  field: FilterField,
  list: ((value: string) => ListFilters) | null,
): Searchable<string> {
  return {
    list,
    advanced: (value) => [{ field, operator: 'eq', value }],
    exact: list ? both : advancedOnly,
    meets: (opportunity, value) => (opportunity[key] === undefined ? null : opportunity[key] === value),
  };
}

function span(
  key: 'created_at' | 'updated_at' | 'last_status_change_at' | 'last_stage_change_at',
  field: FilterField,
) {
  return {
    // An opportunity is older than any moment of its own, so younger ones need not be read; a day more, as zones differ.
    list: ({ before }) => (before === undefined ? {} : { endDate: monthDayYear(before + DAY_MS) }),
    advanced: (value) => [{ field, operator: 'range', value: isoRange(value) }],
    exact: advancedOnly,
    meets: (opportunity, value) => within(value, opportunity[key]),
  } satisfies Searchable<Span>;
}

/**
 * Every criterion: a new one does not compile without its row. What the text search of GET looks into is a setting of
 * the account [docs], so a name is left out where a contact is given, whose few opportunities can be looked through.
 * POST takes of a name only a part, because `contains` knows no special characters [docs], and of a source the exact text
 * in an array. [measured by others]
 */
const SEARCHABLE: { [K in Criterion]-?: Searchable<NonNullable<Criteria[K]>> } = {
  pipelineId: equal('pipeline_id', 'pipeline_id', (pipelineId) => ({ pipelineId })),
  stageId: equal('stage_id', 'pipeline_stage_id', (pipelineStageId) => ({ pipelineStageId })),
  contactId: equal('contact_id', 'contact_id', (contactId) => ({ contactId })),
  ownerId: equal('owner_id', 'assigned_to', (assignedTo) => ({ assignedTo })),
  status: {
    list: (status) => ({ status }),
    advanced: (value) => [{ field: 'status', operator: 'eq', value }],
    exact: both,
    meets: ({ status }, value) => status === value,
  },
  id: equal('id', 'id', null),
  lostReasonId: equal('lost_reason_id', 'lost_reason_id', null),
  withoutOwner: {
    list: null,
    advanced: () => [{ field: 'assigned_to', operator: 'not_exists' }],
    exact: advancedOnly,
    meets: ({ owner_id }) => owner_id === null,
  },
  source: {
    list: null,
    advanced: (value) => [{ field: 'source', operator: 'eq', value: [value] }],
    exact: advancedOnly,
    meets: ({ source }, value) => simplify(source) === simplify(value),
  },
  name: {
    list: (name, { contactId }) => (contactId ? {} : { q: asRead(name) }),
    advanced: (value) => {
      const part = plainPart(value);
      return part ? [{ field: 'name', operator: 'contains', value: part }] : [];
    },
    exact: neither,
    meets: (opportunity, value, { wholeName }) => closeness(opportunity, value) <= (wholeName ? 0 : 2),
  },
  // Says how the name is compared, and is asked of no search itself.
  wholeName: { list: () => ({}), advanced: () => [], exact: both, meets: () => true },
  minValue: {
    list: null,
    advanced: (gte) => [{ field: 'monetary_value', operator: 'range', value: { gte } }],
    exact: advancedOnly,
    meets: ({ monetary_value }, value) => (monetary_value ?? 0) >= value,
  },
  maxValue: {
    list: null,
    advanced: (lte) => [{ field: 'monetary_value', operator: 'range', value: { lte } }],
    exact: advancedOnly,
    meets: ({ monetary_value }, value) => (monetary_value ?? 0) <= value,
  },
  created: span('created_at', 'date_added'),
  updated: span('updated_at', 'date_updated'),
  statusChanged: span('last_status_change_at', 'last_status_change_date'),
  stageChanged: span('last_stage_change_at', 'last_stage_change_date'),
  openOr: {
    list: null,
    advanced: (stretch) => [
      {
        group: 'OR',
        filters: [
          { field: 'status', operator: 'eq', value: 'open' },
          { field: 'date_added', operator: 'range', value: isoRange(stretch) },
          { field: 'last_status_change_date', operator: 'range', value: isoRange(stretch) },
        ],
      },
    ],
    exact: advancedOnly,
    meets: ({ status, created_at, last_status_change_at }, stretch) =>
      status === 'open' || within(stretch, created_at) || within(stretch, last_status_change_at),
  },
  contactTag: {
    list: null,
    advanced: null,
    exact: neither,
    meets: ({ contact_tags }, value) => contact_tags.some((tag) => simplify(tag) === simplify(value)),
  },
  expectedClose: {
    list: null,
    advanced: null,
    exact: neither,
    meets: ({ expected_close_date }, days) => betweenDays(days, expected_close_date),
  },
  customField: {
    list: null,
    advanced: customFieldFilters,
    exact: (value) => ({ list: false, advanced: customFieldFilters(value).length > 0 }),
    meets: ({ custom_fields }, value) =>
      custom_fields === undefined ? null : holds(custom_fields[value.field.id] ?? null, value),
  },
};

/** One row of the table with the value that is asked for. */
type Row = { criterion: Criterion; value: unknown; searchable: Searchable<unknown> };

function rows(criteria: Criteria): Row[] {
  return (Object.keys(SEARCHABLE) as Criterion[])
    .filter((criterion) => criteria[criterion] !== undefined)
    .map((criterion) => ({
      criterion,
      value: criteria[criterion],
      searchable: SEARCHABLE[criterion] as Searchable<unknown>,
    }));
}

/** The names of the criteria that are given. */
export function asked(criteria: Criteria): string[] {
  return rows(criteria).map(({ criterion }) => criterion);
}

/** What GET /opportunities/search filters by of these criteria. */
export function listFilters(criteria: Criteria): ListFilters {
  return Object.assign(
    {},
    ...rows(criteria).map(({ value, searchable }) => searchable.list?.(value, criteria)),
  );
}

/** What POST /opportunities/search filters by of these criteria; a lower and an upper bound of one field are one range. */
export function advancedFilters(criteria: Criteria): Filter[] {
  const filters = rows(criteria).flatMap(({ value, searchable }) => searchable.advanced?.(value) ?? []);
  const { minValue, maxValue } = criteria;
  if (minValue === undefined || maxValue === undefined) return filters;
  const value = { gte: minValue, lte: maxValue };
  const range: Filter = { field: 'monetary_value', operator: 'range', value };
  return filters
    .filter(
      (filter) => !('value' in filter && filter.field === 'monetary_value' && 'lte' in Object(filter.value)),
    )
    .map((filter) => ('field' in filter && filter.field === 'monetary_value' ? range : filter));
}

/** Whether GET /opportunities/search filters by all that these criteria ask for. */
export function suitsList(criteria: Criteria): boolean {
  return rows(criteria).every(
    ({ criterion, value, searchable }) => criterion === 'name' || searchable.exact(value).list,
  );
}

/** Whether a search finds exactly what meets these criteria, so that its total is theirs. */
export function countedBy(search: 'list' | 'advanced', criteria: Criteria): boolean {
  return rows(criteria).every(({ value, searchable }) => searchable.exact(value)[search]);
}

/**
 * Whether a record is what was asked for, whichever endpoint it came from; null where it does not say of what is left.
 *
 * @param believed criteria that HighLevel itself applied, and that count as met where the record does not say
 */
export function meets(record: OpportunityRecord, criteria: Criteria, believed = false): boolean | null {
  const given = rows(criteria);
  if (given.length === 0) return true;
  const opportunity = normalise(record);
  const verdicts = given.map(({ value, searchable }) => searchable.meets(opportunity, value, criteria));
  if (verdicts.includes(false)) return false;
  return verdicts.includes(null) && !believed ? null : true;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** As GET takes a day: in any other form it does not filter. [spec; measured by others] */
function monthDayYear(ms: number): string {
  const [year, month, day] = new Date(ms).toISOString().slice(0, 10).split('-');
  return `${month}-${day}-${year}`;
}

/** The operators differ by data type; for lists of text boxes and files there is none that would do. [docs] */
function customFieldFilters({ field, value }: NonNullable<Criteria['customField']>): Filter[] {
  const name = `custom_fields.${field.id}` as const;
  if (field.dataType === 'TEXTBOX_LIST' || field.dataType === 'FILE_UPLOAD') return [];
  if (kindOf(field.dataType) !== 'day') return [{ field: name, operator: 'eq', value }];
  const range = { gte: `${value}T00:00:00.000Z`, lte: `${value}T23:59:59.999Z` };
  return [{ field: name, operator: 'range', value: range }];
}

function isoRange({ from, before }: Span): Range {
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return { gte: iso(from), lt: iso(before) };
}

/** The longest stretch of a text without special characters, 75 characters of it at most. [docs] */
function plainPart(text: string): string {
  const parts = asRead(text)
    .split(/[^\p{L}\p{N} ]+/u)
    .map((part) => part.trim().slice(0, 75).trim());
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

/** How near a record's name comes to the one sought: 0 the same, 1 begins with it, 2 has it, 3 has it not. */
export function closeness({ name }: { name?: string | null }, sought: string): number {
  const held = simplify(name);
  const wanted = simplify(sought);
  if (held === wanted) return 0;
  return held.startsWith(wanted) ? 1 : held.includes(wanted) ? 2 : 3;
}

function within({ from, before }: Span, time: string | null): boolean {
  const at = momentMs(time);
  return at >= (from ?? Number.NEGATIVE_INFINITY) && at < (before ?? Number.POSITIVE_INFINITY);
}

function betweenDays({ from = '', to = '9999-12-31' }: { from?: string; to?: string }, day: string | null) {
  return day !== null && day >= from && day <= to;
}

/** An id of another system is told apart by its capitals too; options are not. */
function holds(
  held: ReturnType<typeof asKind>,
  { field, value }: NonNullable<Criteria['customField']>,
): boolean {
  const own = asKind(held, kindOf(field.dataType));
  if (own === null) return false;
  if (Array.isArray(own)) return own.some((item) => simplify(item) === simplify(String(value)));
  if (field.options.length > 0) return simplify(String(own)) === simplify(String(value));
  return typeof own === 'string' ? own.trim() === String(value) : own === value;
}
