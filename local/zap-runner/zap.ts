import type { Fields } from './definition.ts';

/**
 * A Zap as data. Inputs hold text, or references to earlier outputs: `{{trigger.field}}`,
 * `{{step_id.nested.field}}`, `{{step_id.items[].name}}` (see mapping.ts).
 */
export type Zap = {
  name: string;
  trigger: { key: string; input?: Fields };
  steps: Step[];
  /** IANA zone of the Zap; what dates without an offset are read in. Default `UTC` [assumed]. */
  timezone?: string;
};

export type Step = CreateStep | SearchStep | SearchOrCreateStep | FilterStep;

export type CreateStep = { id: string; kind: 'create'; key: string; input?: Fields };

export type SearchStep = {
  id: string;
  kind: 'search';
  key: string;
  input?: Fields;
  /** The editor's question whether a search that finds nothing counts as a success; `stop` is its default [docs]. */
  ifNothingFound?: 'continue' | 'stop';
};

/** The fields of the search, of the create and of the update stand side by side in one input [assumed]. */
export type SearchOrCreateStep = { id: string; kind: 'searchOrCreate'; key: string; input?: Fields };

/** Lets the Zap go on only where the condition holds, as Filter by Zapier does. */
export type FilterStep = {
  id: string;
  kind: 'filter';
  /** A reference, such as `{{trigger.status}}`. */
  field: string;
  op: 'equals' | 'not_equals' | 'exists' | 'not_exists' | 'contains';
  value?: unknown;
};

/**
 * Checks what the editor would not let a person build.
 * @throws Error when two steps share an id, or a step is called `trigger`, or an id could not be referred to.
 */
export function checkZap(zap: Zap): void {
  const seen = new Set(['trigger']);
  for (const { id } of zap.steps) {
    if (!/^[A-Za-z_][\w-]*$/.test(id)) throw new Error(`Zap "${zap.name}": "${id}" cannot be a step's id.`);
    if (seen.has(id)) throw new Error(`Zap "${zap.name}": the id "${id}" is taken.`);
    seen.add(id);
  }
}
