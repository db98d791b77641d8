import {
  type Fields,
  findOperation,
  isFields,
  type OperationKind,
  operationPath,
} from '../app/definition.ts';
import { ZapFailure } from '../app/failure.ts';
import { lockName } from '../app/lock.ts';
import { actionPolicy, callWithRetries } from '../app/throttle.ts';
import type { Cost } from '../events.ts';
import { type Prepared, prepareInput } from '../inputs/prepare.ts';
import type { RunContext } from '../zap/context.ts';

/** What an action gave; `input` is what the app was called with. */
export type ActionResult = Cost & { output: Fields; input: Fields };
export type SearchResult = Cost & { rows: Fields[]; input: Fields };

export type ActionInput = { raw: Fields; mapped: Fields };

/**
 * Runs a create: perform, then performGet with the result as its input where the app has one [docs].
 * performResume and performBuffer are not emulated: a create that waits for a callback fails here.
 * @param withSearch the key of the search that this create stands beside, for `bundle.meta.withSearch`.
 * @throws ZapFailure
 */
export async function runCreate(
  context: RunContext,
  key: string,
  input: ActionInput,
  withSearch?: string,
): Promise<ActionResult> {
  const prepared = await prepare(context, 'create', key, input);
  const reply = await perform(context, 'create', key, prepared, withSearch);
  if (reply.status === 'CALLBACK') {
    throw new ZapFailure(
      { kind: 'other', message: 'It waits for a callback, which the runner does not emulate.' },
      reply,
    );
  }
  const got = await fetchFull(context, 'create', key, reply.results);
  return { output: asOutput(got.results), input: prepared.inputData, ...sum(reply, got) };
}

/**
 * Runs a search and returns its rows, best first; the caller takes the first alone, as Zapier does [docs].
 * Where the app has a performGet, the first row is fetched anew with it.
 * @throws ZapFailure
 */
export async function runSearch(context: RunContext, key: string, input: ActionInput): Promise<SearchResult> {
  const prepared = await prepare(context, 'search', key, input);
  const reply = await perform(context, 'search', key, prepared);
  // With canPaginate the rows come in an envelope [source core/src/checks/search-is-array-or-envelope.js].
  const list = isFields(reply.results) ? reply.results.results : reply.results;
  const rows = (Array.isArray(list) ? list : []).filter(isFields);
  const [first, ...others] = rows;
  if (!first) return { rows, input: prepared.inputData, requests: reply.requests, ms: reply.ms };
  const got = await fetchFull(context, 'search', key, first);
  return { rows: [asOutput(got.results), ...others], input: prepared.inputData, ...sum(reply, got) };
}

async function prepare(
  context: RunContext,
  kind: OperationKind,
  key: string,
  input: ActionInput,
): Promise<Prepared> {
  const fields = await context.fieldsOf(kind, key, input.raw);
  return prepareInput(context.host, kind, key, fields, { ...input, timezone: context.timezone });
}

function perform(
  context: RunContext,
  kind: OperationKind,
  key: string,
  prepared: Prepared,
  withSearch?: string,
) {
  const { inputFields, ...data } = prepared;
  const meta = { inputFields, timezone: context.timezone, ...(withSearch && { withSearch }) };
  const method = `${operationPath(kind, key)}.perform`;
  const { host, connection } = context;
  const run = () => callWithRetries(host, { method, connection, ...data, meta }, actionPolicy(host));
  const { lock } = findOperation(host.definition, kind, key);
  return lock ? host.locks(lockName(lock, data.inputData, connection), run) : run();
}

async function fetchFull(context: RunContext, kind: OperationKind, key: string, found: unknown) {
  const { host, connection } = context;
  if (!findOperation(host.definition, kind, key).performGet) return { results: found, requests: 0, ms: 0 };
  const method = `${operationPath(kind, key)}.performGet`;
  const call = { method, connection, inputData: asOutput(found), meta: { timezone: context.timezone } };
  return callWithRetries(host, call, actionPolicy(host));
}

function asOutput(results: unknown): Fields {
  return isFields(results) ? results : { result: results };
}

function sum(one: Cost, other: Cost): Cost {
  return { requests: one.requests + other.requests, ms: one.ms + other.ms };
}
