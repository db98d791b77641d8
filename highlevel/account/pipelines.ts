import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { countedEntries, numeral, shown, textOrNumber } from '../http/shapes.ts';
import { createLookup, type Listed } from './lookup.ts';

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
    pipelines: countedEntries(
      s.looseObject({
        id: s.string(),
        name: shown(textOrNumber),
        position: shown(textOrNumber),
        stages: s.nullish(
          countedEntries(
            s.looseObject({
              id: s.string(),
              name: shown(textOrNumber),
              position: shown(textOrNumber),
              stageWinProbability: shown(s.nullish(numeral)),
            }),
          ),
        ),
      }),
    ),
  }),
);

async function listPipelines(client: Client): Promise<Listed<Pipeline>> {
  const query = { locationId: client.locationId() };
  const { pipelines } = await client.call(LIST_PIPELINES, answer, { query });
  const items = inOrder(pipelines.kept).map((pipeline) => ({
    id: pipeline.id,
    name: pipeline.name || pipeline.id,
    stages: inOrder(pipeline.stages?.kept ?? []).map((stage) => ({
      id: stage.id,
      name: stage.name || stage.id,
      probability: stage.stageWinProbability ?? null,
    })),
  }));
  const stagesLeftOut = pipelines.kept.reduce((sum, { stages }) => sum + (stages?.leftOut ?? 0), 0);
  return { items, leftOut: pipelines.leftOut + stagesLeftOut };
}

/** HighLevel does not send them sorted. [recorded] */
function inOrder<T extends { position?: string | number | null }>(items: T[]): T[] {
  return [...items].sort((a, b) => Number(a.position ?? 0) - Number(b.position ?? 0));
}

export const pipelines = createLookup('pipelines', listPipelines, ({ id, stages }) => [
  id,
  ...stages.map((stage) => stage.id),
]);
