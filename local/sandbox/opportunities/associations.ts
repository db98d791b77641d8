import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { ownLocation } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';

/** The key of the one association that the sandbox knows: an opportunity and its contacts [recorded]. */
const KEY = 'OPPORTUNITIES_CONTACTS_ASSOCIATION';

/** Its id: the key itself, as recorded rows show it [recorded]; the contrary answer gives it one of its own. */
export function associationId(ctx: SandboxContext): string {
  return ctx.contrary.has('association-own-id') ? '65f0c0ffee5a4db0c5a11d03' : KEY;
}

/** The association's record, as relations repeat it [spec: associations]. The labels are [assumed]. */
export function associationRecord(ctx: SandboxContext, locationId: string): Record<string, unknown> {
  return {
    id: associationId(ctx),
    locationId,
    key: KEY,
    firstObjectKey: 'opportunity',
    firstObjectLabel: 'Opportunities',
    secondObjectKey: 'contact',
    secondObjectLabel: 'Contacts',
    associationType: 'SYSTEM_DEFINED',
  };
}

const count = z.string().regex(/^\d+$/).transform(Number);
const listQuery = z.strictObject({ locationId: z.string().min(1), skip: count, limit: count });
const locationQuery = z.strictObject({ locationId: z.string().min(1) });
const optionalLocation = z.strictObject({ locationId: z.string().min(1).optional() });

/**
 * Which associations a location has: all, by key, by object, by id [spec: associations]. The specification shows one
 * record where there may be several; a list under `associations` is [assumed], as are the refusals.
 */
export function registerAssociationRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.get('/associations/', async ({ caller, query }) => {
    const { locationId, skip, limit } = check(listQuery, query);
    ownLocation(ctx, caller, locationId);
    const all = [associationRecord(ctx, locationId)];
    return { associations: all.slice(skip, skip + limit), total: all.length };
  });

  app.get<{ Params: { key: string } }>('/associations/key/:key', async ({ caller, params, query }) => {
    const { locationId } = check(locationQuery, query);
    ownLocation(ctx, caller, locationId);
    if (params.key !== KEY) fail(400, `Association not found for key:${params.key}`);
    return associationRecord(ctx, locationId);
  });

  app.get<{ Params: { objectKey: string } }>(
    '/associations/objectKey/:objectKey',
    async ({ caller, params, query }) => {
      const locationId = check(optionalLocation, query).locationId ?? caller.locationId ?? '';
      ownLocation(ctx, caller, locationId);
      const known = ['opportunity', 'contact'].includes(params.objectKey);
      const associations = known ? [associationRecord(ctx, locationId)] : [];
      return { associations, total: associations.length };
    },
  );

  app.get<{ Params: { associationId: string } }>(
    '/associations/:associationId',
    async ({ caller, params }) => {
      if (params.associationId !== associationId(ctx)) {
        fail(400, `Association not found for id:${params.associationId}`);
      }
      return associationRecord(ctx, caller.locationId ?? '');
    },
  );
}
