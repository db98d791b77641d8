import { isoTime, type OpportunityRecord, type Status } from '../highlevel/opportunity.ts';
import type { Pipeline } from '../highlevel/pipelines.ts';
import { DAY_MS } from './days.ts';

/** What a summary is made of, and the arithmetic: nothing here reads anything. */

/** What a summary needs of a deal. Times in ms since the epoch. */
export interface DealFacts {
  id: string;
  name: string;
  status: string;
  value: number;
  /** Percent; null where neither HighLevel nor a person set one on the deal. */
  probability: number | null;
  pipelineId: string;
  stageId: string;
  ownerId: string | null;
  contactName: string | null;
  createdAt: number;
  statusChangedAt: number;
  stageChangedAt: number;
}

export function factsOf(record: OpportunityRecord): DealFacts {
  const time = (value: string | null | undefined) => Date.parse(isoTime(value) ?? '');
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

export interface DealLine {
  id: string;
  name: string;
  monetary_value: number;
  pipeline_name: string | null;
  stage_name: string | null;
  owner_name: string | null;
  contact_name: string | null;
  /** Whole days since the deal last changed its stage. */
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

export interface SummaryNumbers {
  open_count: number;
  open_value: number;
  weighted_value: number;
  /** Open deals that count for nothing in the forecast, because neither they nor their stage have a probability. */
  no_probability_count: number;
  created_count: number;
  created_value: number;
  won_count: number;
  won_value: number;
  lost_count: number;
  lost_value: number;
  abandoned_count: number;
  abandoned_value: number;
  /** Percent of the deals won among those won or lost, to one decimal; null where there is none of either. */
  win_rate: number | null;
  stages: StageLine[];
  owners: OwnerLine[];
  largest_deals: DealLine[];
  stalest_deals: DealLine[];
}

const LISTED = 5;

/**
 * The numbers of a period. "Open" is as of now. Created, won, lost and abandoned count the deals that became so within
 * the period and still are: HighLevel keeps the last change of a deal, not its history.
 */
export function summarize(deals: DealFacts[], frame: SummaryFrame): SummaryNumbers {
  const within = (time: number) => time >= frame.from && time < frame.before;
  const created = deals.filter(({ createdAt }) => within(createdAt));
  const open = deals.filter(({ status }) => status === 'open');
  const became = (status: Status) =>
    deals.filter((deal) => deal.status === status && within(deal.statusChangedAt));
  const [won, lost, abandoned] = [became('won'), became('lost'), became('abandoned')];
  const chance = chanceIn(frame.pipelines);
  const line = lineIn(frame);
  return {
    open_count: open.length,
    open_value: worth(open),
    weighted_value: weighted(open, chance),
    no_probability_count: open.filter((deal) => chance(deal) === null).length,
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
    largest_deals: [...open]
      .sort((a, b) => b.value - a.value)
      .slice(0, LISTED)
      .map(line),
    stalest_deals: open
      .filter(({ stageChangedAt }) => !Number.isNaN(stageChangedAt))
      .sort((a, b) => a.stageChangedAt - b.stageChangedAt)
      .slice(0, LISTED)
      .map(line),
  };
}

/** Percent to one decimal; null for none of either. */
export function winRate(won: number, lost: number): number | null {
  return won + lost === 0 ? null : Math.round((won / (won + lost)) * 1000) / 10;
}

/** Summed in cents, because sums of fractions drift. */
export function worth(deals: { value: number }[]): number {
  return deals.reduce((cents, { value }) => cents + Math.round(value * 100), 0) / 100;
}

type Chance = (deal: DealFacts) => number | null;

/** A deal's own probability in percent, or else its stage's. */
function chanceIn(pipelines: Pipeline[]): Chance {
  const ofStage = new Map(
    pipelines.flatMap(({ stages }) => stages.map(({ id, probability }) => [id, probability] as const)),
  );
  return ({ probability, stageId }) => probability ?? ofStage.get(stageId) ?? null;
}

function weighted(deals: DealFacts[], chance: Chance): number {
  const cents = deals.reduce((sum, deal) => sum + deal.value * (chance(deal) ?? 0), 0);
  return Math.round(cents) / 100;
}

function stageLines(open: DealFacts[], pipelines: Pipeline[], chance: Chance): StageLine[] {
  const inStage = Map.groupBy(open, ({ stageId }) => stageId);
  const line = (pipelineId: string, pipelineName: string, stageId: string, stageName: string): StageLine => {
    const deals = inStage.get(stageId) ?? [];
    return {
      pipeline_id: pipelineId,
      pipeline_name: pipelineName,
      stage_id: stageId,
      stage_name: stageName,
      open_count: deals.length,
      open_value: worth(deals),
      weighted_value: weighted(deals, chance),
    };
  };
  const known = pipelines.flatMap(({ id, name, stages }) =>
    stages.map((stage) => line(id, name, stage.id, stage.name)),
  );
  const names = new Map(pipelines.map(({ id, name }) => [id, name]));
  const gone = [...inStage].filter(([id]) => !known.some(({ stage_id }) => stage_id === id));
  // Without them the lines would not add up to the whole.
  return [
    ...known,
    ...gone.map(([id, [first]]) => {
      const pipelineId = first?.pipelineId ?? '';
      return line(pipelineId, names.get(pipelineId) ?? 'Former Pipeline', id, 'Former Stage');
    }),
  ];
}

/** Those with the most open value first. */
function ownerLines(
  groups: Record<'open' | 'created' | 'won' | 'lost', DealFacts[]>,
  { ownerName }: SummaryFrame,
  chance: Chance,
): OwnerLine[] {
  const by = (deals: DealFacts[]) => Map.groupBy(deals, ({ ownerId }) => ownerId);
  const [open, created, won, lost] = [by(groups.open), by(groups.created), by(groups.won), by(groups.lost)];
  const ids = new Set([open, created, won, lost].flatMap((deals) => [...deals.keys()]));
  const lines = [...ids].map((id) => {
    const of = (deals: Map<string | null, DealFacts[]>) => deals.get(id) ?? [];
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

function lineIn({ pipelines, ownerName, url, now }: SummaryFrame): (deal: DealFacts) => DealLine {
  return (deal) => {
    const pipeline = pipelines.find(({ id }) => id === deal.pipelineId);
    return {
      id: deal.id,
      name: deal.name,
      monetary_value: deal.value,
      pipeline_name: pipeline?.name ?? null,
      stage_name: pipeline?.stages.find(({ id }) => id === deal.stageId)?.name ?? null,
      owner_name: deal.ownerId && ownerName(deal.ownerId),
      contact_name: deal.contactName,
      days_in_stage: Math.max(0, Math.floor((now - deal.stageChangedAt) / DAY_MS)),
      url: url(deal.id),
    };
  };
}
