import type { LostReason, Pipeline, State } from '../state/records.ts';
import type { SeedRandom } from './random.ts';

/** Stage names with their chance of winning, in percent. */
export const SALES_STAGES: [string, number][] = [
  ['New Lead', 10],
  ['Contacted', 25],
  ['Proposal Sent', 50],
  ['Negotiation', 75],
  ['Closing', 90],
];

export const ONBOARDING_STAGES: [string, number][] = [
  ['Kickoff', 20],
  ['Setup', 50],
  ['Training', 80],
  ['Live', 100],
];

const LOST_REASONS = ['Price too high', 'Chose a competitor', 'No budget this year', 'Stopped responding'];

/**
 * Adds one pipeline with its stages.
 *
 * @param stages names and win probabilities in percent, in board order
 * @param added ISO time of its creation
 */
export function seedPipeline(
  state: State,
  random: SeedRandom,
  locationId: string,
  name: string,
  stages: [string, number][],
  added: string,
): Pipeline {
  const pipeline: Pipeline = {
    id: random.id(),
    locationId,
    name,
    position: String(state.pipelines.size),
    stages: stages.map(([stageName, stageWinProbability], position) => ({
      id: random.uuid(),
      name: stageName,
      position,
      showInFunnel: true,
      showInPieChart: true,
      stageWinProbability,
    })),
    showInFunnel: true,
    showInPieChart: true,
    useOpportunityProbability: false,
    colorRenderMode: 'dot',
    dateAdded: added,
    dateUpdated: added,
  };
  state.pipelines.set(pipeline.id, pipeline);
  return pipeline;
}

/**
 * Adds the four reasons for which a location loses opportunities.
 *
 * @param added ISO time of their creation
 */
export function seedLostReasons(
  state: State,
  random: SeedRandom,
  locationId: string,
  added: string,
): LostReason[] {
  return LOST_REASONS.map((name) => {
    const reason = {
      id: random.id(),
      locationId,
      name,
      deleted: false,
      createdAt: added,
      updatedAt: added,
    };
    state.lostReasons.set(reason.id, reason);
    return reason;
  });
}
