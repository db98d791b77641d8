/** What the app asks of the relay for one Zap, and what the relay answers. */

import * as s from 'zod/mini';
import { watchedFields } from './digests.ts';
import { EVENT_KINDS } from './kinds.ts';
import { reading, readingCriteria } from './readings.ts';

/** Carries the secret that the relay and its app share; named so that Zapier's logs leave the value out. */
export const SHARED_SECRET_HEADER = 'x-relay-secret';

const id = s.lazy(() => s.string().check(s.regex(/^[\w-]{1,64}$/, 'must be an id')));

/**
 * Which changes a subscription wants; what is absent does not restrict. Pipeline, stage, status, owner and value are
 * those after the change.
 */
const filters = s.lazy(() =>
  s.strictObject({
    pipelineId: s.optional(id),
    stageFrom: s.optional(id),
    stageTo: s.optional(id),
    status: s.optional(s.enum(['open', 'won', 'lost', 'abandoned'])),
    ownerId: s.optional(id),
    valueDirection: s.optional(s.enum(['up', 'down'])),
    /** The least value, in the currency's main unit, as HighLevel sends it. */
    minValue: s.optional(s.number()),
    /** Only a change by which the value comes to `minValue` from below it. */
    crossing: s.optional(s.literal(true)),
    /** No change that the app said before that it would make. */
    ignoreOwn: s.optional(s.literal(true)),
  }),
);

export type Filters = s.output<typeof filters>;

/** The body of POST /subscriptions. */
export const newSubscription = s.lazy(() =>
  s.strictObject({
    locationId: id,
    event: s.enum(EVENT_KINDS),
    /** Where the Zap's hooks go. */
    targetUrl: s.string(),
    filters: s._default(filters, {}),
    /** The same whenever the same Zap subscribes; without it the hook's address stands for the Zap. */
    zap: s.optional(s.string().check(s.regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 plain characters'))),
    /** What the app is about to read, so that the first change of each opportunity has a known "from". */
    read: s.optional(readingCriteria),
    /** The fields of which it will report digests. */
    watch: s.optional(watchedFields),
  }),
);

export type NewSubscription = s.input<typeof newSubscription>;

/** The answer to it, with status 201. */
export const subscribed = s.lazy(() =>
  s.looseObject({
    id: s.string().check(s.minLength(1)),
    /** The reading that was announced. */
    reading: s.optional(s.nullable(reading)),
  }),
);

/** The body of POST /subscriptions/proofs: with the person's token, that the Zap's connection still reads the location. */
export const proof = s.lazy(() => s.strictObject({ locationId: id, proof: s.uuid() }));

export type Proof = s.output<typeof proof>;

/** The body of a refusal: a sentence for a person, beside the relay's own code for it. */
export const refusal = s.lazy(() => s.looseObject({ message: s.string() }));
