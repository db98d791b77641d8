import type { Meta, Reply } from '../app/call.ts';
import { type Fields, findOperation, isFields, operationPath, primaryKeys } from '../app/definition.ts';
import { ZapFailure } from '../app/failure.ts';
import { prepareInput } from '../inputs/prepare.ts';
import type { RunContext } from '../zap/context.ts';
import { appTrigger } from '../zap/zap.ts';
import { createDedupeTable, type DedupeTable } from './dedupe.ts';

/** More new rows than this in one poll are held back [docs operating constraints]. */
export const FLOOD_LIMIT = 100;

export type Poller = {
  /** Runs the trigger once. Returns the rows not seen before, oldest first; empty where the poll failed. */
  poll: () => Promise<Fields[]>;
  /** How many rows are remembered. */
  remembered: () => number;
};

/**
 * Calls the trigger's perform (or performList), with the trigger's input made ready.
 * @throws ZapFailure
 */
export async function callTrigger(
  context: RunContext,
  member: string,
  meta: Partial<Meta>,
  extra?: Fields,
): Promise<Reply> {
  const { host, zap, connection, timezone } = context;
  const { key, input = {} } = appTrigger(zap);
  const fields = await context.fieldsOf('trigger', key, input);
  const { inputFields, ...data } = prepareInput(host, 'trigger', key, fields, {
    raw: input,
    mapped: input,
    timezone,
  });
  const operation = findOperation(host.definition, 'trigger', key);
  // A cursor is offered where canPaginate allows it, and not to a hook's perform [source core/src/tools/should-paginate.js].
  const pages = operation.canPaginate && (member === 'performList' || operation.type !== 'hook');
  return host.call({
    method: `${operationPath('trigger', key)}.${member}`,
    connection,
    ...data,
    meta: { timezone, inputFields, ...meta },
    extra,
    storeKey: pages && (member === 'perform' || member === 'performList') ? context.storeKey : undefined,
  });
}

/** The rows of a trigger's answer. */
export function rowsOf(results: unknown): Fields[] {
  return Array.isArray(results) ? results.filter(isFields) : [];
}

/**
 * Starts polling: one call with isPopulatingDedupe whose rows are remembered and start nothing [docs].
 * Steady-state outputs and webhooks that cause polls (hook_to_poll) are not emulated.
 * @throws ZapFailure where that first call fails, as the Zap then stays off [assumed for throttling].
 */
export async function startPolling(context: RunContext): Promise<Poller & { first: Reply }> {
  const operation = findOperation(context.host.definition, 'trigger', appTrigger(context.zap).key);
  const table = createDedupeTable(primaryKeys(operation));
  const first = await callTrigger(context, 'perform', { isPopulatingDedupe: true });
  table.take(rowsOf(first.results));
  return { first, remembered: table.size, poll: () => pollOnce(context, table) };
}

async function pollOnce(context: RunContext, table: DedupeTable): Promise<Fields[]> {
  const { host, zap, connection } = context;
  if (connection.stale) {
    host.emit({ type: 'poll_skipped', zap: zap.name, reason: 'The connection has to be made anew.' });
    return [];
  }
  const head = { type: 'poll', zap: zap.name } as const;
  try {
    const { results, requests, ms } = await callTrigger(context, 'perform', {});
    const rows = rowsOf(results);
    const fresh = table.take(rows);
    const deduped = rows.length - fresh.length;
    host.emit({ ...head, rows: rows.length, fresh: fresh.length, deduped, requests, ms });
    return fresh.reverse();
  } catch (error) {
    // A throttled or failed poll loses nothing: the next one comes by itself, and the runner leaves it at that [assumed].
    if (!(error instanceof ZapFailure)) throw error;
    const { failure, requests, ms } = error;
    host.emit({ ...head, rows: 0, fresh: 0, deduped: 0, failure, requests, ms });
    return [];
  }
}
