import {
  type Fields,
  findSearchOrCreate,
  type OperationKind,
  type SearchOrCreateDefinition,
} from '../app/definition.ts';
import { withCost, ZapFailure } from '../app/failure.ts';
import type { Cost } from '../events.ts';
import type { RunContext } from '../zap/context.ts';
import { type ActionInput, runCreate, runSearch } from './actions.ts';

export type SearchOrCreateResult = Cost & {
  outcome: 'found' | 'created' | 'updated';
  output: Fields;
  input: Fields;
};

/**
 * Runs a search-or-create step: search; nothing found, create; found, update where the app names an update
 * [source schema SearchOrCreateSchema].
 *
 * Each of the operations gets those of the step's fields that it has itself [assumed]. The update also gets
 * what `updateInputFromSearchOutput` takes from the row found, over what the person entered [assumed], and its
 * result is the step's output [assumed]. `searchUniqueInputToOutputConstraint` keeps only rows whose field
 * equals the search input [source schema]; values in it that are not text are undocumented and left alone.
 * @throws ZapFailure
 */
export async function runSearchOrCreate(
  context: RunContext,
  key: string,
  input: ActionInput,
): Promise<SearchOrCreateResult> {
  const pair = findSearchOrCreate(context.host.definition, key);
  const split = await splitInput(context, pair, input);
  const searched = await runSearch(context, pair.search, split('search', pair.search));
  const found = searched.rows.find((row) => isExact(pair, searched.input, row));
  if (found && !pair.update) return { outcome: 'found', output: found, ...omitRows(searched) };

  const action = found ? (pair.update as string) : pair.create;
  const own = split('create', action);
  const carried = found ? carryOver(pair, found) : {};
  const done = await runCreate(
    context,
    action,
    { raw: { ...own.raw, ...carried }, mapped: { ...own.mapped, ...carried } },
    pair.search,
  ).catch((error: unknown) => {
    throw withCost(error, searched);
  });
  return {
    outcome: found ? 'updated' : 'created',
    output: done.output,
    input: done.input,
    requests: searched.requests + done.requests,
    ms: searched.ms + done.ms,
  };
}

async function splitInput(context: RunContext, pair: SearchOrCreateDefinition, input: ActionInput) {
  const operations: [OperationKind, string][] = [
    ['search', pair.search],
    ['create', pair.create],
    ...(pair.update ? [['create', pair.update] as [OperationKind, string]] : []),
  ];
  const keys = new Map<string, Set<string>>();
  for (const [kind, key] of operations) {
    const fields = await context.fieldsOf(kind, key, input.raw);
    keys.set(`${kind} ${key}`, new Set(fields.map((field) => field.key)));
  }
  const all = [...keys.values()];
  const strange = Object.keys(input.mapped).filter((name) => !all.some((known) => known.has(name)));
  if (strange.length > 0) {
    const message = `Neither the search nor what follows it has a field ${strange.join(', ')}.`;
    throw new ZapFailure({ kind: 'unknown_field', message });
  }
  return (kind: OperationKind, key: string): ActionInput => {
    const known = keys.get(`${kind} ${key}`);
    const pick = (fields: Fields) =>
      Object.fromEntries(Object.entries(fields).filter(([name]) => known?.has(name)));
    return { raw: pick(input.raw), mapped: pick(input.mapped) };
  };
}

function carryOver(pair: SearchOrCreateDefinition, found: Fields): Fields {
  const map = Object.entries(pair.updateInputFromSearchOutput ?? {});
  return Object.fromEntries(map.map(([inputKey, outputKey]) => [inputKey, found[outputKey]]));
}

function isExact(pair: SearchOrCreateDefinition, searchInput: Fields, row: Fields): boolean {
  return Object.entries(pair.searchUniqueInputToOutputConstraint ?? {})
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .every(([inputKey, outputKey]) => {
      const wanted = searchInput[inputKey];
      return wanted === undefined || String(row[outputKey] ?? '') === String(wanted);
    });
}

function omitRows<T extends { rows: Fields[] }>({ rows: _rows, ...rest }: T): Omit<T, 'rows'> {
  return rest;
}
