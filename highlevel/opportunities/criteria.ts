import { asKind, kindOf } from '../account/custom-field-value.ts';
import type { CustomField } from '../account/custom-fields.ts';
import { simplify } from '../account/resolve.ts';
import { asFilters, type Filter, type Range } from './advanced-search.ts';
import { normalise, type OpportunityRecord, type Status } from './record.ts';
import type { SearchFilters } from './requests.ts';

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
  /** YYYY-MM-DD, both days included. */
  expectedClose?: { from?: string; to?: string };
}

/**
 * What GET /opportunities/search can filter by of these criteria. [spec] What its text search looks into is a setting of
 * the account [docs], so it is left out where a contact is given, whose few opportunities `meets` can look through.
 */
export function listFilters(criteria: Criteria): SearchFilters {
  return {
    q: criteria.contactId ? undefined : criteria.name,
    pipelineId: criteria.pipelineId,
    pipelineStageId: criteria.stageId,
    contactId: criteria.contactId,
    assignedTo: criteria.ownerId,
    status: criteria.status,
  };
}

const LISTED = ['name', 'wholeName', 'contactId', 'pipelineId', 'stageId', 'status', 'ownerId'];

/** Whether GET /opportunities/search filters by all that these criteria ask for. */
export function suitsList(criteria: Criteria): boolean {
  return asked(criteria).every((key) => LISTED.includes(key));
}

/** Whether POST /opportunities/search finds exactly what meets these criteria, so that its total is theirs. */
export function suitsAdvancedSearch(criteria: Criteria): boolean {
  const { name, contactTag, expectedClose, customField } = criteria;
  const exactField = !customField || customFieldFilters(customField).length > 0;
  return name === undefined && contactTag === undefined && expectedClose === undefined && exactField;
}

/** The names of the criteria that are given. */
export function asked(criteria: Criteria): string[] {
  return Object.entries(criteria)
    .filter(([, value]) => value !== undefined)
    .map(([key]) => key);
}

/**
 * What POST /opportunities/search can filter by of these criteria: not tags, not expected close dates, and of a name
 * only a part, because `contains` knows no special characters. [docs] `source` takes the exact text in an array.
 * [measured by others]
 */
export function advancedFilters(criteria: Criteria): Filter[] {
  const equal = [
    ['id', criteria.id],
    ['lost_reason_id', criteria.lostReasonId],
  ] as const;
  const ranges = [
    ['monetary_value', { gte: criteria.minValue, lte: criteria.maxValue }],
    ['date_added', isoRange(criteria.created)],
    ['date_updated', isoRange(criteria.updated)],
    ['last_status_change_date', isoRange(criteria.statusChanged)],
  ] as const;
  const part = plainPart(criteria.name ?? '');
  return [
    ...asFilters(listFilters(criteria)),
    ...equal.flatMap(([field, value]): Filter[] => (value ? [{ field, operator: 'eq', value }] : [])),
    ...(criteria.source
      ? [{ field: 'source', operator: 'eq', value: [criteria.source] } satisfies Filter]
      : []),
    ...(criteria.withoutOwner ? [{ field: 'assigned_to', operator: 'not_exists' } satisfies Filter] : []),
    ...(part ? [{ field: 'name', operator: 'contains', value: part } satisfies Filter] : []),
    ...ranges.flatMap(([field, range]): Filter[] => {
      const value = withoutEmpty(range);
      return Object.keys(value).length > 0 ? [{ field, operator: 'range', value }] : [];
    }),
    ...(criteria.customField ? customFieldFilters(criteria.customField) : []),
  ];
}

/** The operators differ by data type; for lists of text boxes and files there is none that would do. [docs] */
function customFieldFilters({ field, value }: NonNullable<Criteria['customField']>): Filter[] {
  const name = `custom_fields.${field.id}` as const;
  if (field.dataType === 'TEXTBOX_LIST' || field.dataType === 'FILE_UPLOAD') return [];
  if (kindOf(field.dataType) !== 'day') return [{ field: name, operator: 'eq', value }];
  const range = { gte: `${value}T00:00:00.000Z`, lte: `${value}T23:59:59.999Z` };
  return [{ field: name, operator: 'range', value: range }];
}

function isoRange({ from, before }: Span = {}): Range {
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return { gte: iso(from), lt: iso(before) };
}

function withoutEmpty(range: Range): Range {
  return Object.fromEntries(Object.entries(range).filter(([, bound]) => bound !== undefined));
}

/** The longest stretch of a text without special characters, 75 characters of it at most. [docs] */
function plainPart(text: string): string {
  const parts = text.split(/[^\p{L}\p{N} ]+/u).map((part) => part.trim().slice(0, 75).trim());
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

/** Whether a record is what was asked for, whichever endpoint it came from. */
export function meets(record: OpportunityRecord, criteria: Criteria): boolean {
  const opportunity = normalise(record);
  const equal = [
    [criteria.id, opportunity.id],
    [criteria.contactId, opportunity.contact_id],
    [criteria.pipelineId, opportunity.pipeline_id],
    [criteria.stageId, opportunity.stage_id],
    [criteria.status, opportunity.status],
    [criteria.ownerId, opportunity.owner_id],
    [criteria.lostReasonId, opportunity.lost_reason_id],
  ] as const;
  const spans = [
    [criteria.created, opportunity.created_at],
    [criteria.updated, opportunity.updated_at],
    [criteria.statusChanged, opportunity.last_status_change_at],
  ] as const;
  const { name, source, contactTag, minValue, maxValue, expectedClose, customField } = criteria;
  const value = opportunity.monetary_value ?? 0;
  return (
    equal.every(([wanted, held]) => wanted === undefined || wanted === held) &&
    (!criteria.withoutOwner || opportunity.owner_id === null) &&
    spans.every(([span, time]) => !span || within(span, time)) &&
    (name === undefined || closeness(record, name) <= (criteria.wholeName ? 0 : 2)) &&
    (source === undefined || simplify(opportunity.source ?? '') === simplify(source)) &&
    (contactTag === undefined ||
      opportunity.contact_tags.some((tag) => simplify(tag) === simplify(contactTag))) &&
    (minValue === undefined || value >= minValue) &&
    (maxValue === undefined || value <= maxValue) &&
    (!expectedClose || betweenDays(expectedClose, opportunity.expected_close_date)) &&
    (!customField || holds(opportunity.custom_fields[customField.field.id] ?? null, customField))
  );
}

/** How near a record's name comes to the one sought: 0 the same, 1 begins with it, 2 has it, 3 has it not. */
export function closeness({ name }: OpportunityRecord, sought: string): number {
  const held = simplify(name ?? '');
  const wanted = simplify(sought);
  if (held === wanted) return 0;
  return held.startsWith(wanted) ? 1 : held.includes(wanted) ? 2 : 3;
}

function within({ from, before }: Span, time: string | null): boolean {
  const at = Date.parse(time ?? '');
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
