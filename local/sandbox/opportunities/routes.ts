import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { type Caller, ownLocation } from '../server/guard.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import type { Opportunity } from '../state/records.ts';
import {
  readCloseDate,
  readCreate,
  readFollowers,
  readStatus,
  readUpdate,
  readUpsert,
  type Upserted,
  type WrittenOpportunity,
} from './bodies.ts';
import { readCustomFields } from './custom-fields.ts';
import {
  changeOpportunity,
  createOpportunity,
  deleteOpportunity,
  existingIn,
  mergeCustomFields,
  type OpportunityPatch,
} from './store.ts';
import { record } from './views.ts';

interface ById {
  Params: { id: string };
}

/**
 * The opportunity, if the caller may see it. A missing one is 400 as with contacts [assumed], and 404 on PUT, which
 * other people's code handles [measured by others].
 */
function find(ctx: SandboxContext, caller: Caller, id: string, missing = 400): Opportunity {
  const one = ctx.state.opportunities.get(id) ?? fail(missing, `Opportunity with id ${id} not found`);
  ownLocation(ctx, caller, one.locationId);
  return one;
}

function acceptsSource(ctx: SandboxContext): boolean {
  return ctx.settings.acceptSource || ctx.contrary.has('source-accepted');
}

/** Only the keys that were sent: HighLevel updates partially [spec]. */
function patchOf(
  ctx: SandboxContext,
  before: Opportunity | null,
  locationId: string,
  body: WrittenOpportunity,
): OpportunityPatch {
  const patch: OpportunityPatch = {};
  if (body.pipelineId !== undefined) patch.pipelineId = body.pipelineId;
  if (body.name !== undefined) patch.name = body.name;
  if (body.status !== undefined) patch.status = body.status;
  if (body.pipelineStageId != null) patch.pipelineStageId = body.pipelineStageId;
  if (body.monetaryValue !== undefined) patch.monetaryValue = body.monetaryValue ?? 0;
  if (body.assignedTo !== undefined) patch.assignedTo = body.assignedTo || null;
  if (body.source !== undefined) patch.source = body.source || null;
  if (body.lostReasonId !== undefined) patch.lostReasonId = body.lostReasonId || null;
  if (body.forecastProbability !== undefined) patch.forecastProbability = body.forecastProbability;
  if (body.forecastExpectedCloseDate !== undefined) {
    patch.forecastExpectedCloseDate = body.forecastExpectedCloseDate
      ? readCloseDate(body.forecastExpectedCloseDate)
      : null;
  }
  if (body.customFields != null) {
    const written = readCustomFields(ctx, locationId, body.customFields);
    patch.customFields = mergeCustomFields(before?.customFields ?? [], written);
  }
  return patch;
}

function followersAfter(before: string[], body: Upserted): string[] {
  const kept = body.isRemoveAllFollowers === true ? [] : before;
  const named = body.followers ?? [];
  return body.followersActionType === 'remove'
    ? kept.filter((id) => !named.includes(id))
    : [...new Set([...kept, ...named])];
}

/**
 * Which record an upsert means: the one with its id, or, in the older body, the contact's opportunity in the pipeline. The
 * vendor documents neither [assumed].
 */
function upsertTarget(ctx: SandboxContext, caller: Caller, body: Upserted): Opportunity | null {
  if (body.id !== undefined) return find(ctx, caller, body.id);
  if (body.contactId === undefined) return fail(400, 'contactId is required to create an opportunity');
  const id = existingIn(ctx, body.contactId, body.pipelineId);
  return id === null ? null : (ctx.state.opportunities.get(id) ?? null);
}

/** POST, GET, PUT, DELETE, status, upsert and followers of opportunities (highlevel-api.md §3.4 to §3.7). */
export function registerOpportunityRoutes(app: FastifyInstance, ctx: SandboxContext): void {
  // Only with the slash: without it others saw 404 [measured by others].
  app.post('/opportunities/', async (request, reply) => {
    const { caller } = request;
    const body = readCreate(caller.version, request.body, acceptsSource(ctx));
    ownLocation(ctx, caller, body.locationId);
    const { locationId, name, pipelineId, contactId } = body;
    const patch = patchOf(ctx, null, locationId, body);
    const one = createOpportunity(ctx, { ...patch, locationId, name, pipelineId, contactId });
    return reply.code(201).send({ opportunity: record(ctx, one, caller.version) });
  });

  app.get<ById>('/opportunities/:id', async ({ caller, params }) => ({
    opportunity: record(ctx, find(ctx, caller, params.id), caller.version),
  }));

  app.put<ById>('/opportunities/:id', async (request) => {
    const { caller } = request;
    const before = find(ctx, caller, request.params.id, 404);
    const body = readUpdate(caller.version, request.body, acceptsSource(ctx));
    const after = changeOpportunity(ctx, before, patchOf(ctx, before, before.locationId, body));
    return { opportunity: record(ctx, after, caller.version) };
  });

  app.put<ById>('/opportunities/:id/status', async (request) => {
    const { caller } = request;
    const before = find(ctx, caller, request.params.id, 404);
    changeOpportunity(ctx, before, patchOf(ctx, before, before.locationId, readStatus(request.body)));
    return caller.version === 'v3' ? { succeded: true, success: true } : { succeded: true };
  });

  app.delete<ById>('/opportunities/:id', async ({ caller, params }) => {
    deleteOpportunity(ctx, find(ctx, caller, params.id));
    // v2 was recorded with `success` alone, against its spec; v3 has both [spec].
    return caller.version === 'v3' ? { succeded: true, success: true } : { success: true };
  });

  app.post('/opportunities/upsert', async (request) => {
    const { caller } = request;
    const body = readUpsert(caller.version, request.body);
    ownLocation(ctx, caller, body.locationId);
    const before = upsertTarget(ctx, caller, body);
    const patch = patchOf(ctx, before, body.locationId, body);
    const followers = followersAfter(before?.followers ?? [], body);
    if (before !== null) {
      const after = changeOpportunity(ctx, before, { ...patch, followers });
      return { opportunity: record(ctx, after, caller.version), new: false };
    }
    const { locationId, pipelineId, contactId = '', name = 'New opportunity' } = body;
    const one = createOpportunity(ctx, { ...patch, followers, locationId, pipelineId, contactId, name });
    return { opportunity: record(ctx, one, caller.version), new: true };
  });

  app.post<ById>('/opportunities/:id/followers', async (request, reply) => {
    const before = find(ctx, request.caller, request.params.id);
    const added = readFollowers(request.body).filter((id) => !before.followers.includes(id));
    const { followers } = changeOpportunity(ctx, before, {
      followers: [...before.followers, ...new Set(added)],
    });
    return reply.code(201).send({ followers, followersAdded: [...new Set(added)] });
  });

  app.delete<ById>('/opportunities/:id/followers', async (request) => {
    const query = check(z.strictObject({ isRemoveAllFollowers: z.string().optional() }), request.query);
    const before = find(ctx, request.caller, request.params.id);
    const named = query.isRemoveAllFollowers === 'true' ? before.followers : readFollowers(request.body);
    const followersRemoved = before.followers.filter((id) => named.includes(id));
    const { followers } = changeOpportunity(ctx, before, {
      followers: before.followers.filter((id) => !named.includes(id)),
    });
    return { followers, followersRemoved };
  });
}
