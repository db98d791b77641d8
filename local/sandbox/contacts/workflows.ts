import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import { isoTime } from '../state/time.ts';
import { contactOf } from './store.ts';
import { SUCCEEDED } from './views.ts';

interface Enrolment {
  Params: { contactId: string; workflowId: string };
}

const body = z.strictObject({
  eventStartTime: z
    .string()
    .refine((text) => isoTime(text) !== null, {
      error: 'eventStartTime must be a valid ISO 8601 date string',
    })
    .optional(),
});

/**
 * POST and DELETE /contacts/{contactId}/workflow/{workflowId} [spec: contacts]. That an unknown workflow is refused,
 * that a draft takes contacts, and that taking out who is not in is no error, is [assumed].
 */
export function registerContactWorkflows(app: FastifyInstance, ctx: SandboxContext): void {
  const path = '/contacts/:contactId/workflow/:workflowId';
  const { enrolments, workflows } = ctx.state;

  function idOf(contactId: string, workflowId: string, locationId: string): string {
    if (workflows.get(workflowId)?.locationId !== locationId) {
      fail(400, `Workflow not found for id:${workflowId}`);
    }
    return `${contactId}/${workflowId}`;
  }

  app.post<Enrolment>(path, async ({ caller, params, body: sent }) => {
    const { id: contactId, locationId } = contactOf(ctx, caller, params.contactId);
    const { eventStartTime = null } = check(body, sent);
    const id = idOf(contactId, params.workflowId, locationId);
    const { workflowId } = params;
    enrolments.set(id, { id, locationId, contactId, workflowId, eventStartTime, dateAdded: ctx.nowIso() });
    return SUCCEEDED;
  });

  app.delete<Enrolment>(path, async ({ caller, params, body: sent }) => {
    const { id: contactId, locationId } = contactOf(ctx, caller, params.contactId);
    check(body, sent);
    enrolments.delete(idOf(contactId, params.workflowId, locationId));
    return SUCCEEDED;
  });
}
