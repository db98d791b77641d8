/** The arithmetic of opportunities: nothing here reads anything. */

import type { Pipeline } from '../../highlevel/account/pipelines.ts';
import { isoTime, momentMs } from '../../highlevel/http/time.ts';
import type { OpportunityRecord } from '../../highlevel/opportunities/record.ts';

/** What a summary needs of an opportunity. Times in ms since the epoch. */
export interface OpportunityFacts {
  id: string;
  name: string;
  status: string;
  value: number;
  /** Percent; null where neither HighLevel nor a person set one on the opportunity. */
  probability: number | null;
  pipelineId: string;
  stageId: string;
  ownerId: string | null;
  contactName: string | null;
  createdAt: number;
  statusChangedAt: number;
  stageChangedAt: number;
}

export function factsOf(record: OpportunityRecord): OpportunityFacts {
  const time = (value: string | null | undefined) => momentMs(isoTime(value));
  return {
    id: record.id,
    name: record.name || record.id,
    status: record.status ?? '',
    value: record.monetaryValue ?? 0,
    probability: record.effectiveProbability ?? record.forecastProbability ?? null,
    pipelineId: record.pipelineId ?? '',
    stageId: record.pipelineStageId ?? '',
    ownerId: record.assignedTo || null,
    contactName: record.contact?.name || null,
    createdAt: time(record.createdAt),
    statusChangedAt: time(record.lastStatusChangeAt),
    stageChangedAt: time(record.lastStageChangeAt ?? record.createdAt),
  };
}

/** Percent to one decimal; null for none of either. */
export function winRate(won: number, lost: number): number | null {
  return won + lost === 0 ? null : Math.round((won / (won + lost)) * 1000) / 10;
}

/** Summed in cents, because sums of fractions drift. */
export function worth(opportunities: { value: number }[]): number {
  return opportunities.reduce((cents, { value }) => cents + Math.round(value * 100), 0) / 100;
}

export type Chance = (opportunity: OpportunityFacts) => number | null;

/** An opportunity's own probability in percent, or else its stage's. */
export function chanceIn(pipelines: Pipeline[]): Chance {
  const ofStage = new Map(
    pipelines.flatMap(({ stages }) => stages.map(({ id, probability }) => [id, probability] as const)),
  );
  return ({ probability, stageId }) => probability ?? ofStage.get(stageId) ?? null;
}

/** What open opportunities are worth by their probability; those without one count for nothing. */
export function weighted(opportunities: OpportunityFacts[], chance: Chance): number {
  const cents = opportunities.reduce(
    (sum, opportunity) => sum + opportunity.value * (chance(opportunity) ?? 0),
    0,
  );
  return Math.round(cents) / 100;
}
