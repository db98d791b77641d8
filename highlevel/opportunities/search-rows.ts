import * as s from 'zod/mini';
import { hasId, moment, UNREADABLE, withId } from '../http/shapes.ts';
import { momentMs } from '../http/time.ts';
import { type OpportunityRecord, opportunityRecord } from './record.ts';

/** The rows of a search, with how many came that are left out. */
export interface SearchRows {
  records: OpportunityRecord[];
  /** Rows without an id, or with nothing in them, or not as expected: each as text, and null for nothing. */
  leftOut: (string | null)[];
  /** The `sort` of the last row that has one, though it may be left out: the next page starts behind it. */
  lastSort: unknown[] | null;
  /** The id of the last row that has one and a moment of creation, in ms since the epoch, in the same way. */
  lastCreated: { startAfter: number; startAfterId: string } | null;
  /** Whether any row has a value in a custom field: else none tells of them, or none has one. */
  tellsFields: boolean;
}

/**
 * The rows of either search. One without an id is left out, because it could not be told from others, and so is one
 * whose values or moments, by which opportunities are filtered, sorted and summed, cannot be read: it must not stop
 * the others. Where not one row of a page can be read, HighLevel's answers have changed, and that is an error.
 */
export const searchRows = s.lazy(() =>
  s.pipe(
    s.array(s.unknown()),
    s.transform((rows, context): SearchRows => {
      const records: OpportunityRecord[] = [];
      const leftOut: SearchRows['leftOut'] = [];
      const odd: { input: unknown; path: PropertyKey[] }[] = [];
      for (const [index, row] of rows.map(withId).entries()) {
        const read = hasId(row) ? s.safeParse(opportunityRecord, row) : null;
        const key = read?.success ? unreadableMoment(read.data) : null;
        if (read?.success && key === null) {
          records.push(read.data);
          continue;
        }
        leftOut.push(isNothing(row) ? null : JSON.stringify(row));
        if (read)
          odd.push({ input: row, path: [index, ...(key ? [key] : (read.error?.issues[0]?.path ?? []))] });
      }
      if (records.length === 0) {
        for (const row of odd) context.issues.push({ code: 'custom', ...row, message: 'not as expected' });
      }
      return {
        records,
        leftOut,
        lastSort: lastOf(rows, sortOf),
        lastCreated: lastOf(rows, createdOf),
        tellsFields: records.some(({ customFields }) => customFields && customFields.length > 0),
      };
    }),
  ),
);

/** Whether a page that is shorter than was asked for can be followed by another: HighLevel may give fewer at a time. */
export function mayGoOn({ records, leftOut }: SearchRows, total: number | null): boolean {
  const rows = records.length + leftOut.length;
  return rows > 0 && total !== null && total > rows;
}

/** An answer that counts none and has null for its rows, or leaves them out, found none. */
export const nullAsNone = s.transform((answer: unknown): unknown => {
  if (typeof answer !== 'object' || answer === null) return answer;
  const { opportunities, total, meta } = answer as {
    opportunities?: unknown;
    total?: unknown;
    meta?: { total?: unknown } | null;
  };
  const isNone = (opportunities ?? null) === null && String(total ?? meta?.total) === '0';
  return isNone ? { ...answer, opportunities: [] } : answer;
});

const MOMENTS = ['createdAt', 'updatedAt', 'lastStageChangeAt', 'lastStatusChangeAt'] as const;

function unreadableMoment(record: OpportunityRecord): string | null {
  return MOMENTS.find((key) => record[key] === UNREADABLE) ?? null;
}

function isNothing(row: unknown): boolean {
  return typeof row !== 'object' || row === null || Object.keys(row).length === 0;
}

function lastOf<T>(rows: unknown[], read: (row: unknown) => T | null): T | null {
  return read(rows.findLast((row) => read(row) !== null));
}

function sortOf(row: unknown): unknown[] | null {
  return typeof row === 'object' && row !== null && 'sort' in row && Array.isArray(row.sort)
    ? row.sort
    : null;
}

const place = s.lazy(() => s.looseObject({ id: s.string(), createdAt: moment }));

function createdOf(row: unknown): SearchRows['lastCreated'] {
  const { data } = s.safeParse(place, withId(row));
  const startAfter = momentMs(data?.createdAt);
  return data && !Number.isNaN(startAfter) ? { startAfter, startAfterId: data.id } : null;
}
