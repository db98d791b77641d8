/** What the reader is asked for, and what it gives. */

import type { Sort } from './advanced-search.ts';
import type { Criteria } from './criteria.ts';
import type { OpportunityRecord } from './record.ts';

/** The moments of an opportunity's life that HighLevel keeps and can sort by. [docs: the vendor's page on the search] */
export const SORT_FIELDS = {
  createdAt: 'date_added',
  lastStageChangeAt: 'last_stage_change_date',
  lastStatusChangeAt: 'last_status_change_date',
  updatedAt: 'date_updated',
} as const satisfies Partial<Record<keyof OpportunityRecord, Sort['field']>>;

export type Moment = keyof typeof SORT_FIELDS;

export interface Reading {
  where: Criteria;
  /** The latest first; `any` where all are read anyway. The creation if absent. */
  sort?: Moment | 'any';
  /** How many rows are likely wanted: few are asked of GET where it can filter them, many of POST. Many if absent. */
  likely?: number;
  /** Rows of the first page; as many as the search gives at once if absent. */
  firstPage?: number;
  /** After this no page is begun, in ms since the epoch: a step has 30 s in all on Zapier. [docs] */
  until?: number;
}

/** A reading whose order is decided. */
export type SortedReading = Reading & Required<Pick<Reading, 'sort'>>;

/** One page, and what was read so far. */
export interface Page {
  /** Those that meet the criteria, each once however often HighLevel gives it. */
  records: OpportunityRecord[];
  /** Whether they come in the order that was asked for; where HighLevel refuses it, in that of their creation. */
  sorted: boolean;
  /** Whether a row of this page or one before has a value in a custom field. */
  tellsFields: boolean;
  /** Whether HighLevel was looked through to the end, with nothing left undecided. */
  isLast: boolean;
  /** How many rows HighLevel gave so far, each counted once. */
  looked: number;
  /** How many of them could not be told from others or not be read, and were left out. */
  leftOut: number;
  /** How many requests were made so far. */
  requests: number;
  /** How many rows HighLevel counts for the filters that it was given. */
  total: number | null;
  /** How many meet the criteria in all, where HighLevel's filters are exactly those. */
  matching: number | null;
  /** The search that is read. */
  search: 'list' | 'advanced';
}

/** A step or a poll has 30 s in all on Zapier [docs]: what was read until then is worth more than a timeout. */
export const NO_NEW_PAGE_AFTER_MS = 15_000;
