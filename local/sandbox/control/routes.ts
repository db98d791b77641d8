import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import { contraries } from '../state/contraries.ts';
import type { Controls } from './controls.ts';
import { demandLoopback } from './loopback.ts';

const count = z.number().int().min(0);
const status = z.enum(['open', 'won', 'lost', 'abandoned']);

const faultBody = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  times: count.optional(),
  skip: count.optional(),
  hangMs: count.optional(),
  cut: z.boolean().optional(),
  status: z.number().int().min(200).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  when: z.enum(['before', 'after']).optional(),
});

const contrariesBody = z.strictObject({ names: z.array(z.enum(contraries.map(({ name }) => name))) });

/** A time in ms, or as ISO 8601. */
const time = z.union([z.number(), z.iso.datetime().transform((text) => Date.parse(text))]);
const clockBody = z.union([z.strictObject({ at: time }), z.strictObject({ by: z.number() })]);

const tokenBody = z.strictObject({
  scopes: z.array(z.string()).optional(),
  expiresInSeconds: z.number().optional(),
  userType: z.enum(['Company', 'Location']).optional(),
  locationId: z.string().optional(),
  private: z.boolean().optional(),
});

const rotateBody = z.strictObject({ accessToken: z.string(), oldWorksForSeconds: count.optional() });

const locationBody = z.strictObject({
  active: z.boolean().optional(),
  allowDuplicateOpportunity: z.boolean().optional(),
  allowDuplicateContact: z.boolean().optional(),
});

const settingsBody = z.strictObject({
  searchLagMs: count.optional(),
  graceMs: count.optional(),
  acceptSource: z.boolean().optional(),
  notesAcceptOpportunity: z.boolean().optional(),
  rateLimit: z.strictObject({ max: count, intervalMs: count, daily: count }).optional(),
  webhookUrl: z.url().nullable().optional(),
});

const changeBody = z.strictObject({
  pipelineId: z.string().optional(),
  pipelineStageId: z.string().optional(),
  name: z.string().optional(),
  status: status.optional(),
  lostReasonId: z.string().nullable().optional(),
  monetaryValue: z.number().optional(),
  assignedTo: z.string().nullable().optional(),
  source: z.string().nullable().optional(),
});

const addBody = changeBody.extend({
  locationId: z.string(),
  contactId: z.string(),
  pipelineId: z.string(),
  name: z.string(),
});

const editBody = changeBody.extend({
  contactId: z.string().optional(),
  followers: z.array(z.string()).optional(),
  forecastExpectedCloseDate: z.string().nullable().optional(),
  forecastProbability: z.number().nullable().optional(),
  customFields: z.array(z.strictObject({ id: z.string(), value: z.unknown() })).optional(),
  createdAt: z.iso.datetime().optional(),
  updatedAt: z.iso.datetime().optional(),
  lastStatusChangeAt: z.iso.datetime().optional(),
  lastStageChangeAt: z.iso.datetime().optional(),
});

const noteBody = z.strictObject({
  contactId: z.string(),
  body: z.string().min(1),
  userId: z.string().nullable().optional(),
});

const importBody = z.strictObject({
  count: z.number().int().min(1).max(100_000),
  locationId: z.string().optional(),
  pipelineId: z.string().optional(),
  pipelineStageId: z.string().optional(),
  status: status.optional(),
  monetaryValue: z.number().optional(),
  name: z.string().optional(),
  events: z.boolean().optional(),
});

interface ById {
  Params: { id: string };
}

/** Without the keys that are undefined, so that spreading the rest does not blank a field. */
function given<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** The control plane: `/_sandbox/…`, no token, this machine only; each route is one method of `Controls`. */
export function registerControlRoutes(app: FastifyInstance, ctx: SandboxContext, controls: Controls): void {
  app.register(async (inner) => {
    inner.addHook('onRequest', async (request) => demandLoopback(request));
    const open = { config: { open: true } };
    const root = '/_sandbox';

    inner.get(`${root}/requests`, open, async () => ({ requests: controls.requests() }));
    inner.delete(`${root}/requests`, open, async () => {
      controls.clearRequests();
      return { requests: [] };
    });

    inner.get(`${root}/faults`, open, async () => ({ faults: controls.faults() }));
    inner.post(`${root}/faults`, open, async (request) => {
      controls.fault(check(faultBody, request.body));
      return { faults: controls.faults() };
    });
    inner.delete(`${root}/faults`, open, async () => {
      controls.clearFaults();
      return { faults: [] };
    });

    const shownContraries = () => ({
      contraries: contraries.map((one) => ({ ...one, on: controls.contraries().includes(one.name) })),
    });
    inner.get(`${root}/contraries`, open, async () => shownContraries());
    inner.post(`${root}/contraries`, open, async (request) => {
      controls.setContraries(check(contrariesBody, request.body).names);
      return shownContraries();
    });

    inner.get(`${root}/clock`, open, async () => ({ now: ctx.now(), iso: ctx.nowIso() }));
    inner.post(`${root}/clock`, open, async (request) => {
      const now = controls.moveClock(check(clockBody, request.body));
      return { now, iso: new Date(now).toISOString() };
    });

    inner.post(`${root}/tokens`, open, async (request) => controls.mintToken(check(tokenBody, request.body)));
    inner.post(`${root}/tokens/rotate`, open, async (request) => {
      const { accessToken, oldWorksForSeconds } = check(rotateBody, request.body);
      return controls.rotatePrivateToken(accessToken, oldWorksForSeconds);
    });
    inner.delete<ById>(`${root}/users/:id`, open, async ({ params }) => {
      controls.removeUser(params.id);
      return { removed: params.id };
    });
    inner.post<ById>(`${root}/locations/:id`, open, async (request) =>
      controls.setLocation(request.params.id, check(locationBody, request.body)),
    );
    inner.post<ById>(`${root}/locations/:id/uninstall`, open, async (request) => {
      controls.uninstall(request.params.id);
      return { uninstalled: request.params.id };
    });

    inner.get(`${root}/settings`, open, async () => ({ ...ctx.settings }));
    inner.post(`${root}/settings`, open, async (request) =>
      controls.setSettings(check(settingsBody, request.body)),
    );
    inner.get(`${root}/state`, open, async () => controls.counts());

    inner.get<ById>(`${root}/opportunities/:id`, open, async ({ params }) => controls.opportunity(params.id));
    inner.post(`${root}/opportunities`, open, async (request) =>
      controls.addOpportunity(given(check(addBody, request.body))),
    );
    inner.post<ById>(`${root}/opportunities/:id`, open, async (request) =>
      controls.changeOpportunity(request.params.id, given(check(changeBody, request.body))),
    );
    inner.patch<ById>(`${root}/opportunities/:id`, open, async (request) =>
      controls.editOpportunity(request.params.id, given(check(editBody, request.body))),
    );
    inner.delete<ById>(`${root}/opportunities/:id`, open, async ({ params }) => {
      controls.removeOpportunity(params.id);
      return { removed: params.id };
    });
    inner.post(`${root}/notes`, open, async (request) => {
      const { contactId, body, userId } = check(noteBody, request.body);
      return controls.addNote(contactId, body, userId);
    });
    inner.post(`${root}/import`, open, async (request) => ({
      ids: controls.importOpportunities(check(importBody, request.body)),
    }));
  });
}
