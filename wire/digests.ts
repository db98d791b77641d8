/**
 * What the watched fields of an opportunity hold, as digests: keyed by a secret of the app's that the relay does not
 * have, so that it can tell that a value changed and never what it is.
 */

import * as s from 'zod/mini';

const id = s.lazy(() => s.string().check(s.regex(/^[\w-]{1,64}$/, 'must be an id')));
const fieldId = s.lazy(() => s.string().check(s.regex(/^[\w-]{1,100}$/, 'must be the id of a field')));

/** `<which key>.<digest>`: digests of different keys cannot be compared. */
export const digest = s.lazy(() => s.string().check(s.regex(/^[0-9a-f]{8}\.[\w-]{22}$/, 'must be a digest')));

/** So many fields one Zap can watch. */
export const MOST_WATCHED = 100;

/** By the ids of the fields. */
export const digests = s.lazy(() =>
  s
    .record(fieldId, digest)
    .check(
      s.refine((all) => Object.keys(all).length <= MOST_WATCHED, `must be ${MOST_WATCHED} fields at most`),
    ),
);

export type Digests = s.output<typeof digests>;

/** The fields that a Zap watches. */
export const watchedFields = s.lazy(() => s.array(fieldId).check(s.maxLength(MOST_WATCHED)));

/** The body of POST /digests: what an opportunity holds that a delivery is about. */
export const heldDigests = s.lazy(() =>
  s.strictObject({
    locationId: id,
    subscription: s.string().check(s.maxLength(100)),
    delivery: s.uuid(),
    opportunityId: id,
    /** When the opportunity last changed, ISO 8601. */
    at: s.string().check(s.refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time')),
    digests,
  }),
);

export type HeldDigests = s.output<typeof heldDigests>;

/** The answer: the fields that differ from what was last known of them. */
export const differing = s.lazy(() => s.looseObject({ changed: s.array(s.string()) }));
