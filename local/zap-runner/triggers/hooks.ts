import type { Call, Reply } from '../app/call.ts';
import { type Fields, isFields } from '../app/definition.ts';
import { type Failure, ZapFailure } from '../app/failure.ts';
import { callWithRetries, HOOK_POLICY } from '../app/throttle.ts';
import { refreshConnection } from '../connection/refresh.ts';
import type { RunContext } from '../zap/context.ts';
import type { Delivery, HookServer } from './hook-server.ts';
import { callTrigger, rowsOf } from './polling.ts';

/** A hook whose perform failed; Zapier does not run it again [docs]. */
export type LostHook = { body: unknown; failure: Failure };

export type Subscription = {
  targetUrl: string;
  /** In the order that they came. */
  lost: LostHook[];
  subscribeData: Fields;
  /** Resolves once all hooks that were answered have been run. */
  idle: () => Promise<void>;
  /** Shuts the URL, then calls performUnsubscribe; what that throws is returned. */
  stop: () => Promise<{ failure?: Failure; requests: number; ms: number }>;
};

/**
 * Subscribes a hook trigger: opens a URL and calls performSubscribe with it as `bundle.targetUrl`; what that
 * returns is `bundle.subscribeData` from then on [docs]. A subscription's `expiration_date` is kept and not
 * acted on: the runner does not resubscribe by itself.
 * @param receive gets the rows of each hook. Hooks are not deduped, and their rows are run as they come [docs].
 * @throws ZapFailure where performSubscribe fails, as the Zap then stays off.
 */
export async function subscribe(
  context: RunContext,
  server: HookServer,
  receive: (rows: Fields[]) => Promise<void>,
): Promise<Subscription & { subscribed: Reply }> {
  let subscribeData: Fields = {};
  const lost: LostHook[] = [];
  const { targetUrl, shut, idle } = openUrl(context, server, async (delivery) => {
    const result = await runHook(context, subscribeData, delivery, targetUrl);
    if ('rows' in result) await receive(result.rows);
    else lost.push(result);
  });
  let subscribed: Reply;
  try {
    subscribed = await callTrigger(context, 'performSubscribe', {}, { targetUrl });
  } catch (error) {
    shut();
    throw error;
  }
  subscribeData = isFields(subscribed.results) ? subscribed.results : {};
  return {
    targetUrl,
    lost,
    subscribeData,
    subscribed,
    idle,
    async stop() {
      shut();
      return unsubscribe(context, subscribeData, targetUrl);
    },
  };
}

/** Opens a URL for what another app sends: each body is a row, or a list of them, and is run as it comes. */
export function catchHooks(
  context: RunContext,
  server: HookServer,
  receive: (rows: Fields[]) => Promise<void>,
): Subscription {
  const { host, zap } = context;
  const { targetUrl, shut, idle } = openUrl(context, server, ({ cleanedRequest }) => {
    const rows = rowsOf([cleanedRequest].flat());
    const head = { type: 'delivery', zap: zap.name, status: 200, body: cleanedRequest } as const;
    host.emit({ ...head, rows: rows.length, requests: 0, ms: 0 });
    return receive(rows);
  });
  return {
    targetUrl,
    lost: [],
    subscribeData: {},
    idle,
    async stop() {
      shut();
      return { requests: 0, ms: 0 };
    },
  };
}

function openUrl(context: RunContext, server: HookServer, take: (delivery: Delivery) => Promise<void>) {
  const { host, zap } = context;
  const running = new Set<Promise<void>>();
  const gone = () => host.emit({ type: 'delivery', zap: zap.name, status: 410, rows: 0, requests: 0, ms: 0 });
  const opened = server.open((delivery) => {
    const run = take(delivery);
    running.add(run);
    // An error of the runner itself stays in the set, and would be unhandled before idle() can tell of it.
    run.then(() => running.delete(run)).catch(() => undefined);
  }, gone);
  const idle = async () => {
    while (running.size > 0) await Promise.all(running);
  };
  return { ...opened, idle };
}

/** A stale token is refreshed here, and yet the call is not made again [issue #664]. */
async function unsubscribe(context: RunContext, subscribeData: Fields, targetUrl: string) {
  const { host, connection } = context;
  const once = async (call: Call) => {
    const used = { version: connection.version, authData: connection.authData };
    try {
      return await host.callOnce(call);
    } catch (error) {
      // The refusal is what is reported; a refresh that fails has its own event.
      if (error instanceof ZapFailure && error.failure.kind === 'refresh_auth')
        await refreshConnection(host, connection, used).catch(() => undefined);
      throw error;
    }
  };
  try {
    const extra = { targetUrl, subscribeData };
    const { requests, ms } = await callTrigger(withCall(context, once), 'performUnsubscribe', {}, extra);
    return { requests, ms };
  } catch (error) {
    // The Zap is off all the same; the hook that is left behind meets the 410.
    if (!(error instanceof ZapFailure)) throw error;
    return { failure: error.failure, requests: error.requests, ms: error.ms };
  }
}

async function runHook(
  context: RunContext,
  subscribeData: Fields,
  delivery: Delivery,
  targetUrl: string,
): Promise<{ rows: Fields[] } | LostHook> {
  const { host, zap } = context;
  const head = { type: 'delivery', zap: zap.name, status: 200, body: delivery.cleanedRequest } as const;
  try {
    const patient = withCall(context, (call) => callWithRetries(host, call, HOOK_POLICY));
    const reply = await callTrigger(patient, 'perform', {}, { ...delivery, subscribeData, targetUrl });
    const rows = rowsOf(reply.results);
    host.emit({ ...head, rows: rows.length, requests: reply.requests, ms: reply.ms });
    return { rows };
  } catch (error) {
    if (!(error instanceof ZapFailure)) throw error;
    const { failure, requests, ms } = error;
    host.emit({ ...head, rows: 0, failure, requests, ms });
    return { body: head.body, failure };
  }
}

function withCall(context: RunContext, call: (call: Call) => Promise<Reply>): RunContext {
  return { ...context, host: { ...context.host, call } };
}
