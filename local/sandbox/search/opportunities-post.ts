import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { effectiveProbability, searchRow } from '../opportunities/views.ts';
import { fail } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { IndexedRow } from '../state/search-index.ts';
import { readFilters } from './opportunity-filters.ts';
import { NEWEST_FIRST, orderOf, SORT_FIELDS } from './opportunity-order.ts';
import { QUERY_MAX, textFilter } from './text.ts';

/** Pages reach this many records; beyond it only `searchAfter` does [docs]. */
const PAGED_MAX = 10_000;

const flag = z.boolean().optional();

/**
 * The spec marks all but filters and sort as required, the vendor's page on this search only locationId and limit;
 * the page is followed, as others' code that leaves the rest out is said to work [measured by others].
 */
const BODY = z.strictObject({
  locationId: z.string().min(1),
  query: z.string().max(QUERY_MAX).nullish(),
  limit: z.number().int().min(1).max(500),
  page: z.number().int().min(0).nullish(),
  searchAfter: z.array(z.union([z.string(), z.number()])).nullish(),
  filters: z.array(z.unknown()).nullish(),
  sort: z.array(z.strictObject({ field: z.enum(SORT_FIELDS), direction: z.enum(['asc', 'desc']) })).nullish(),
  additionalDetails: z
    .strictObject({ notes: flag, tasks: flag, calendarEvents: flag, unReadConversations: flag })
    .nullish(),
});

function stageAggregations(ctx: SandboxContext, rows: readonly IndexedRow[]): Record<string, unknown>[] {
  const stages = new Map<string, Record<string, number>>();
  for (const { opportunity: one } of rows) {
    const sums = stages.get(one.pipelineStageId) ?? {
      totalCount: 0,
      totalValue: 0,
      weightedValue: 0,
      openValue: 0,
      openWeightedValue: 0,
      wonValue: 0,
    };
    stages.set(one.pipelineStageId, sums);
    const add = (key: string, value: number): void => {
      sums[key] = (sums[key] ?? 0) + value;
    };
    const weighted = (one.monetaryValue * (effectiveProbability(ctx, one) ?? 0)) / 100;
    add('totalCount', 1);
    add('totalValue', one.monetaryValue);
    add('weightedValue', weighted);
    if (one.status === 'open') {
      add('openValue', one.monetaryValue);
      add('openWeightedValue', weighted);
    }
    if (one.status === 'won') add('wonValue', one.monetaryValue);
  }
  return [...stages].map(([pipelineStageId, sums]) => ({ pipelineStageId, ...sums }));
}

/** POST /opportunities/search (highlevel-api.md §3.3); answers 201 [recorded], although the spec says 200. */
export function registerPostSearch(app: FastifyInstance, ctx: SandboxContext): void {
  app.post('/opportunities/search', async (request, reply) => {
    const { version } = request.caller;
    const body = check(BODY, request.body);
    ownLocation(ctx, request.caller, body.locationId);
    const cursor = body.searchAfter ?? [];
    // [measured by others]; an empty cursor counts as none, since the spec marks both keys as required [assumed].
    if (cursor.length > 0 && body.page != null) fail(400, 'page should not be provided with searchAfter');

    const filters = readFilters(ctx, body.locationId, body.filters ?? []);
    const text = textFilter(ctx, body.query ?? '');
    const order = orderOf(body.sort != null && body.sort.length > 0 ? body.sort : NEWEST_FIRST);
    const found = ctx.index
      .ordered(body.locationId, order.name, order.compare)
      .filter((row) => filters.accepts(row) && text(row));

    // Page 0 and page 1 are both the first: the sources disagree on where counting begins [assumed].
    let begin = (Math.max(1, body.page ?? 1) - 1) * body.limit;
    if (cursor.length > 0) {
      const next = found.findIndex((row) => order.isAfter(row, cursor));
      begin = next < 0 ? found.length : next;
    } else if (begin + body.limit > PAGED_MAX) {
      // [docs: at most 10,000 by page]; the answer beyond is [assumed].
      fail(
        400,
        `Result window is too large, page and limit reach ${PAGED_MAX} records at most; use searchAfter`,
      );
    }
    const extras = {
      notes: body.additionalDetails?.notes === true,
      tasks: body.additionalDetails?.tasks === true,
      calendarEvents: body.additionalDetails?.calendarEvents === true,
    };
    return reply.code(201).send({
      opportunities: found
        .slice(begin, begin + body.limit)
        .map((row) => searchRow(ctx, row.opportunity, version, order.cursor(row), extras)),
      total: found.length,
      aggregations: {},
      ...(version === 'v3' && filters.byPipeline ? { stageAggregations: stageAggregations(ctx, found) } : {}),
    });
  });
}
