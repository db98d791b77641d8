import type { HighLevel } from '../../highlevel/connect.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

export interface OpportunitiesWanted {
  /** All pipelines if absent. */
  pipelineId?: string;
  /** ms since the epoch */
  from: number;
  /** ms since the epoch, the first moment after the period. */
  before: number;
  /** When the step began, in ms since the epoch: it has 30 s in all on Zapier. [docs] */
  startedAt: number;
}

export interface OpportunitiesRead<T> {
  opportunities: T[];
  requests: number;
  /** Rows of HighLevel's that could not be told from others, and are in no number. */
  leftOut: number;
}

/** Time left for the rest of the step, of the 30 s that Zapier gives it. [docs] */
const BUDGET_MS = 25_000;

/** 50 requests, half of what a location has in 10 s. [docs] */
const MOST_LISTED = 5000;

/**
 * Every opportunity that is open, and every other one that was created or changed its status within the period: each
 * once, 500 in a request, so that none that says nothing about the period is read. All of them or an error.
 *
 * @param keep what to keep of a record; whole ones of a large account would fill the memory
 * @throws errors.Error where time runs out, the account is too large to be listed, or rows are missing
 */
export async function readOpportunitiesOfPeriod<T>(
  highlevel: HighLevel,
  { pipelineId, from, before, startedAt }: OpportunitiesWanted,
  keep: (record: OpportunityRecord) => T,
): Promise<OpportunitiesRead<T>> {
  const { errors } = highlevel;
  const where = { pipelineId, openOr: { from, before } };
  const opportunities: T[] = [];
  let slowest = 0;
  // Opportunities come and go while this reads; fewer than there were at any time are too few.
  let fewest = Number.POSITIVE_INFINITY;
  let begun = Date.now();
  let looked = 0;
  for await (const page of highlevel.opportunities.read({ where, sort: 'any' })) {
    opportunities.push(...page.records.map(keep));
    slowest = Math.max(slowest, Date.now() - begun);
    fewest = Math.min(fewest, page.total ?? fewest);
    looked = page.looked;
    const rest = { requests: page.requests, leftOut: page.leftOut };
    if (page.search === 'list' && (looked > MOST_LISTED || (page.total ?? 0) > MOST_LISTED)) {
      throw tooLarge(errors, MOST_LISTED);
    }
    if (page.isLast && !(Number.isFinite(fewest) && looked < fewest)) return { opportunities, ...rest };
    begun = Date.now();
    if (begun - startedAt + slowest > BUDGET_MS) throw outOfTime(errors, looked, fewest);
  }
  throw incomplete(errors, looked, fewest);
}

const count = (number: number) => number.toLocaleString('en-US');

function outOfTime(errors: HighLevel['errors'], read: number, total: number): Error {
  const all = Number.isFinite(total) ? ` of ${count(total)}` : '';
  return new errors.Error(
    `HighLevel answered too slowly to sum everything up: after ${BUDGET_MS / 1000} seconds, ${count(read)}${all} ` +
      'opportunities had been read. No summary was made, because it would leave opportunities out. Choose one pipeline or a ' +
      'shorter period, or replay the step later.',
    'out_of_time',
    504,
  );
}

function tooLarge(errors: HighLevel['errors'], most: number): Error {
  return new errors.Error(
    `HighLevel refused the search that this summary needs. Without it only ${count(most)} opportunities can be read, and ` +
      'there are more. No summary was made, because it would leave opportunities out. Choose one pipeline, or try again later.',
    'too_large',
    503,
  );
}

function incomplete(errors: HighLevel['errors'], read: number, total: number): Error {
  return new errors.Error(
    `HighLevel counted ${count(total)} opportunities and gave only ${count(read)}. No summary was made, because it would ` +
      'leave opportunities out. Replay the step.',
    'incomplete',
    503,
  );
}
