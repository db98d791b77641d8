import type { HighLevel } from '../../highlevel/connect.ts';
import type { Criteria } from '../../highlevel/opportunities/criteria.ts';
import type { Page } from '../../highlevel/opportunities/reading.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** What was found, and what the last page said of the whole. */
export interface LookedThrough {
  /** Those that meet the criteria, newest created first. */
  records: OpportunityRecord[];
  /** How many HighLevel gave to look through. */
  looked: number;
  /** How many meet the criteria in all; null where that was not counted. */
  matching: number | null;
  /** Whether all that HighLevel has was looked through. */
  whole: boolean;
  /** How many rows could not be told from others, and are in nothing. */
  leftOut: number;
}

/** Where nothing can match. */
export const NOTHING: LookedThrough = { records: [], looked: 0, matching: 0, whole: true, leftOut: 0 };

/** More would not fit into the 30 s that Zapier gives a step. [docs] */
const MOST_ROWS: Record<Page['search'], number> = { advanced: 5000, list: 2000 };

/**
 * Looks through opportunities until there are enough, all were seen, or time is up.
 *
 * @param likely how many rows are likely wanted
 * @param until after this no page is begun, in ms since the epoch
 */
export async function lookThrough(
  highlevel: HighLevel,
  where: Criteria,
  {
    likely,
    until,
    enough,
  }: { likely: number; until: number; enough: (found: OpportunityRecord[]) => boolean },
): Promise<LookedThrough> {
  const records: OpportunityRecord[] = [];
  let last: Page | null = null;
  for await (const page of highlevel.opportunities.read({ where, likely, until })) {
    records.push(...page.records);
    last = page;
    // Where the total is just what was looked at, one page more tells whether it is all.
    const mayBeAll = !page.isLast && page.total === page.looked;
    if ((enough(records) && !mayBeAll) || page.looked >= MOST_ROWS[page.search]) break;
  }
  const whole = last?.isLast ?? false;
  const leftOut = last?.leftOut ?? 0;
  return {
    records,
    looked: last?.looked ?? 0,
    matching: whole && leftOut === 0 ? records.length : (last?.matching ?? null),
    whole,
    leftOut,
  };
}
