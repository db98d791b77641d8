import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ownLocation } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';

const listQuery = z.strictObject({ locationId: z.string().min(1) });

/** GET /workflows/: names, status and version of a location's workflows, without paging [spec: workflows]. */
export function registerWorkflowRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  app.get('/workflows/', async ({ caller, query }) => {
    const { locationId } = check(listQuery, query);
    ownLocation(ctx, caller, locationId);
    return { workflows: [...ctx.state.workflows.values()].filter((one) => one.locationId === locationId) };
  });
}
