/** The parts of a summary: by stage, by owner, opportunity by opportunity. */

import { DAY_MS } from '../../fields/inputs/days.ts';
import type { Pipeline } from '../../highlevel/account/pipelines.ts';
import { type Chance, type OpportunityFacts, weighted, winRate, worth } from './opportunity-sums.ts';

export interface SummaryFrame {
  /** ms since the epoch */
  from: number;
  /** ms since the epoch, the first moment after the period. */
  before: number;
  /** ms since the epoch */
  now: number;
  /** Those summed up, in the order in which to show them. */
  pipelines: Pipeline[];
  ownerName: (id: string) => string | null;
  url: (id: string) => string;
}

export interface OpportunityLine {
  id: string;
  name: string;
  monetary_value: number;
  pipeline_name: string | null;
  stage_name: string | null;
  owner_name: string | null;
  contact_name: string | null;
  /** Whole days since the opportunity last changed its stage. */
  days_in_stage: number;
  url: string;
}

export interface StageLine {
  pipeline_id: string;
  pipeline_name: string;
  stage_id: string;
  stage_name: string;
  open_count: number;
  open_value: number;
  weighted_value: number;
}

export interface OwnerLine {
  owner_id: string | null;
  owner_name: string;
  open_count: number;
  open_value: number;
  weighted_value: number;
  created_count: number;
  won_count: number;
  won_value: number;
  lost_count: number;
  /** As in the whole. */
  win_rate: number | null;
}

export function stageLines(open: OpportunityFacts[], pipelines: Pipeline[], chance: Chance): StageLine[] {
  const inStage = Map.groupBy(open, ({ stageId }) => stageId);
  const line = (pipelineId: string, pipelineName: string, stageId: string, stageName: string): StageLine => {
    const opportunities = inStage.get(stageId) ?? [];
    return {
      pipeline_id: pipelineId,
      pipeline_name: pipelineName,
      stage_id: stageId,
      stage_name: stageName,
      open_count: opportunities.length,
      open_value: worth(opportunities),
      weighted_value: weighted(opportunities, chance),
    };
  };
  const known = pipelines.flatMap(({ id, name, stages }) =>
    stages.map((stage) => line(id, name, stage.id, stage.name)),
  );
  const names = new Map(pipelines.map(({ id, name }) => [id, name]));
  // Without the list of stages none is known to be gone, and its ID stands for its name.
  const former = (id: string, name: string) => (known.length > 0 ? name : id);
  const gone = [...inStage].filter(([id]) => !known.some(({ stage_id }) => stage_id === id));
  // Without them the lines would not add up to the whole.
  return [
    ...known,
    ...gone.map(([id, [first]]) => {
      const pipelineId = first?.pipelineId ?? '';
      const pipelineName = names.get(pipelineId) ?? former(pipelineId, 'Former Pipeline');
      return line(pipelineId, pipelineName, id, former(id, 'Former Stage'));
    }),
  ];
}

/** Those with the most open value first. */
export function ownerLines(
  groups: Record<'open' | 'created' | 'won' | 'lost', OpportunityFacts[]>,
  { ownerName }: SummaryFrame,
  chance: Chance,
): OwnerLine[] {
  const by = (opportunities: OpportunityFacts[]) => Map.groupBy(opportunities, ({ ownerId }) => ownerId);
  const [open, created, won, lost] = [by(groups.open), by(groups.created), by(groups.won), by(groups.lost)];
  const ids = new Set([open, created, won, lost].flatMap((opportunities) => [...opportunities.keys()]));
  const lines = [...ids].map((id) => {
    const of = (opportunities: Map<string | null, OpportunityFacts[]>) => opportunities.get(id) ?? [];
    return {
      owner_id: id,
      owner_name: id === null ? 'No Owner' : (ownerName(id) ?? 'Former User'),
      open_count: of(open).length,
      open_value: worth(of(open)),
      weighted_value: weighted(of(open), chance),
      created_count: of(created).length,
      won_count: of(won).length,
      won_value: worth(of(won)),
      lost_count: of(lost).length,
      win_rate: winRate(of(won).length, of(lost).length),
    };
  });
  return lines.sort((a, b) => b.open_value - a.open_value || b.won_value - a.won_value);
}

export function lineIn({
  pipelines,
  ownerName,
  url,
  now,
}: SummaryFrame): (opportunity: OpportunityFacts) => OpportunityLine {
  return (opportunity) => {
    const pipeline = pipelines.find(({ id }) => id === opportunity.pipelineId);
    return {
      id: opportunity.id,
      name: opportunity.name,
      monetary_value: opportunity.value,
      pipeline_name: pipeline?.name ?? null,
      stage_name: pipeline?.stages.find(({ id }) => id === opportunity.stageId)?.name ?? null,
      owner_name: opportunity.ownerId && ownerName(opportunity.ownerId),
      contact_name: opportunity.contactName,
      days_in_stage: Math.max(0, Math.floor((now - opportunity.stageChangedAt) / DAY_MS)),
      url: url(opportunity.id),
    };
  };
}
