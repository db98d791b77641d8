import type { Call, Reply } from './call.ts';
import { ZapFailure } from './failure.ts';
import type { Host } from './host.ts';

/** How a throttled call is tried again. */
export type ThrottlePolicy = { retries: number; defaultSeconds: number; maxSeconds: number };

/** A hook's perform: 60 s where the error names no delay, 300 s at most, once [docs]. */
export const HOOK_POLICY: ThrottlePolicy = { retries: 1, defaultSeconds: 60, maxSeconds: 300 };

/**
 * An action: tried again after the delay asked for [docs]. How often, and after how long where no delay is
 * named, is not established; the runner tries as often as `throttleRetries` says, with a hook's delays [assumed].
 */
export function actionPolicy(host: Host): ThrottlePolicy {
  return { ...HOOK_POLICY, retries: host.throttleRetries };
}

/**
 * Calls the app and, where it throws a ThrottledError, sleeps as long as that asks and calls again.
 * @throws ZapFailure of the last try.
 */
export async function callWithRetries(host: Host, call: Call, policy: ThrottlePolicy): Promise<Reply> {
  const spent = { requests: 0, ms: 0 };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const reply = await host.call(call);
      return { ...reply, requests: reply.requests + spent.requests, ms: reply.ms + spent.ms };
    } catch (error) {
      if (!(error instanceof ZapFailure)) throw error;
      const { failure, requests, ms } = error;
      spent.requests += requests;
      spent.ms += ms;
      if (failure.kind !== 'throttled' || attempt > policy.retries) throw new ZapFailure(failure, spent);
      const delaySeconds = Math.min(failure.delaySeconds ?? policy.defaultSeconds, policy.maxSeconds);
      host.emit({ type: 'throttled', method: call.method, delaySeconds, attempt, requests, ms });
      await host.sleep(delaySeconds * 1000);
    }
  }
}
