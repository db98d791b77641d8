import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { fail } from '../server/errors.ts';
import { check } from '../server/validate.ts';
import type { SandboxContext } from '../state/context.ts';
import { retryRules } from '../webhooks/policy.ts';
import { demandLoopback } from './loopback.ts';

const count = z.number().int().min(0).optional();
const settings = z.strictObject({
  url: z.url().nullable().optional(),
  drop: count,
  repeat: count,
  reorder: count,
  forge: count,
  unsigned: count,
  foreign: count,
  delayMs: count,
  paused: z.boolean().optional(),
  policy: z.enum(['any-failure', 'only-429']).optional(),
});
const resend = z.strictObject({ webhookId: z.string() });

/**
 * The sandbox's own handles on its webhooks; nothing of HighLevel's, so no token is asked for,
 * but the caller must be on this machine.
 *
 * GET `/_sandbox/webhooks` shows url, public key, faults and the log of deliveries; POST sets the URL, the faults,
 * the pause and the retry policy; DELETE empties the log; POST `/_sandbox/webhooks/resend` sends one again.
 */
export function registerWebhookControl(app: FastifyInstance, ctx: SandboxContext): void {
  app.register(async (inner) => {
    inner.addHook('onRequest', async (request) => demandLoopback(request));
    const open = { config: { open: true } };
    const shown = () => ({
      url: ctx.settings.webhookUrl,
      publicKeyPem: ctx.webhooks.publicKeyPem,
      paused: ctx.webhooks.isPaused(),
      faults: ctx.webhooks.faults(),
    });

    inner.get('/_sandbox/webhooks', open, async () => ({ ...shown(), deliveries: ctx.webhooks.log() }));

    inner.post('/_sandbox/webhooks', open, async (request) => {
      const { url, paused, policy, ...faults } = check(settings, request.body);
      if (url !== undefined) ctx.settings.webhookUrl = url;
      if (paused === true) ctx.webhooks.pause();
      if (paused === false) ctx.webhooks.resume();
      if (policy !== undefined) ctx.webhooks.setRetry(retryRules(policy));
      ctx.webhooks.fault(faults);
      return shown();
    });

    inner.delete('/_sandbox/webhooks', open, async () => {
      ctx.webhooks.clearLog();
      return shown();
    });

    inner.post('/_sandbox/webhooks/resend', open, async (request) => {
      const { webhookId } = check(resend, request.body);
      if (!ctx.webhooks.resend(webhookId)) fail(404, `No webhook ${webhookId} was sent.`);
      return { resent: webhookId };
    });
  });
}
