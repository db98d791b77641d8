import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { entries, numeral } from '../http/shapes.ts';
import { createLookup } from './lookup.ts';

export interface Stage {
  id: string;
  name: string;
  /** Percent of opportunities won from here, where the account set it. [recorded] */
  probability: number | null;
}

export interface Pipeline {
  id: string;
  name: string;
  /** In the order of the board. */
  stages: Stage[];
}

/** No paging; the parameter is camelCase in every version. [spec; measured by others] */
const LIST_PIPELINES: Endpoint = {
  method: 'GET',
  path: '/opportunities/pipelines',
  scope: 'opportunities.readonly',
  doing: 'list the pipelines',
  repeatable: true,
  takesInput: false,
};

/** The specification types stages as arrays of arrays; live they are objects with a position. [recorded] */
const answer = s.lazy(() =>
  s.looseObject({
    pipelines: entries(
      s.looseObject({
        id: s.string(),
        name: s.nullish(s.string()),
        position: s.nullish(s.union([s.string(), s.number()])),
        stages: s.nullish(
          entries(
            s.looseObject({
              id: s.string(),
              name: s.nullish(s.string()),
              position: s.nullish(s.union([s.string(), s.number()])),
              stageWinProbability: s.nullish(numeral),
            }),
          ),
        ),
      }),
    ),
  }),
);

async function listPipelines(client: Client): Promise<Pipeline[]> {
  const query = { locationId: client.locationId() };
  const { pipelines } = await client.call(LIST_PIPELINES, answer, { query });
  return inOrder(pipelines).map((pipeline) => ({
    id: pipeline.id,
    name: pipeline.name || pipeline.id,
    stages: inOrder(pipeline.stages ?? []).map((stage) => ({
      id: stage.id,
      name: stage.name || stage.id,
      probability: stage.stageWinProbability ?? null,
    })),
  }));
}

/** HighLevel does not send them sorted. [recorded] */
function inOrder<T extends { position?: string | number | null }>(items: T[]): T[] {
  return [...items].sort((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0));
}

export const pipelines = createLookup('pipelines', listPipelines, ({ id, stages }) => [
  id,
  ...stages.map((stage) => stage.id),
]);
