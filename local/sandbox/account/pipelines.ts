import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { unprocessable } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { booleanText, check, numberText, optionalText } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';

function pipelinesOf(ctx: SandboxContext, locationId: string): Record<string, unknown>[] {
  return [...ctx.state.pipelines.values()]
    .filter((one) => one.locationId === locationId)
    .map((one) => ({ ...one }));
}

/** GET /opportunities/pipelines and /opportunities/lost-reason (highlevel-api.md §3.7). */
export function registerPipelineRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.get('/opportunities/pipelines', async (request) => {
    const query = request.query as Record<string, string | undefined>;
    // camelCase in every version; with location_id the location counts as undefined [recorded].
    if (!query.locationId) {
      return unprocessable(["locationId can't be undefined"], { code: 'COMMON_LOCATION_ID_UNDEFINED' });
    }
    const { locationId } = check(z.strictObject({ locationId: z.string() }), query);
    ownLocation(ctx, request.caller, locationId);
    return { pipelines: pipelinesOf(ctx, locationId) };
  });

  app.get('/opportunities/lost-reason', async (request) => {
    const schema = z.strictObject({
      locationId: z.string().min(1),
      name: optionalText,
      deleted: booleanText,
      query: optionalText,
      skip: numberText,
      limit: numberText,
      getCount: booleanText,
    });
    const query = check(schema, request.query);
    ownLocation(ctx, request.caller, query.locationId);
    const allDeleted = ctx.contrary.has('lost-reasons-deleted');
    const part = query.query?.toLowerCase() ?? '';
    const found = [...ctx.state.lostReasons.values()].filter(
      (one) =>
        one.locationId === query.locationId &&
        (one.deleted || allDeleted) === (query.deleted ?? false) &&
        (query.name === undefined || one.name === query.name) &&
        one.name.toLowerCase().includes(part),
    );
    const skip = query.skip ?? 0;
    return {
      lostReasons: found
        .slice(skip, skip + (query.limit ?? 100))
        .map(({ id, name, locationId, createdAt, updatedAt }) => ({
          id,
          name,
          locationId,
          createdAt,
          updatedAt,
        })),
      total: found.length,
    };
  });
}
