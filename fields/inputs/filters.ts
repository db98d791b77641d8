import type { Bundle, ZObject } from 'zapier-platform-core';
import { kindOf } from '../../highlevel/account/custom-field-value.ts';
import { simplify } from '../../highlevel/account/resolve.ts';
import { connect, type HighLevel } from '../../highlevel/connect.ts';
import { LABELS } from '../../highlevel/http/labels.ts';
import { asked, type Criteria, type Span } from '../../highlevel/opportunities/criteria.ts';
import { addDays, startOfDay, zapTimeZone } from './days.ts';
import { isWholeName } from './name-match.ts';
import { readDay } from './read-day.ts';
import { cleanEmail } from './read-email.ts';
import { requiredId } from './read-id.ts';
import { readNumber } from './read-number.ts';
import { cleanPhone } from './read-phone.ts';
import { readStatus } from './read-status.ts';
import { readText, requiredText } from './read-text.ts';
import { readYesNo } from './read-yes-no.ts';
import { opportunityId, SEARCH_LABELS } from './search.ts';

/** What a person filled in to narrow down opportunities; each may be an id or a name. */
export interface FilterInput {
  pipeline_id?: unknown;
  stage_id?: unknown;
  status?: unknown;
  owner_id?: unknown;
}

const FILTER_LABELS = {
  stage: LABELS.pipelineStageId,
  status: LABELS.status,
  owner: LABELS.assignedTo,
} as const;

/** What the filters are called where that is not what they mostly are, for errors. */
export type FilterLabels = Partial<Record<keyof typeof FILTER_LABELS, string>>;

/** What the triggers filter by. */
export type ChosenFilters = Pick<Criteria, 'pipelineId' | 'stageId' | 'status' | 'ownerId'>;

/**
 * The filters that a person chose, as HighLevel's ids.
 *
 * @throws HaltedError for a name that nothing bears, or a stage that is not in the chosen pipeline
 */
export async function chosenFilters(
  z: ZObject,
  bundle: Bundle,
  input: FilterInput,
  labels: FilterLabels = {},
): Promise<ChosenFilters> {
  const { account } = connect(z, bundle);
  const names = { ...FILTER_LABELS, ...labels };
  const pipelineText = readText(input.pipeline_id);
  const stageText = readText(input.stage_id);
  const ownerText = readText(input.owner_id);
  const pipeline = pipelineText ? await account.resolvePipeline(pipelineText) : null;
  const stage = stageText ? await account.resolveStage(stageText, pipeline, names.stage) : null;
  return {
    pipelineId: pipeline?.id,
    stageId: stage?.id,
    ownerId: ownerText && (await account.resolveOwnerFilter(ownerText, names.owner)),
    status: readStatus(z, names.status, input.status),
  };
}

/** All that the searches of `search-inputs.ts` ask for. */
export interface SearchInput extends FilterInput {
  opportunity_id?: unknown;
  name?: unknown;
  name_match?: unknown;
  contact_id?: unknown;
  contact_email?: unknown;
  contact_phone?: unknown;
  without_owner?: unknown;
  search_field?: unknown;
  search_field_value?: unknown;
  min_value?: unknown;
  max_value?: unknown;
  source?: unknown;
  contact_tag?: unknown;
  lost_reason_id?: unknown;
  created_from?: unknown;
  created_to?: unknown;
  updated_from?: unknown;
  updated_to?: unknown;
  status_changed_from?: unknown;
  status_changed_to?: unknown;
  close_date_from?: unknown;
  close_date_to?: unknown;
}

export interface ChosenCriteria {
  criteria: Criteria;
  /** Whether a contact was named that is not there, so that it can have no opportunity. */
  noSuchContact: boolean;
}

/**
 * The criteria that a person chose. Days are whole, in the Zap's time zone. A contact's email or phone costs a request
 * each, as HighLevel searches opportunities by the contact's id.
 *
 * @throws HaltedError as `chosenFilters`, and for a value that cannot be read, a range whose end lies before its
 *   beginning, or one half of the pair of custom field and value
 */
export async function chosenCriteria(
  z: ZObject,
  bundle: Bundle,
  input: SearchInput,
): Promise<ChosenCriteria> {
  const highlevel = connect(z, bundle);
  const filters = await chosenFilters(z, bundle, input);
  const lostReason = readText(input.lost_reason_id);
  const days = (from: unknown, to: unknown, labels: [string, string]) =>
    readDays(z, bundle, labels, from, to);
  const closing = await days(input.close_date_from, input.close_date_to, [
    SEARCH_LABELS.closeDateFrom,
    SEARCH_LABELS.closeDateTo,
  ]);
  const span = async (from: unknown, to: unknown, labels: [string, string]) =>
    spanOf(await days(from, to, labels), zapTimeZone(bundle));
  const values = readValues(z, input);
  const isWhole = isWholeName(z, input);
  const name = soughtText(z, LABELS.name, input.name);
  const contactId = await contactOf(z, highlevel, input);
  const criteria = {
    id: readText(input.opportunity_id) && requiredId(z, opportunityId.label, input.opportunity_id, true),
    name,
    wholeName: name !== undefined && isWhole ? true : undefined,
    contactId: contactId ?? undefined,
    pipelineId: filters.pipelineId,
    stageId: filters.stageId,
    status: filters.status,
    ownerId: filters.ownerId,
    withoutOwner: readWithoutOwner(z, input),
    lostReasonId: lostReason && (await highlevel.account.resolveLostReasonFilter(lostReason)),
    source: soughtText(z, LABELS.source, input.source),
    contactTag: soughtText(z, SEARCH_LABELS.contactTag, input.contact_tag),
    customField: await readCustomField(z, bundle, input),
    ...values,
    created: await span(input.created_from, input.created_to, [
      SEARCH_LABELS.createdFrom,
      SEARCH_LABELS.createdTo,
    ]),
    updated: await span(input.updated_from, input.updated_to, [
      SEARCH_LABELS.updatedFrom,
      SEARCH_LABELS.updatedTo,
    ]),
    statusChanged: await span(input.status_changed_from, input.status_changed_to, [
      SEARCH_LABELS.statusChangedFrom,
      SEARCH_LABELS.statusChangedTo,
    ]),
    expectedClose: closing,
  };
  return { criteria, noSuchContact: contactId === null };
}

