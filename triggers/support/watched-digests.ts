import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';
import { digestSecret, keyedDigest } from '../../relay-client/digest.ts';
import type { Digests } from '../../wire/digests.ts';
import { type WatchableField, watchedValue } from './watched-fields.ts';

/**
 * The digests of what an opportunity holds in the watched fields, by which the relay tells changes without knowing
 * values. A field that the record does not tell has none.
 */
export function watchedDigests(
  record: OpportunityRecord,
  fields: WatchableField[],
  locationId: string,
): Digests {
  const secret = digestSecret();
  if (secret === null) return {};
  return Object.fromEntries(
    fields.flatMap((field) => {
      // The moment of a change is left out: a record that was read by its id may lack it.
      const value = watchedValue(record, field);
      const of = { locationId, opportunityId: record.id, fieldId: field.id };
      return value === undefined ? [] : [[field.id, keyedDigest(secret, of, value)]];
    }),
  );
}
