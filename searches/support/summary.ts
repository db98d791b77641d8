/** What a summary is made of: nothing here reads anything. */

import type { Status } from '../../highlevel/opportunities/record.ts';
import { chanceIn, type OpportunityFacts, weighted, winRate, worth } from './opportunity-sums.ts';
import {
  lineIn,
  type OpportunityLine,
  type OwnerLine,
  ownerLines,
  type StageLine,
  type SummaryFrame,
  stageLines,
} from './summary-lines.ts';

export interface SummaryNumbers {
  open_count: number;
  open_value: number;
  weighted_value: number;
  /** Open opportunities that count for nothing in the forecast, because neither they nor their stage have a probability. */
  no_probability_count: number;
  created_count: number;
  created_value: number;
  won_count: number;
  won_value: number;
  lost_count: number;
  lost_value: number;
  abandoned_count: number;
  abandoned_value: number;
  /** Percent of the opportunities won among those won or lost, to one decimal; null where there is none of either. */
  win_rate: number | null;
  stages: StageLine[];
  owners: OwnerLine[];
  largest_opportunities: OpportunityLine[];
  stalest_opportunities: OpportunityLine[];
}

const LISTED = 5;

/**
 * The numbers of a period. "Open" is as of now. Created, won, lost and abandoned count the opportunities that became so within
 * the period and still are: HighLevel keeps the last change of an opportunity, not its history.
 */
export function summarize(opportunities: OpportunityFacts[], frame: SummaryFrame): SummaryNumbers {
  const within = (time: number) => time >= frame.from && time < frame.before;
  const created = opportunities.filter(({ createdAt }) => within(createdAt));
  const open = opportunities.filter(({ status }) => status === 'open');
  const became = (status: Status) =>
    opportunities.filter(
      (opportunity) => opportunity.status === status && within(opportunity.statusChangedAt),
    );
  const [won, lost, abandoned] = [became('won'), became('lost'), became('abandoned')];
  const chance = chanceIn(frame.pipelines);
  const line = lineIn(frame);
  return {
    open_count: open.length,
    open_value: worth(open),
    weighted_value: weighted(open, chance),
    no_probability_count: open.filter((opportunity) => chance(opportunity) === null).length,
    created_count: created.length,
    created_value: worth(created),
    won_count: won.length,
    won_value: worth(won),
    lost_count: lost.length,
    lost_value: worth(lost),
    abandoned_count: abandoned.length,
    abandoned_value: worth(abandoned),
    win_rate: winRate(won.length, lost.length),
    stages: stageLines(open, frame.pipelines, chance),
    owners: ownerLines({ open, created, won, lost }, frame, chance),
    largest_opportunities: [...open]
      .sort((a, b) => b.value - a.value)
      .slice(0, LISTED)
      .map(line),
    stalest_opportunities: open
      .filter(({ stageChangedAt }) => !Number.isNaN(stageChangedAt))
      .sort((a, b) => a.stageChangedAt - b.stageChangedAt)
      .slice(0, LISTED)
      .map(line),
  };
}
