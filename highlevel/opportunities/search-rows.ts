import * as s from 'zod/mini';
import { hasId } from '../http/shapes.ts';
import { type OpportunityRecord, opportunityRecord } from './record.ts';

/** The rows of a search, with how many came that could not be told from others. */
export interface SearchRows {
  records: OpportunityRecord[];
  /** Rows without an id, or with nothing in them. */
  leftOut: number;
}

/**
 * The rows of either search. One without an id is left out, because it could not be told from others; what
 * opportunities are told apart, filtered and summed by is insisted on in each of the others.
 *
 * Rows were seen to come without the values of custom fields. [measured by others: two notes] Where not one row of a
 * page has any, they count as not told rather than as empty.
 */
export const searchRows = s.pipe(
  s.array(s.unknown()),
  s.transform((rows, context): SearchRows => {
    const records: OpportunityRecord[] = [];
    for (const [index, row] of rows.entries()) {
      if (!hasId(row)) continue;
      const read = s.safeParse(opportunityRecord, row);
      if (read.success) records.push(read.data);
      else {
        const path = [index, ...(read.error.issues[0]?.path ?? [])];
        context.issues.push({ code: 'custom', input: row, path, message: 'not as expected' });
      }
    }
    const told = records.some(({ customFields }) => customFields && customFields.length > 0);
    return {
      records: told ? records : records.map(({ customFields: _, ...record }) => record as OpportunityRecord),
      leftOut: rows.length - records.length,
    };
  }),
);
