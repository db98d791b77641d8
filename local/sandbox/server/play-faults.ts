import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SandboxContext } from '../state/context.ts';
import type { Fault } from '../state/faults.ts';
import { isControl, pathOf } from './paths.ts';

/** Waits without keeping the process alive: a call that hangs must not outlive its server. */
function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function bodyOf(fault: Fault, status: number): unknown {
  return fault.body ?? { statusCode: status, message: 'Sandbox fault' };
}

/** Plays a fault in place of the call's work; true if the call has its answer. */
async function playBefore(fault: Fault, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  if (fault.hangMs !== undefined) await sleep(fault.hangMs);
  if (fault.cut === true) {
    reply.hijack();
    request.raw.socket.destroy();
    return true;
  }
  if (fault.status === undefined) return false;
  await reply
    .code(fault.status)
    .headers(fault.headers ?? {})
    .send(bodyOf(fault, fault.status));
  return true;
}

/** Plays a fault on the answer of a call that has done its work. */
async function playAfter(
  fault: Fault,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  if (fault.hangMs !== undefined) await sleep(fault.hangMs);
  if (fault.cut === true) {
    request.raw.socket.destroy();
    return payload;
  }
  if (fault.status === undefined) return payload;
  reply.code(fault.status).headers(fault.headers ?? {});
  return JSON.stringify(bodyOf(fault, fault.status));
}

/** Plays the faults that were asked for by control, each before or after the work of the call it matches. */
export function addFaults(app: FastifyInstance, ctx: SandboxContext): void {
  const pending = new WeakMap<FastifyRequest, Fault>();
  app.addHook('preValidation', async (request, reply) => {
    if (isControl(request)) return;
    const fault = ctx.faults.take(request.method, pathOf(request));
    if (fault === null) return;
    if (fault.when === 'after') pending.set(request, fault);
    else if (await playBefore(fault, request, reply)) return reply;
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const fault = pending.get(request);
    if (fault === undefined) return payload;
    pending.delete(request);
    return playAfter(fault, request, reply, payload);
  });
}
