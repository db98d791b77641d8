/**
 * What the app reads of a sub-account for the relay, which has no person's token, and tells it: what each opportunity
 * is like at the moment.
 */

import * as s from 'zod/mini';
import { digests, watchedFields } from './digests.ts';

const id = s.lazy(() => s.string().check(s.regex(/^[\w-]{1,64}$/, 'must be an id')));
const time = s.lazy(() =>
  s.string().check(s.refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time')),
);

/** Which opportunities are read; what is absent does not restrict. */
export const readingCriteria = s.lazy(() =>
  s.strictObject({
    pipelineId: s.optional(id),
    ownerId: s.optional(id),
    status: s.optional(s.enum(['open', 'won', 'lost', 'abandoned'])),
  }),
);

export type ReadingCriteria = s.output<typeof readingCriteria>;

/** A reading as the relay asks for it. */
export const reading = s.lazy(() =>
  s.looseObject({
    id: s.string(),
    criteria: s.catch(readingCriteria, {}),
    /** Of which fields digests are wanted. */
    watch: s._default(watchedFields, []),
    /** Those that changed since then alone; null for all. ISO 8601. */
    since: s.nullable(s.string()),
    /** Where it stopped before: what was created then or later is read. ISO 8601. */
    before: s.nullable(s.string()),
  }),
);

export type Reading = s.output<typeof reading>;

/** An opportunity as it was read; null for what HighLevel did not say. */
export const readOpportunity = s.lazy(() =>
  s.strictObject({
    id,
    contactId: s.nullable(id),
    pipelineId: s.nullable(id),
    stageId: s.nullable(id),
    status: s.nullable(s.string()),
    /** In the currency's main unit, as HighLevel sends it. */
    value: s.nullable(s.number()),
    ownerId: s.nullable(id),
    createdAt: s.nullable(time),
    updatedAt: s.nullable(time),
    stageChangedAt: s.nullable(time),
    statusChangedAt: s.nullable(time),
    /** Of what is watched. */
    digests: s.optional(digests),
  }),
);

export type ReadOpportunity = s.output<typeof readOpportunity>;

/** As many as HighLevel gives at once. [docs] */
export const MOST_REPORTED = 500;

/** 500 opportunities of ids and times take a fifth of it; with digests of many fields fewer fit in. */
export const MOST_REPORT_BYTES = 1024 * 1024;

/** The body of POST /reports. */
export const report = s.lazy(() =>
  s.strictObject({
    locationId: id,
    /** The reading's id. */
    reading: s.uuid(),
    opportunities: s.array(readOpportunity).check(s.maxLength(MOST_REPORTED)),
    /** What was created then or later is read, the newest first; null where that is not known. */
    before: s.nullable(time),
    /** `paused`: the time is up, and the rest has to be asked for. */
    state: s.enum(['reading', 'paused', 'finished']),
  }),
);

export type Report = s.output<typeof report>;
