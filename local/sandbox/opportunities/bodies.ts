import { z } from 'zod';
import { unprocessable } from '../server/errors.ts';
import { check } from '../server/validate.ts';
import type { ApiVersion } from '../server/versions.ts';
import type { WrittenField } from './custom-fields.ts';

/** `all` stands in the spec's enum and makes sense for searches only; refused on writes [assumed]. */
const status = z.enum(['open', 'won', 'lost', 'abandoned']);

const filled = (key: string) =>
  z.string().refine((text) => text.trim() !== '', { error: `${key} should not be empty` });

/** Optional keys may also be null, as HighLevel's validator skips both; null empties the field [assumed]. */
const writtenV2 = z.strictObject({
  id: z.string().optional(),
  key: z.string().optional(),
  field_value: z.unknown(),
});
const writtenV3 = z.strictObject({
  id: z.string().optional(),
  key: z.string().optional(),
  fieldValue: z.unknown(),
});

/** Not in the specification, though others' code sends them on POST and PUT [measured by others]. */
const undocumented = { source: z.string().nullish(), lostReasonId: z.string().nullish() };

function fieldsOf(version: ApiVersion, acceptSource = false): z.ZodRawShape {
  const common = {
    pipelineStageId: z.string().nullish(),
    monetaryValue: z.number().nullish(),
    assignedTo: z.string().nullish(),
    ...(acceptSource ? undocumented : {}),
  };
  // The spec of v2 writes field_value and knows no forecast; v3 writes fieldValue [spec].
  return version === 'v3'
    ? {
        ...common,
        customFields: z.array(writtenV3).nullish(),
        forecastExpectedCloseDate: z.string().nullish(),
        forecastProbability: z.number().min(0).max(100).nullish(),
      }
    : { ...common, customFields: z.array(writtenV2).nullish() };
}

/** What create, update and upsert may set, read from either version's body. */
export interface WrittenOpportunity {
  pipelineId?: string | undefined;
  locationId?: string | undefined;
  name?: string | undefined;
  status?: z.infer<typeof status> | undefined;
  contactId?: string | undefined;
  pipelineStageId?: string | null | undefined;
  monetaryValue?: number | null | undefined;
  assignedTo?: string | null | undefined;
  customFields?: WrittenField[] | null | undefined;
  forecastExpectedCloseDate?: string | null | undefined;
  forecastProbability?: number | null | undefined;
  source?: string | null | undefined;
  lostReasonId?: string | null | undefined;
}

type Created = WrittenOpportunity &
  Required<Pick<WrittenOpportunity, 'pipelineId' | 'locationId' | 'name' | 'status' | 'contactId'>>;

/**
 * Reads the body of POST /opportunities/ [spec: CreateDto, CreateDtoV3].
 *
 * @param acceptSource whether `source` and `lostReasonId` are let through; sources disagree on it.
 * @throws HighLevelError 422 with a list.
 */
export function readCreate(version: ApiVersion, body: unknown, acceptSource: boolean): Created {
  const schema = z.strictObject({
    pipelineId: filled('pipelineId'),
    locationId: filled('locationId'),
    name: filled('name'),
    status,
    contactId: filled('contactId'),
    ...fieldsOf(version, acceptSource),
  });
  return check(schema, body) as Created;
}

/** Reads the body of PUT /opportunities/{id} [spec: UpdateOpportunityDto, UpdateOpportunityDtoV3]. */
export function readUpdate(version: ApiVersion, body: unknown, acceptSource: boolean): WrittenOpportunity {
  const schema = z.strictObject({
    pipelineId: filled('pipelineId').optional(),
    name: filled('name').optional(),
    status: status.optional(),
    ...fieldsOf(version, acceptSource),
  });
  return check(schema, body) as WrittenOpportunity;
}

/** Reads the body of PUT /opportunities/{id}/status [spec: UpdateStatusDto]. */
export function readStatus(body: unknown): {
  status: z.infer<typeof status>;
  lostReasonId?: string | null | undefined;
} {
  return check(z.strictObject({ status, lostReasonId: z.string().nullish() }), body);
}

/** Reads the body of POST and DELETE /opportunities/{id}/followers [spec: FollowersDTO, at most 10]. */
export function readFollowers(body: unknown): string[] {
  return check(z.strictObject({ followers: z.array(z.string()).min(1).max(10) }), body).followers;
}

export interface Upserted extends WrittenOpportunity {
  pipelineId: string;
  locationId: string;
  id?: string | undefined;
  followers?: string[] | undefined;
  isRemoveAllFollowers?: boolean | undefined;
  followersActionType?: 'add' | 'remove' | undefined;
}

/**
 * Reads the body of POST /opportunities/upsert [spec: UpsertOpportunityDto]. Under v2 the older body, which names a
 * contact and carries custom fields and a source, is still taken [measured by others], and then the follower keys may be missing
 * [assumed].
 */
export function readUpsert(version: ApiVersion, body: unknown): Upserted {
  const legacy = version === 'v2' && typeof body === 'object' && body !== null && 'contactId' in body;
  const { customFields = z.undefined(), ...plain } = fieldsOf(version);
  const action = z.enum(['add', 'remove']);
  const spec = {
    id: z.string().optional(),
    pipelineId: filled('pipelineId'),
    locationId: filled('locationId'),
    name: filled('name').optional(),
    status: status.optional(),
    ...plain,
    lostReasonId: z.string().nullish(),
  };
  const schema = legacy
    ? z.strictObject({
        ...spec,
        contactId: filled('contactId'),
        customFields,
        source: z.string().nullish(),
        followers: z.array(z.string()).max(10).optional(),
        isRemoveAllFollowers: z.boolean().optional(),
        followersActionType: action.optional(),
      })
    : z.strictObject({
        ...spec,
        followers: z.array(z.string()).max(10),
        isRemoveAllFollowers: z.boolean(),
        followersActionType: action,
      });
  return check<unknown>(schema, body) as Upserted;
}

/**
 * A close date in any format that the spec lists, as YYYY-MM-DD.
 *
 * @throws HighLevelError 422 for anything else [assumed].
 */
export function readCloseDate(text: string): string {
  const yearFirst = text.match(/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:T.*)?$/);
  const monthFirst = text.match(/^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/);
  const [year, month, day] = yearFirst
    ? [yearFirst[1], yearFirst[2], yearFirst[3]]
    : [monthFirst?.[3], monthFirst?.[1], monthFirst?.[2]];
  const iso = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  const real = new Date(`${iso}T00:00:00.000Z`);
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== iso) {
    return unprocessable(['forecastExpectedCloseDate must be a valid date']);
  }
  return iso;
}