/** @throws HaltedError for what stands for no value: nothing has it, and a find-or-create step would create another each time */
function soughtText(z: ZObject, label: string, value: unknown): string | undefined {
  return readText(value) && requiredText(z, label, value);
}

/**
 * The one contact that Contact, Contact Email and Contact Phone name together.
 *
 * @returns undefined where all are empty, null where they name nobody, or not the same person
 * @throws HaltedError for a name in place of an id, of which there is none: nothing would be found of anybody
 */
async function contactOf(
  z: ZObject,
  highlevel: HighLevel,
  input: SearchInput,
): Promise<string | null | undefined> {
  const id = readText(input.contact_id) && requiredId(z, LABELS.contactId, input.contact_id, true);
  const email = cleanEmail(readText(input.contact_email) ?? '');
  const phone = cleanPhone(readText(input.contact_phone) ?? '');
  if (!email && !phone) return id;
  const found = await highlevel.contacts.findBy({ email, phone });
  return found && (!id || found.id === id) ? found.id : null;
}

function readWithoutOwner(z: ZObject, input: SearchInput): true | undefined {
  if (!readYesNo(z, SEARCH_LABELS.withoutOwner, input.without_owner)) return undefined;
  const owner = readText(input.owner_id);
  if (!owner) return true;
  throw new z.errors.HaltedError(
    `${SEARCH_LABELS.withoutOwner}: this asks for opportunities that nobody owns, while ${LABELS.assignedTo} asks for those of "${owner}". Empty one of the two fields.`,
  );
}

/** Whether anything at all was asked for; without, any opportunity would be "found". */
export function asksAnything(criteria: Criteria): boolean {
  return asked(criteria).length > 0;
}

interface Days {
  from?: string;
  to?: string;
}

/**
 * The first and the last day of a range, as they were written.
 *
 * @returns undefined where neither is given
 */
export async function readDays(
  z: ZObject,
  bundle: Bundle,
  labels: [from: string, to: string],
  fromValue: unknown,
  toValue: unknown,
): Promise<Days | undefined> {
  const from = await readDay(z, bundle, labels[0], fromValue);
  const to = await readDay(z, bundle, labels[1], toValue);
  if (from && to && to < from) throw backwards(z, labels, `${to} is before ${from}`);
  return from || to ? { from, to } : undefined;
}

function spanOf(days: Days | undefined, zone: string): Span | undefined {
  return (
    days && {
      from: days.from ? startOfDay(days.from, zone) : undefined,
      before: days.to ? startOfDay(addDays(days.to, 1), zone) : undefined,
    }
  );
}

function readValues(z: ZObject, input: SearchInput): Pick<Criteria, 'minValue' | 'maxValue'> {
  const minValue = readNumber(z, SEARCH_LABELS.minValue, input.min_value);
  const maxValue = readNumber(z, SEARCH_LABELS.maxValue, input.max_value);
  if (minValue !== undefined && maxValue !== undefined && maxValue < minValue) {
    throw backwards(
      z,
      [SEARCH_LABELS.minValue, SEARCH_LABELS.maxValue],
      `${maxValue} is less than ${minValue}`,
    );
  }
  return { minValue, maxValue };
}

function backwards(z: ZObject, labels: [string, string], what: string): Error {
  return new z.errors.HaltedError(
    `${labels[1]}: ${what}, which ${labels[0]} says. Nothing could be found between them: check both fields.`,
  );
}

/** The value is read as the field's own kind, so that `1,000` finds 1000 and a date finds its day. */
async function readCustomField(
  z: ZObject,
  bundle: Bundle,
  input: SearchInput,
): Promise<Criteria['customField']> {
  const highlevel = connect(z, bundle);
  const fieldText = readText(input.search_field);
  const text = soughtText(z, SEARCH_LABELS.fieldValue, input.search_field_value);
  if (!fieldText && !text) return undefined;
  if (!fieldText || !text) {
    const [full, empty] = text
      ? [SEARCH_LABELS.fieldValue, SEARCH_LABELS.field]
      : [SEARCH_LABELS.field, SEARCH_LABELS.fieldValue];
    throw new z.errors.HaltedError(
      `${empty}: this is empty, while ${full} is filled in. Fill in both to search by a custom field, or neither.`,
    );
  }
  const field = await highlevel.account.resolveOpportunityField(fieldText, SEARCH_LABELS.field);
  const label = SEARCH_LABELS.fieldValue;
  switch (kindOf(field.dataType)) {
    case 'number':
      return { field, value: readNumber(z, label, text) ?? text };
    case 'day':
      return { field, value: (await readDay(z, bundle, label, text)) ?? text };
    default:
      return { field, value: field.options.find((option) => simplify(option) === simplify(text)) ?? text };
  }
}
