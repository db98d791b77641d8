import * as s from 'zod/mini';
import {
  type CustomFieldValue,
  customFieldRow,
  readCustomFieldValue,
} from '../account/custom-field-value.ts';
import {
  entries,
  moment,
  numeral,
  shown,
  textList,
  textOrNumber,
  UNREADABLE,
  withId,
} from '../http/shapes.ts';
import { isoDay, isoTime } from '../http/time.ts';
import { type Attributions, attributionsOf } from './attribution.ts';

export const STATUSES = ['open', 'won', 'lost', 'abandoned'] as const;
export type Status = (typeof STATUSES)[number];

/** Whether it is one of those that HighLevel is known to have. */
export function isStatus(status: unknown): status is Status {
  return (STATUSES as readonly unknown[]).includes(status);
}

const text = s.lazy(() => s.nullish(s.string()));
const number = s.lazy(() => s.nullish(numeral));
/** An empty text is no value. */
const amount = s.lazy(() =>
  s.nullish(
    s.union([
      numeral,
      s.pipe(
        s.literal(''),
        s.transform(() => null),
      ),
    ]),
  ),
);
const time = s.lazy(() => s.nullish(moment));
const list = s.lazy(() => s.nullish(s.array(s.unknown())));

/** "Won" and "won" are one: what is told apart by it must not depend on capitals. */
const status = s.lazy(() =>
  s.nullish(
    s.pipe(
      s.string(),
      s.transform((written) => written.trim().toLowerCase()),
    ),
  ),
);

/**
 * An opportunity as HighLevel sends it: search rows carry nulls, single records leave empty keys out, and both have
 * keys that the specification does not name. [recorded] What opportunities are told apart, filtered, sorted and summed by is
 * insisted on, because a guess there would be wrong without a word; what is merely shown is not.
 */
export const opportunityRecord = s.lazy(() =>
  s.looseObject({
    id: s.string(),
    name: textOrNumber,
    status,
    monetaryValue: amount,
    pipelineId: textOrNumber,
    pipelineStageId: textOrNumber,
    assignedTo: textOrNumber,
    contactId: textOrNumber,
    locationId: textOrNumber,
    source: shown(text),
    lostReasonId: shown(textOrNumber),
    /** `UNREADABLE` where it is no day. */
    forecastExpectedCloseDate: s.optional(s.catch(time, UNREADABLE)),
    forecastProbability: shown(number),
    effectiveProbability: shown(number),
    followers: shown(textList),
    /** Absent where the answer does not say: not the same as a list with nothing in it. */
    customFields: s.optional(s.catch(s.nullish(entries(customFieldRow)), undefined)),
    createdAt: time,
    updatedAt: time,
    lastStageChangeAt: time,
    lastStatusChangeAt: time,
    contact: shown(
      s.nullish(
        s.looseObject({
          id: shown(textOrNumber),
          name: shown(textOrNumber),
          email: shown(text),
          phone: shown(textOrNumber),
          companyName: shown(textOrNumber),
          tags: shown(textList),
        }),
      ),
    ),
    /** Absent where the answer does not say; null is none. */
    relations: s.optional(s.catch(list, undefined)),
    attributions: shown(list),
    sort: shown(list),
  }),
);

export type OpportunityRecord = s.output<typeof opportunityRecord>;

/** One alone, for whose id `_id` counts too. */
export const singleOpportunity = s.lazy(() => s.pipe(s.transform(withId), opportunityRecord));

/**
 * An opportunity as every trigger, action and search of this app shows it: the same keys always, null for empty,
 * ids with names beside them, times in ISO 8601 with offset, money as HighLevel sends it (without a currency).
 */
export interface Opportunity {
  id: string;
  name: string | null;
  status: string | null;
  /** 0 also where no value was ever set: HighLevel does not tell the two apart. [recorded] */
  monetary_value: number | null;
  pipeline_id: string | null;
  pipeline_name: string | null;
  stage_id: string | null;
  stage_name: string | null;
  owner_id: string | null;
  owner_name: string | null;
  owner_email: string | null;
  contact_id: string | null;
  contact_name: string | null;
  contact_email: string | null;
  contact_phone: string | null;
  contact_company_name: string | null;
  contact_tags: string[];
  source: string | null;
  /** Absent, with its name, where HighLevel does not say of a lost opportunity. */
  lost_reason_id?: string | null;
  lost_reason_name?: string | null;
  /** YYYY-MM-DD: a day, not a moment. [spec] */
  expected_close_date: string | null;
  /** Percent, as set on the opportunity. */
  probability: number | null;
  /** Percent, as HighLevel reckons it from the opportunity or its stage. [recorded] */
  effective_probability: number | null;
  follower_ids: string[];
  created_at: string | null;
  updated_at: string | null;
  last_stage_change_at: string | null;
  last_status_change_at: string | null;
  location_id: string | null;
  url: string | null;
  /** By custom field id, because a field's name can change and a Zap must not break when it does. Absent where not told. */
  custom_fields?: Record<string, CustomFieldValue>;
  /** The contacts beside the opportunity's own. Absent where not told, as of an opportunity that was read by its id. */
  further_contacts?: FurtherContact[];
  /** Absent, with `last_attribution`, where not told, as of an opportunity that was read by its id. */
  first_attribution?: Attributions['first_attribution'];
  last_attribution?: Attributions['last_attribution'];
}

