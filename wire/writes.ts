/** What the app is about to write, as it tells the relay before, so that what comes of it is known to be its own. */

import * as s from 'zod/mini';
import { digest } from './digests.ts';

const id = s.string().check(s.regex(/^[\w-]{1,64}$/, 'must be an id'));

/** The body of POST /writes. Of the fields those that are written. */
export const announcedWrite = s.strictObject({
  locationId: id,
  /** Null for one that is about to be created. */
  opportunityId: s.nullable(id),
  /** Of one that is about to be created. */
  created: s.optional(s.strictObject({ contactId: id, pipelineId: id })),
  deleted: s.optional(s.literal(true)),
  fields: s.strictObject({
    stage: s.optional(id),
    status: s.optional(s.string().check(s.maxLength(64))),
    /** In the currency's main unit. */
    value: s.optional(s.nullable(s.number())),
    owner: s.optional(s.nullable(id)),
  }),
  /** Digests of what else is written, by field: several where it may come back in several forms. */
  digests: s.optional(
    s.record(s.string().check(s.regex(/^[\w-]{1,100}$/)), s.array(digest).check(s.maxLength(4))),
  ),
});

export type AnnouncedWrite = s.output<typeof announcedWrite>;
