import * as s from 'zod/mini';
import type { Client, Endpoint } from '../http/client.ts';
import { countedEntries, shown, textOrNumber } from '../http/shapes.ts';
import { createLookup, type Listed } from './lookup.ts';

/** [spec] */
const LIST_WORKFLOWS: Endpoint = {
  method: 'GET',
  path: '/workflows/',
  scope: 'workflows.readonly',
  doing: 'list the workflows',
  repeatable: true,
  takesInput: false,
};

const answer = s.lazy(() =>
  s.looseObject({
    workflows: countedEntries(
      s.looseObject({ id: s.string(), name: shown(textOrNumber), status: shown(s.nullish(s.string())) }),
    ),
  }),
);

export interface Workflow {
  id: string;
  name: string;
  /** `draft` or `published`. [spec: example] */
  status: string | null;
}

/** The workflows of the sub-account, drafts among them. */
export const workflows = createLookup('workflows', listWorkflows, ({ id }) => [id]);

async function listWorkflows(client: Client): Promise<Listed<Workflow>> {
  const query = { locationId: client.locationId() };
  const { workflows: rows } = await client.call(LIST_WORKFLOWS, answer, { query });
  const items = rows.kept.map(({ id, name, status }) => ({ id, name: name || id, status: status ?? null }));
  return { items, leftOut: rows.leftOut };
}