interface FurtherContact {
  id: string;
  name: string | null;
  email: string | null;
  phone: string | null;
}

/**
 * The one shape, from whichever endpoint the record came. Names that HighLevel does not send are null here;
 * `withNames` fills them in.
 */
export function normalise(record: OpportunityRecord): Opportunity {
  const contact = record.contact ?? primaryRelation(record.relations);
  return {
    id: record.id,
    name: orNull(record.name),
    status: orNull(record.status),
    monetary_value: record.monetaryValue ?? null,
    pipeline_id: orNull(record.pipelineId),
    pipeline_name: null,
    stage_id: orNull(record.pipelineStageId),
    stage_name: null,
    owner_id: orNull(record.assignedTo),
    owner_name: null,
    owner_email: null,
    contact_id: orNull(record.contactId ?? contact?.id),
    contact_name: orNull(contact?.name),
    contact_email: orNull(contact?.email),
    contact_phone: orNull(contact?.phone),
    contact_company_name: orNull(contact?.companyName),
    contact_tags: contact?.tags ?? [],
    source: orNull(record.source),
    ...(isReasonTold(record) ? { lost_reason_id: orNull(record.lostReasonId), lost_reason_name: null } : {}),
    expected_close_date: dayOf(record.forecastExpectedCloseDate),
    probability: record.forecastProbability ?? null,
    effective_probability: record.effectiveProbability ?? null,
    follower_ids: record.followers ?? [],
    created_at: isoTime(record.createdAt),
    updated_at: isoTime(record.updatedAt),
    last_stage_change_at: isoTime(record.lastStageChangeAt),
    last_status_change_at: isoTime(record.lastStatusChangeAt),
    location_id: orNull(record.locationId),
    url: null,
    ...(record.customFields === undefined ? {} : { custom_fields: valuesOf(record.customFields ?? []) }),
    ...(record.relations === undefined ? {} : { further_contacts: furtherContacts(record.relations ?? []) }),
    ...(record.attributions ? attributionsOf(record.attributions) : {}),
  };
}

function dayOf(time: string | null | undefined): string | null {
  return time === UNREADABLE ? null : isoDay(time);
}

function valuesOf(fields: NonNullable<OpportunityRecord['customFields']>): Record<string, CustomFieldValue> {
  return Object.fromEntries(fields.map((field) => [field.id, readCustomFieldValue(field)]));
}

/** Only a lost opportunity has a reason [measured by others]; one read by id may leave it out all the same. [conflict] */
function isReasonTold({ status, lostReasonId }: OpportunityRecord): boolean {
  return lostReasonId !== undefined || status !== 'lost';
}

type ContactPart = NonNullable<OpportunityRecord['contact']>;

/** Search rows repeat the contact among the relations, under other names. [recorded] */
function primaryRelation(relations: OpportunityRecord['relations']): ContactPart | null {
  const primary = relationsOf(relations ?? []).find(({ primary }) => isYes(primary));
  return primary ? contactPart(primary) : null;
}

function furtherContacts(relations: unknown[]): FurtherContact[] {
  return relationsOf(relations)
    .filter(
      ({ primary, objectKey }) =>
        !isYes(primary) && String(objectKey ?? 'contact').toLowerCase() === 'contact',
    )
    .map(contactPart)
    .flatMap(({ id, name, email, phone }) =>
      id ? [{ id, name: orNull(name), email: orNull(email), phone: orNull(phone) }] : [],
    );
}

function isYes(value: unknown): boolean {
  return /^(true|1)$/i.test(String(value));
}

function relationsOf(relations: unknown[]): Record<string, unknown>[] {
  return relations.filter(
    (relation): relation is Record<string, unknown> => typeof relation === 'object' && relation !== null,
  );
}

function contactPart(relation: Record<string, unknown>): ContactPart {
  const part = (key: string) => s.safeParse(textOrNumber, relation[key]).data ?? null;
  return {
    id: part('recordId'),
    name: part('fullName') ?? part('contactName'),
    email: part('email'),
    phone: part('phone'),
    companyName: part('companyName'),
    tags: s.safeParse(textList, relation.tags).data,
  };
}

function orNull(value: string | null | undefined): string | null {
  return value || null;
}
